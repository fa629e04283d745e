"""The `sign_in_session` table: browsers in which somebody gave a right password."""

from dataclasses import dataclass, field
from datetime import datetime

import asyncpg


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of them."""

    session_hash: bytes = field(repr=False)
    user_name: str
    #: UTC; None: the one-time code has yet to be given
    second_factor_at: datetime | None
    #: the OpenID provider said who it is
    by_provider: bool
    #: they asked to choose another password
    wants_new_password: bool
    #: the secret offered for enrolment, sealed
    totp_offered: bytes | None = field(repr=False)
    started_at: datetime
    expires_at: datetime


_COLUMNS = (
    "session_hash, user_name, second_factor_at, by_provider, wants_new_password, totp_offered,"
    " started_at, expires_at"
)
_INSERT = f"INSERT INTO sign_in_session ({_COLUMNS}) VALUES ($1, $2, NULL, $5, $6, NULL, $3, $4)"
_FETCH = f"SELECT {_COLUMNS} FROM sign_in_session WHERE session_hash = $1 AND expires_at > $2"
_OFFER = """
UPDATE sign_in_session SET totp_offered = coalesce(totp_offered, $2) WHERE session_hash = $1 RETURNING totp_offered
"""
_SECOND_FACTOR = """
UPDATE sign_in_session SET second_factor_at = $2, totp_offered = NULL WHERE session_hash = $1
"""
_HAS_NEW_PASSWORD = "UPDATE sign_in_session SET wants_new_password = false WHERE session_hash = $1"  # noqa: S105
_EXTEND = "UPDATE sign_in_session SET expires_at = $2 WHERE session_hash = $1"
_END = "DELETE FROM sign_in_session WHERE session_hash = $1"
_END_OTHERS = "DELETE FROM sign_in_session WHERE user_name = $1 AND session_hash IS DISTINCT FROM $2"
_PURGE = "DELETE FROM sign_in_session WHERE expires_at <= $1"


async def insert_session(
    connection: asyncpg.Connection,
    session_hash: bytes,
    user_name: str,
    now: datetime,
    until: datetime,
    *,
    by_provider: bool = False,
    wants_new_password: bool = False,
) -> None:
    """A password was right, or the provider knows who it is."""
    await connection.execute(_INSERT, session_hash, user_name, now, until, by_provider, wants_new_password)


async def fetch_session(
    connection: asyncpg.Connection, session_hash: bytes, now: datetime
) -> SessionRow | None:
    """The session; None where there is none, or its time is over."""
    row = await connection.fetchrow(_FETCH, session_hash, now)
    return None if row is None else SessionRow(**row)


async def offer_totp(connection: asyncpg.Connection, session_hash: bytes, sealed: bytes) -> bytes | None:
    """The secret offered in this session: this one, or one that was offered before. None: no such session."""
    offered: bytes | None = await connection.fetchval(_OFFER, session_hash, sealed)
    return offered


async def pass_second_factor(connection: asyncpg.Connection, session_hash: bytes, now: datetime) -> None:
    """The one-time code was right."""
    await connection.execute(_SECOND_FACTOR, session_hash, now)


async def has_new_password(connection: asyncpg.Connection, session_hash: bytes) -> None:
    """The password that was asked for is chosen."""
    await connection.execute(_HAS_NEW_PASSWORD, session_hash)


async def extend_session(connection: asyncpg.Connection, session_hash: bytes, until: datetime) -> None:
    """Let it last until then."""
    await connection.execute(_EXTEND, session_hash, until)


async def end_session(connection: asyncpg.Connection, session_hash: bytes) -> None:
    """Nobody is signed in there any more."""
    await connection.execute(_END, session_hash)


async def end_sessions(connection: asyncpg.Connection, user_name: str, but: bytes | None = None) -> None:
    """End all sessions of a person, but one."""
    await connection.execute(_END_OTHERS, user_name, but)


async def purge_sessions(connection: asyncpg.Connection, now: datetime) -> None:
    """Drop those whose time is over."""
    await connection.execute(_PURGE, now)
