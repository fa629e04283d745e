"""Takes old records out, whole segments before a signed checkpoint, which stays and proves that the chain goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from hub.audit import prune_store
from hub.audit.checkpoint import Checkpoint
from hub.audit.signature import PublicKey
from hub.audit.store import chain_ids, checkpoints_of
from hub.audit.verify import KEPT_DAYS
from hub.errors import RefusedAuditActError
from schema.declare import Label


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was taken out."""

    chains: int
    segments: int


async def prune(
    connection: asyncpg.Connection, before: datetime, now: datetime, keys: Mapping[str, PublicKey]
) -> Pruned:
    """In one transaction, by the tables' owner. Raises RefusedAuditActError: too young, or not the owner."""
    if now - before < timedelta(days=KEPT_DAYS):
        raise RefusedAuditActError(
            "audit.too_young",
            Label(f"审计记录至少保存 {KEPT_DAYS} 天。", f"the audit is kept for {KEPT_DAYS} days at least"),
        )
    chains = segments = 0
    try:
        async with connection.transaction():
            await prune_store.unlock(connection)
            for chain_id in await chain_ids(connection):
                end = _end(await checkpoints_of(connection, chain_id), before, keys)
                if end is not None:
                    taken = await prune_store.take_out(connection, chain_id, end.number)
                    chains, segments = chains + bool(taken), segments + taken
            await prune_store.lock(connection)
    except asyncpg.InsufficientPrivilegeError as error:
        raise RefusedAuditActError(
            "audit.not_owner",
            Label("只有审计表的所有者可以清除。", "only the owner of the audit's tables may prune"),
        ) from error
    return Pruned(chains, segments)


def _end(checkpoints: list[Checkpoint], before: datetime, keys: Mapping[str, PublicKey]) -> Checkpoint | None:
    """The last checkpoint that is old enough, if it is the hub's."""
    old = [each for each in checkpoints if each.made_at < before and each.is_signed(keys)]
    return old[-1] if old else None
