"""The tables `person_authorization` and `refresh_token`: codes, and the families of tokens that come of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a person let an application do; a row of `person_authorization`."""

    authorization_id: str
    user_name: str
    client_id: str
    redirect_uri: str
    scopes: frozenset[str]
    code_challenge: str = field(repr=False)
    #: the browser's session; None: signed in at the OpenID provider
    session_hash: bytes | None = field(repr=False)
    #: UTC
    issued_at: datetime
    #: when the family ends
    expires_at: datetime


#: rows are kept for so long after their end: a replay is still told as one
KEPT = timedelta(days=7)

_COLUMNS = (
    "authorization_id, user_name, client_id, redirect_uri, scopes, code_challenge, session_hash, issued_at,"
    " expires_at"
)
_INSERT = f"""
INSERT INTO person_authorization ({_COLUMNS}, code_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_TAKE_CODE = f"""
UPDATE person_authorization SET code_used_at = $2
WHERE code_hash = $1 AND code_used_at IS NULL AND revoked_at IS NULL AND issued_at > $3
RETURNING {_COLUMNS}
"""
_USED_CODE = f"SELECT {_COLUMNS} FROM person_authorization WHERE code_hash = $1 AND code_used_at IS NOT NULL"
_FAMILY = ", ".join(f"family.{name}" for name in _COLUMNS.split(", "))
_TAKE_REFRESH = f"""
UPDATE refresh_token AS token SET used_at = $2
FROM person_authorization AS family
WHERE token.token_hash = $1 AND token.used_at IS NULL AND token.issued_at > $3
  AND (token.proof_key IS NULL OR token.proof_key = $5)
  AND family.authorization_id = token.authorization_id AND family.client_id = $4
  AND family.revoked_at IS NULL AND family.expires_at > $2
RETURNING {_FAMILY}
"""
_USED_REFRESH = f"""
SELECT {_FAMILY} FROM refresh_token AS token JOIN person_authorization AS family USING (authorization_id)
WHERE token.token_hash = $1 AND token.used_at IS NOT NULL
"""
_FAMILY_OF_REFRESH = f"""
SELECT {_FAMILY} FROM refresh_token AS token JOIN person_authorization AS family USING (authorization_id)
WHERE token.token_hash = $1
"""
# The lock and the condition: a family that is being revoked gets no further token.
_INSERT_REFRESH = """
INSERT INTO refresh_token (token_hash, authorization_id, access_token_id, access_expires_at, issued_at, proof_key)
SELECT $1, authorization_id, $3, $4, $5, $6 FROM person_authorization
WHERE authorization_id = $2 AND revoked_at IS NULL FOR SHARE
RETURNING authorization_id
"""
_REVOKE = """
UPDATE person_authorization SET revoked_at = $2, revoked_reason = $3
WHERE authorization_id = $1 AND revoked_at IS NULL
"""
_LIVE_ACCESS = """
SELECT access_token_id FROM refresh_token WHERE authorization_id = $1 AND access_expires_at > $2
"""
_LIVE_FAMILIES = """
SELECT authorization_id FROM person_authorization WHERE user_name = $1 AND revoked_at IS NULL AND expires_at > $2
"""
_PURGE = (
    """
DELETE FROM refresh_token USING person_authorization AS family
WHERE family.authorization_id = refresh_token.authorization_id AND family.expires_at < $1
""",
    "DELETE FROM person_authorization WHERE expires_at < $1",
)


async def insert_authorization(
    connection: asyncpg.Connection, authorization: Authorization, code_hash: bytes
) -> None:
    """A code was issued."""
    await connection.execute(
        _INSERT,
        authorization.authorization_id,
        authorization.user_name,
        authorization.client_id,
        authorization.redirect_uri,
        sorted(authorization.scopes),
        authorization.code_challenge,
        authorization.session_hash,
        authorization.issued_at,
        authorization.expires_at,
        code_hash,
    )


async def take_code(
    connection: asyncpg.Connection, code_hash: bytes, now: datetime, lifetime: timedelta
) -> Authorization | None:
    """Use up a code; None where it is unknown, over or used already."""
    return _row(await connection.fetchrow(_TAKE_CODE, code_hash, now, now - lifetime))


async def used_code(connection: asyncpg.Connection, code_hash: bytes) -> Authorization | None:
    """What this code was used for before."""
    return _row(await connection.fetchrow(_USED_CODE, code_hash))


async def take_refresh(
    connection: asyncpg.Connection,
    token_hash: bytes,
    client_id: str,
    now: datetime,
    idle: timedelta,
    proof_key: str | None,
) -> Authorization | None:
    """Use up a refresh token of this client; None where it is unknown, another's, over, used, or its key is another."""
    return _row(await connection.fetchrow(_TAKE_REFRESH, token_hash, now, now - idle, client_id, proof_key))


async def used_refresh(connection: asyncpg.Connection, token_hash: bytes) -> Authorization | None:
    """The family of a refresh token that was used before."""
    return _row(await connection.fetchrow(_USED_REFRESH, token_hash))


async def family_of(connection: asyncpg.Connection, token_hash: bytes) -> Authorization | None:
    """The family of a refresh token, used or not."""
    return _row(await connection.fetchrow(_FAMILY_OF_REFRESH, token_hash))


async def insert_refresh(
    connection: asyncpg.Connection,
    token_hash: bytes,
    authorization_id: str,
    access_token_id: str,
    access_expires_at: datetime,
    now: datetime,
    proof_key: str | None,
) -> bool:
    """Add a refresh token to its family; False where that is revoked."""
    return (
        await connection.fetchval(
            _INSERT_REFRESH,
            token_hash,
            authorization_id,
            access_token_id,
            access_expires_at,
            now,
            proof_key,
        )
        is not None
    )


async def revoke_family(
    connection: asyncpg.Connection, authorization_id: str, now: datetime, reason: str
) -> list[str]:
    """End a family; the ids of its access tokens that are still good."""
    await connection.execute(_REVOKE, authorization_id, now, reason)
    return [row[0] for row in await connection.fetch(_LIVE_ACCESS, authorization_id, now)]


async def live_families(connection: asyncpg.Connection, user_name: str, now: datetime) -> list[str]:
    """The families of a person that have not ended."""
    return [row[0] for row in await connection.fetch(_LIVE_FAMILIES, user_name, now)]


async def purge_authorizations(connection: asyncpg.Connection, now: datetime) -> None:
    """Drop what ended long ago."""
    for statement in _PURGE:
        await connection.execute(statement, now - KEPT)


def _row(row: asyncpg.Record | None) -> Authorization | None:
    return None if row is None else Authorization(**{**row, "scopes": frozenset(row["scopes"])})
