"""People judge what an item is, and withdraw judgements; either takes effect at once, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from hub.clock import Clock
from hub.errors import JudgementError
from hub.ingest import batch_store, identity_store, judgement_store
from hub.ingest.judgement_store import Ruling
from hub.ingest.matching import match_one
from hub.ingest.recorded import recorded_at, tell_changes
from schema.declare import Label
from schema.entities import MATCHED
from schema.entities.matched import Matched

#: what people call the kinds of items: their tables' names
KINDS: dict[str, type[Matched]] = {str(entity.__tablename__): entity for entity in MATCHED}


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, as the organisation names its people, and why."""

    name: str
    reason: str


class Judging:
    """Judgements and withdrawals over one connection."""

    def __init__(self, connection: asyncpg.Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def judge(
        self, entity: type[Matched], item: Sequence[str], approval_number: str | None, person: Person
    ) -> int:
        """Say that an item, named by its values of `judged_by`, is this medicine, or (None) none; gives the number.

        Raises JudgementError: no such item or medicine, or a judgement about the item stands.
        """
        await batch_store.lock_ingest(self._connection)
        try:
            async with self._connection.transaction():
                key = await self._key_of(entity, item)
                product_id = await self._product(approval_number)
                ruling = await self._ruling(person)
                number = await judgement_store.insert_judgement(
                    self._connection, entity, key, product_id, ruling
                )
                await match_one(self._connection, entity, key, ruling.decided_at)
                await tell_changes(self._connection)
        finally:
            await batch_store.unlock_ingest(self._connection)
        return number

    async def withdraw(self, number: int, person: Person) -> None:
        """Let a judgement stand no longer: what is believed is as if it had never been made. JudgementError."""
        await batch_store.lock_ingest(self._connection)
        try:
            async with self._connection.transaction():
                kind, key = await self._standing(number)
                ruling = await self._ruling(person)
                await judgement_store.insert_withdrawal(self._connection, number, ruling)
                await match_one(self._connection, KINDS[kind], key, ruling.decided_at)
                await tell_changes(self._connection)
        finally:
            await batch_store.unlock_ingest(self._connection)

    async def _ruling(self, person: Person) -> Ruling:
        return Ruling(person.name, person.reason, await recorded_at(self._connection, self._clock))

    async def _key_of(self, entity: type[Matched], item: Sequence[str]) -> str:
        if len(item) != len(entity.judged_by):
            named = "、".join(entity.judged_by)
            raise JudgementError(
                "judgement.item_values",
                Label(
                    f"{entity.__tablename__} 须依次写明 {len(entity.judged_by)} 项：{named}。",
                    f"name it by {named}",
                ),
            )
        key = await identity_store.key_of(self._connection, entity, item)
        if key is None:
            raise JudgementError(
                "judgement.no_item",
                Label(f"没有这个对象：{' / '.join(item)}。", "there is no such item"),
            )
        number = await judgement_store.standing_number(self._connection, entity, key)
        if number is not None:
            raise JudgementError(
                "judgement.stands",
                Label(f"已有判定 {number}，请先撤回。", f"judgement {number} stands: withdraw it first"),
            )
        return key

    async def _product(self, approval_number: str | None) -> int | None:
        if approval_number is None:
            return None
        found = await judgement_store.find_product(self._connection, approval_number)
        if found is None:
            raise JudgementError(
                "judgement.no_product",
                Label(
                    f"批准文号 {approval_number} 未见于注册数据。", "no registered medicine has this number"
                ),
            )
        return found

    async def _standing(self, number: int) -> tuple[str, str]:
        found = await judgement_store.judged_item(self._connection, number)
        if found is None:
            raise JudgementError("judgement.unknown", Label(f"没有判定 {number}。", "no such judgement"))
        kind, key, stands = found
        if not stands:
            raise JudgementError("judgement.withdrawn", Label(f"判定 {number} 已撤回。", "withdrawn already"))
        return kind, key
