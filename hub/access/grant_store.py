"""The `access_grant` table: every SQL statement about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hub.access.entitlement import Grant
from hub.access.holders import HolderKind
from schema.reach import Reach, owners_of

if TYPE_CHECKING:
    import asyncpg

    from hub.access.proposals import AddGrant

_STANDING = "SELECT * FROM access_grant WHERE holder_kind_code = $1 AND revoked_at IS NULL"
_OF_HOLDER = f"{_STANDING} AND holder_code = $2 ORDER BY id"
_OF_KIND = f"{_STANDING} ORDER BY id"
_INSERT = """
INSERT INTO access_grant (id, change_id, holder_kind_code, holder_code, scopes, region_code, owners,
    purpose, approval_document, granted_at, expires_at, revoked_at)
SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL FROM access_grant
RETURNING id
"""
_REVOKE = """
UPDATE access_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING holder_kind_code, holder_code
"""
_LIST = """
SELECT * FROM access_grant WHERE $1 OR (revoked_at IS NULL AND expires_at > $2) ORDER BY id DESC LIMIT $3
"""


async def insert_grant(connection: "asyncpg.Connection", change: int, what: "AddGrant", now: datetime) -> int:
    """A new grant."""
    reach = what.reach
    number: int = await connection.fetchval(
        _INSERT,
        change,
        what.holder_kind,
        what.holder,
        " ".join(sorted(what.scopes)),
        reach.region_code,
        " ".join(reach.owner_texts) if reach.owner_texts else None,
        what.purpose,
        what.approval_document,
        now,
        what.expires_at,
    )
    return number


async def revoke_grant(
    connection: "asyncpg.Connection", number: int, now: datetime
) -> tuple[HolderKind, str] | None:
    """End a grant; whose it was. None where there is none of this number that still stood."""
    row = await connection.fetchrow(_REVOKE, number, now)
    return None if row is None else (HolderKind(row["holder_kind_code"]), row["holder_code"])


async def list_grants(
    connection: "asyncpg.Connection", now: datetime, limit: int, *, all_of_them: bool
) -> list[dict[str, Any]]:
    """Grants that stand, newest first; or all."""
    return [dict(row) for row in await connection.fetch(_LIST, all_of_them, now, limit)]


async def grants_of(connection: "asyncpg.Connection", kind: HolderKind, code: str) -> tuple[Grant, ...]:
    """The grants of one holder that have not been taken back."""
    return tuple(map(_grant, await connection.fetch(_OF_HOLDER, kind, code)))


async def grants_by_holder(
    connection: "asyncpg.Connection", kind: HolderKind
) -> Mapping[str, tuple[Grant, ...]]:
    """The grants of all holders of a kind, by holder."""
    found: dict[str, tuple[Grant, ...]] = {}
    for row in await connection.fetch(_OF_KIND, kind):
        found[row["holder_code"]] = (*found.get(row["holder_code"], ()), _grant(row))
    return found


def _grant(row: Any) -> Grant:
    owners = None if row["owners"] is None else owners_of(row["owners"].split())
    reach = Reach(row["region_code"], owners)
    return Grant(
        id=row["id"],
        scopes=frozenset(row["scopes"].split()),
        reach=reach if reach.region_code or owners is not None else None,
        purpose=row["purpose"],
        approval_document=row["approval_document"],
        expires_at=row["expires_at"],
    )
