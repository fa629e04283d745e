"""The `access_change` table, and what a change does to a client or account that is there already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from hub.access.holders import HolderKind
from hub.access.proposals import SetAccount, SetClient, Standing

#: one change of access at a time, so that two approvals never race
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('baogong access'))"

_INSERT_CHANGE = """
INSERT INTO access_change (id, change_kind_code, subject_kind_code, subject_code, content, state_code,
    proposed_by, proposed_at, reason, decided_by, decided_at, decision_reason)
SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL FROM access_change
RETURNING id
"""
_FETCH_CHANGE = """
SELECT c.*, s.secret_hash FROM access_change c LEFT JOIN access_change_secret s ON s.change_id = c.id WHERE c.id = $1
"""
_DECIDE = """
UPDATE access_change SET state_code = $2, decided_by = $3, decided_at = $4, decision_reason = $5
WHERE id = $1 AND state_code = 'pending'
"""
_LIST_CHANGES = "SELECT * FROM access_change WHERE state_code = $1 OR $1 IS NULL ORDER BY id DESC LIMIT $2"
_INSERT_SECRET = "INSERT INTO access_change_secret (change_id, secret_hash) VALUES ($1, $2)"  # noqa: S105
_FORGET_SECRET = "DELETE FROM access_change_secret WHERE change_id = $1"  # noqa: S105

_TABLES = {HolderKind.CLIENT: ("oauth_client", "client_id"), HolderKind.ACCOUNT: ("account", "user_name")}

_OFFICER = "security_officer"
#: whether there ever was one, even if none is left: changes are never undone
_WAS_INSTALLED = """
SELECT EXISTS (SELECT FROM access_change WHERE change_kind_code IN ('account_add', 'account_set')
    AND state_code IN ('approved', 'at_once') AND content::jsonb -> 'standing' -> 'roles' ? $1)
"""
_OTHERS = """
SELECT EXISTS (SELECT FROM account WHERE disabled_at IS NULL AND $1 = ANY(roles) AND user_name <> $2)
"""


async def lock(connection: asyncpg.Connection) -> None:
    """Wait for our turn; it ends with the transaction."""
    await connection.execute(_LOCK)


async def is_installed(connection: asyncpg.Connection) -> bool:
    """Whether there ever was a security officer, to approve changes."""
    return bool(await connection.fetchval(_WAS_INSTALLED, _OFFICER))


async def is_last_officer(connection: asyncpg.Connection, user_name: str) -> bool:
    """Whether without this person nobody would be left who can approve."""
    row = await connection.fetchrow("SELECT roles FROM account WHERE user_name = $1", user_name)
    if row is None or _OFFICER not in row["roles"]:
        return False
    return not await connection.fetchval(_OTHERS, _OFFICER, user_name)


async def insert_change(
    connection: asyncpg.Connection,
    kind: str,
    subject: tuple[str, str],
    content: str,
    state: str,
    by: tuple[str, datetime, str],
) -> int:
    """Keep a change: `subject` is of what kind and who it is about, `by` is who proposes it, when, and why."""
    number: int = await connection.fetchval(_INSERT_CHANGE, kind, *subject, content, state, *by)
    return number


async def keep_secret(connection: asyncpg.Connection, number: int, secret_hash: str) -> None:
    """Keep the hash of a proposed holder's secret until the change is decided."""
    await connection.execute(_INSERT_SECRET, number, secret_hash)


async def fetch_change(connection: asyncpg.Connection, number: int) -> asyncpg.Record | None:
    """A change with the hash that goes with it."""
    return await connection.fetchrow(_FETCH_CHANGE, number)


async def decide(
    connection: asyncpg.Connection, number: int, state: str, by: str, at: datetime, reason: str
) -> None:
    """Write down what became of a pending change; its secret is needed no longer."""
    await connection.execute(_DECIDE, number, state, by, at, reason)
    await connection.execute(_FORGET_SECRET, number)


async def list_changes(connection: asyncpg.Connection, state: str | None, limit: int) -> list[dict[str, Any]]:
    """Changes, newest first; of one state, or all."""
    return [dict(row) for row in await connection.fetch(_LIST_CHANGES, state, limit)]


async def holder_exists(connection: asyncpg.Connection, kind: HolderKind, code: str) -> bool:
    """Whether there is such a client or account, disabled or not."""
    table, key = _TABLES[kind]
    return bool(await connection.fetchval(f"SELECT true FROM {table} WHERE {key} = $1", code))


async def set_standing(connection: asyncpg.Connection, what: SetClient | SetAccount) -> None:
    """Another standing from now on."""
    table, key = _TABLES[what.holder_kind]
    await connection.execute(
        f"UPDATE {table} SET scopes = $2, roles = $3, region_code = $4, owners = $5 WHERE {key} = $1",
        what.holder,
        *_standing(what.standing),
    )


async def disable(connection: asyncpg.Connection, kind: HolderKind, code: str, now: datetime) -> bool:
    """From now on no token; False where there is none of this name, or it is disabled already."""
    table, key = _TABLES[kind]
    done = await connection.fetchval(
        f"UPDATE {table} SET disabled_at = $2 WHERE {key} = $1 AND disabled_at IS NULL RETURNING true",
        code,
        now,
    )
    return bool(done)


def _standing(standing: Standing) -> Sequence[Any]:
    """Scopes, roles, division and codes, as they are kept."""
    reach = standing.reach
    return (
        sorted(standing.scopes),
        sorted(standing.roles),
        reach.region_code,
        reach.owner_texts,
    )
