"""The tables of what is revoked and of what was shown once: every SQL statement about them."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hub.access.revocations import Revocations, Revoked
from hub.access.tokens import LEEWAY_SECONDS, LONGEST_LIFE

if TYPE_CHECKING:
    import asyncpg

#: triggers on `oauth_client` and `access_revocation` notify it
_CHANNEL = "access"
#: what a statement may take that the tokens of everybody wait for
_SECONDS = 3.0
_KEPT = LONGEST_LIFE + timedelta(minutes=5, seconds=LEEWAY_SECONDS)

_REVOKE = "INSERT INTO access_revocation (kind_code, name, revoked_at, kept_until) VALUES ($1, $2, $3, $4)"
_REVOKED = """
SELECT kind_code, name, max(revoked_at) AS revoked_at FROM access_revocation WHERE kept_until > $1 GROUP BY 1, 2
"""
_DISABLED = "SELECT client_id FROM oauth_client WHERE disabled_at IS NOT NULL"
_SHOW = """
INSERT INTO access_once (digest, kept_until) VALUES ($1, $2)
ON CONFLICT (digest) DO UPDATE SET kept_until = excluded.kept_until WHERE access_once.kept_until < $3
RETURNING digest
"""


async def revoke(connection: "asyncpg.Connection", what: Revoked, name: str, now: datetime) -> None:
    """Make tokens worthless, within two seconds everywhere and on open connections too.

    `name` is the token's `jti`, or the id of the client, person or grant whose tokens are meant, those that were issued
    until `now`; a name that another issuer gave ends in `@` and its short name.
    """
    await connection.execute(_REVOKE, what.value, name, now, now + _KEPT)


async def fetch_revocations(connection: "asyncpg.Connection", now: datetime) -> Revocations:
    """All that still matters."""
    rows = await connection.fetch(_REVOKED, now, timeout=_SECONDS)
    disabled = await connection.fetch(_DISABLED, timeout=_SECONDS)
    return Revocations(
        {(Revoked(row["kind_code"]), row["name"]): row["revoked_at"] for row in rows},
        frozenset(row["client_id"] for row in disabled),
    )


async def show_once(
    connection: "asyncpg.Connection", whose: str, one_time_id: str, now: datetime, kept_until: datetime
) -> bool:
    """Whether this is shown for the first time, by all processes. It is remembered until it has expired."""
    digest = hashlib.sha256(f"{whose}\0{one_time_id}".encode()).digest()
    return await connection.fetchval(_SHOW, digest, kept_until, now, timeout=_SECONDS) is not None


async def forget_the_past(connection: "asyncpg.Connection", now: datetime) -> None:
    """Delete what matters no longer."""
    await connection.execute("DELETE FROM access_once WHERE kept_until < $1", now, timeout=_SECONDS)
    await connection.execute("DELETE FROM access_revocation WHERE kept_until < $1", now, timeout=_SECONDS)


async def hear_of_access(connection: "asyncpg.Connection", heard: Callable[..., None]) -> None:
    """Have `heard` called whenever a client or a revocation was written."""
    await connection.add_listener(_CHANNEL, heard)


async def hear_no_more(connection: "asyncpg.Connection", heard: Callable[..., None]) -> None:
    """Undo `hear_of_access`."""
    await connection.remove_listener(_CHANNEL, heard)
