"""The `sign_in_throttle` table: attempts are counted before they are tried, in whatever process."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

#: an attempt after so long a calm is the first again
CALM = timedelta(hours=1)

# One statement: of attempts at the same time none sees the count without the others.
_ADMIT = """
INSERT INTO sign_in_throttle AS throttle (key, attempts, last_at, blocked_until)
VALUES ($1, 1, $2, $2)
ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN throttle.last_at < $2 - $5::interval THEN 1 ELSE throttle.attempts + 1 END,
    last_at = $2,
    blocked_until = $2 + CASE
        WHEN throttle.last_at < $2 - $5::interval OR throttle.attempts < $3 THEN interval '0'
        ELSE least(interval '1 second' * power(2, least(throttle.attempts - $3 + 1, 30)), $4::interval)
    END
WHERE throttle.blocked_until <= $2
RETURNING attempts
"""
_BLOCKED_UNTIL = "SELECT blocked_until FROM sign_in_throttle WHERE key = $1"
_FORGIVE = """
UPDATE sign_in_throttle SET attempts = greatest(attempts - 1, 0), blocked_until = least(blocked_until, $2)
WHERE key = $1
"""
_FORGET = "DELETE FROM sign_in_throttle WHERE key = $1"
_PURGE = "DELETE FROM sign_in_throttle WHERE blocked_until < $1 AND last_at < $1 - $2::interval"


@dataclass(frozen=True, slots=True)
class Rule:
    """How many attempts are free, and how long the wait, which doubles with each further one, may become."""

    free: int
    longest: timedelta = timedelta(minutes=15)


async def admit(connection: asyncpg.Connection, key: bytes, now: datetime, rule: Rule) -> timedelta | None:
    """Count an attempt; how long to wait where it is too early, and then nothing is counted."""
    if await connection.fetchval(_ADMIT, key, now, rule.free, rule.longest, CALM) is not None:
        return None
    until = await connection.fetchval(_BLOCKED_UNTIL, key)
    return max(until - now, timedelta(seconds=1)) if until is not None else timedelta(seconds=1)


async def forgive(connection: asyncpg.Connection, key: bytes, now: datetime) -> None:
    """The attempt was right: it does not count."""
    await connection.execute(_FORGIVE, key, now)


async def forget(connection: asyncpg.Connection, key: bytes) -> None:
    """Somebody is signed in: begin anew."""
    await connection.execute(_FORGET, key)


async def purge_throttles(connection: asyncpg.Connection, now: datetime) -> None:
    """Drop what says nothing any more."""
    await connection.execute(_PURGE, now, CALM)
