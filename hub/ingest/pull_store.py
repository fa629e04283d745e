"""SQL of the pulls on record."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

#: the first half of the locks of sources; the other half is the source's
_SOURCE_LOCK = 0x70756C6C


@dataclass(frozen=True, slots=True)
class SourceKey:
    """What names a source in the books."""

    feed_code: str
    sender_code: str
    source_code: str

    @property
    def text(self) -> str:
        """As one word."""
        return f"{self.feed_code}/{self.sender_code}/{self.source_code}"


@dataclass(frozen=True, slots=True)
class PullTry:
    """A pull that has ended."""

    started_at: datetime
    finished_at: datetime
    stop_code: str | None
    stop_reason: str | None


async def insert_pull(
    connection: asyncpg.Connection,
    *,
    feed_code: str,
    sender_code: str,
    source_code: str,
    transport_code: str,
    started_at: datetime,
    finished_at: datetime,
    file_count: int,
    stop_code: str | None,
    stop_reason: str | None,
) -> None:
    """Record that a source was gone to, and what came of it."""
    async with connection.transaction():
        # numbers without gaps: two that finish together take turns
        await connection.execute("LOCK TABLE pull IN SHARE ROW EXCLUSIVE MODE")
        await connection.execute(
            "INSERT INTO pull (id, feed_code, sender_code, source_code, transport_code, started_at, finished_at,"
            " file_count, stop_code, stop_reason)"
            " SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM pull",
            feed_code,
            sender_code,
            source_code,
            transport_code,
            started_at,
            finished_at,
            file_count,
            stop_code,
            stop_reason,
        )


async def list_pulls(
    connection: asyncpg.Connection, feed_code: str | None, limit: int
) -> list[Mapping[str, Any]]:
    """Pulls, newest first."""
    rows = await connection.fetch(
        "SELECT * FROM pull WHERE $1::text IS NULL OR feed_code = $1 ORDER BY id DESC LIMIT $2",
        feed_code,
        limit,
    )
    return [dict(row) for row in rows]


async def list_tries(connection: asyncpg.Connection, source: SourceKey, since: datetime) -> list[PullTry]:
    """The pulls from a source that began at an instant or later, oldest first."""
    rows = await connection.fetch(
        "SELECT started_at, finished_at, stop_code, stop_reason FROM pull"
        " WHERE feed_code = $1 AND sender_code = $2 AND source_code = $3 AND started_at >= $4 ORDER BY id",
        source.feed_code,
        source.sender_code,
        source.source_code,
        since,
    )
    return [PullTry(**row) for row in rows]


async def last_try(connection: asyncpg.Connection, source: SourceKey) -> PullTry | None:
    """The newest pull from a source; None: there was none."""
    row = await connection.fetchrow(
        "SELECT started_at, finished_at, stop_code, stop_reason FROM pull"
        " WHERE feed_code = $1 AND sender_code = $2 AND source_code = $3 ORDER BY id DESC LIMIT 1",
        source.feed_code,
        source.sender_code,
        source.source_code,
    )
    return row and PullTry(**row)


@asynccontextmanager
async def only_puller(connection: asyncpg.Connection, source: SourceKey) -> AsyncIterator[bool]:
    """Whether no other process on any machine pulls this source; then none does while the context lasts.

    The lock is the session's: it goes with a killed process.
    """
    keys = (_SOURCE_LOCK, source.text)
    is_ours = await connection.fetchval("SELECT pg_try_advisory_lock($1::int, hashtext($2))", *keys)
    try:
        yield is_ours
    finally:
        if is_ours and not connection.is_closed():
            await connection.execute("SELECT pg_advisory_unlock($1::int, hashtext($2))", *keys)


async def is_being_pulled(connection: asyncpg.Connection, source: SourceKey) -> bool:
    """Whether some process pulls this source now."""
    held = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()"
        " WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::int8 = $1"
        " AND objid::int8 = hashtext($2)::int8 & 4294967295)",
        _SOURCE_LOCK,
        source.text,
    )
    return bool(held)
