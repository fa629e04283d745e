"""SQL of changes of access and of grants, and of the clients and accounts that they change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from hub.access.proposals import AddAccount, AddClient, AddGrant, HolderKind, SetAccount, SetClient, Standing

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

_INSERT_CLIENT = """
INSERT INTO oauth_client
    (client_id, name, secret_hash, scopes, roles, region_code, owners, created_at, sender_code)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_INSERT_ACCOUNT = """
INSERT INTO account (user_name, display_name, organization_name, password_hash, password_is_initial,
    password_changed_at, recovery_hashes, scopes, roles, region_code, owners, oidc_subject, created_at)
VALUES ($1, $2, $3, $4, true, $9, '{}', $5, $6, $7, $8, $10, $9)
"""
_TABLES = {HolderKind.CLIENT: ("oauth_client", "client_id"), HolderKind.ACCOUNT: ("account", "user_name")}

_INSERT_GRANT = """
INSERT INTO access_grant (id, change_id, holder_kind_code, holder_code, scopes, region_code, owners,
    purpose, approval_document, granted_at, expires_at, revoked_at)
SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL FROM access_grant
RETURNING id
"""
_REVOKE_GRANT = """
UPDATE access_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING holder_kind_code, holder_code
"""
_LIST_GRANTS = """
SELECT * FROM access_grant WHERE $1 OR (revoked_at IS NULL AND expires_at > $2) ORDER BY id DESC LIMIT $3
"""
_COUNT_OFFICERS = """
SELECT count(*) FROM account WHERE disabled_at IS NULL AND 'security_officer' = ANY(roles)
"""


async def lock(connection: asyncpg.Connection) -> None:
    """Wait for our turn; it ends with the transaction."""
    await connection.execute(_LOCK)


async def has_security_officer(connection: asyncpg.Connection) -> bool:
    """Whether somebody is there to approve."""
    return bool(await connection.fetchval(_COUNT_OFFICERS))


async def insert_change(
    connection: asyncpg.Connection,
    kind: str,
    holder: tuple[HolderKind, str],
    content: str,
    state: str,
    by: tuple[str, datetime, str],
) -> int:
    """Keep a change: `by` is who proposes it, when, and why."""
    number: int = await connection.fetchval(_INSERT_CHANGE, kind, *holder, content, state, *by)
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


async def insert_client(
    connection: asyncpg.Connection, what: AddClient, secret_hash: str, now: datetime
) -> None:
    """A new client."""
    await connection.execute(
        _INSERT_CLIENT, what.holder, what.name, secret_hash, *_standing(what.standing), now, what.sender
    )


async def insert_account(
    connection: asyncpg.Connection, what: AddAccount, secret_hash: str | None, now: datetime
) -> None:
    """A new person; the password is to be changed at the first sign-in."""
    await connection.execute(
        _INSERT_ACCOUNT,
        what.holder,
        what.display_name,
        what.organization_name,
        secret_hash,
        *_standing(what.standing),
        now,
        what.oidc_subject,
    )


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


async def insert_grant(connection: asyncpg.Connection, change: int, what: AddGrant, now: datetime) -> int:
    """A new grant."""
    reach = what.reach
    number: int = await connection.fetchval(
        _INSERT_GRANT,
        change,
        what.holder_kind,
        what.holder,
        " ".join(sorted(what.scopes)),
        reach.region_code,
        None if reach.owners is None else " ".join(sorted(map(str, reach.owners))),
        what.purpose,
        what.approval_document,
        now,
        what.expires_at,
    )
    return number


async def revoke_grant(
    connection: asyncpg.Connection, number: int, now: datetime
) -> tuple[HolderKind, str] | None:
    """End a grant; whose it was. None where there is none of this number that still stood."""
    row = await connection.fetchrow(_REVOKE_GRANT, number, now)
    return None if row is None else (HolderKind(row["holder_kind_code"]), row["holder_code"])


async def list_grants(
    connection: asyncpg.Connection, now: datetime, limit: int, *, all_of_them: bool
) -> list[dict[str, Any]]:
    """Grants that stand, newest first; or all."""
    return [dict(row) for row in await connection.fetch(_LIST_GRANTS, all_of_them, now, limit)]


def _standing(standing: Standing) -> Sequence[Any]:
    """Scopes, roles, division and codes, as they are kept."""
    reach = standing.reach
    return (
        sorted(standing.scopes),
        sorted(standing.roles),
        reach.region_code,
        None if reach.owners is None else sorted(map(str, reach.owners)),
    )
