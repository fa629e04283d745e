"""SQL of the pulls on record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg


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
