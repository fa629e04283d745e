"""The tables of the audit: every statement about them."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hub.audit.chain import Segment
from hub.audit.checkpoint import Checkpoint, read_checkpoint

if TYPE_CHECKING:
    import asyncpg

_INSERT_SEGMENT = (
    "INSERT INTO audit_segment (chain_id, first_number, last_number, recorded_at, previous, head, lines)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"
)
_INSERT_CHECKPOINT = "INSERT INTO audit_checkpoint (chain_id, number, made_at, text) VALUES ($1, $2, $3, $4)"
#: the last of each of the chains that were written to last
_NEWEST_OF_CHAINS = (
    "SELECT text FROM (SELECT DISTINCT ON (chain_id) chain_id, made_at, text FROM audit_checkpoint"
    " WHERE made_at >= $1 ORDER BY chain_id, number DESC) c ORDER BY made_at DESC, chain_id LIMIT $2"
)
_SINCE = (
    "SELECT text FROM audit_checkpoint WHERE (made_at, chain_id, number) > ($1, $2, $3)"
    " ORDER BY made_at, chain_id, number LIMIT $4"
)
_OF_CHAIN = "SELECT text FROM audit_checkpoint WHERE chain_id = $1 ORDER BY number"
_CHAINS = "SELECT chain_id FROM audit_segment UNION SELECT chain_id FROM audit_checkpoint ORDER BY chain_id"
_COLUMNS = "chain_id, first_number, last_number, previous, head, lines"
_SEGMENTS = f"SELECT {_COLUMNS} FROM audit_segment WHERE chain_id = $1 ORDER BY first_number"
_OPENINGS = f"SELECT {_COLUMNS} FROM audit_segment WHERE first_number = 1"
_BETWEEN = (
    f"SELECT recorded_at, {_COLUMNS} FROM audit_segment"
    " WHERE recorded_at >= $1 AND recorded_at < $2 ORDER BY recorded_at, chain_id, first_number"
)
#: segments read from the server at a time
_PREFETCH = 200


async def insert_segment(
    connection: "asyncpg.Connection", segment: Segment, now: datetime, seconds: float | None = None
) -> None:
    """Store records; they are there when this returns."""
    await connection.execute(
        _INSERT_SEGMENT,
        segment.chain_id,
        segment.first,
        segment.last,
        now,
        segment.previous,
        segment.head,
        segment.content,
        timeout=seconds,
    )


async def insert_checkpoint(
    connection: "asyncpg.Connection", checkpoint: Checkpoint, seconds: float | None = None
) -> None:
    """Store a checkpoint."""
    await connection.execute(
        _INSERT_CHECKPOINT,
        checkpoint.chain_id,
        checkpoint.number,
        checkpoint.made_at,
        checkpoint.text,
        timeout=seconds,
    )


async def newest_checkpoints(connection: Any, since: datetime, most: int) -> list[Checkpoint]:
    """The last checkpoint of each chain that was written to since, the newest chains first."""
    return [read_checkpoint(row["text"]) for row in await connection.fetch(_NEWEST_OF_CHAINS, since, most)]


async def checkpoints_after(
    connection: Any, at: datetime, chain_id: str, number: int, most: int
) -> list[Checkpoint]:
    """Checkpoints in the order in which they were made, after an instant, and of that after one of them."""
    rows = await connection.fetch(_SINCE, at, chain_id, number, most)
    return [read_checkpoint(row["text"]) for row in rows]


async def checkpoints_of(connection: "asyncpg.Connection", chain_id: str) -> list[Checkpoint]:
    """All checkpoints of a chain."""
    return [read_checkpoint(row["text"]) for row in await connection.fetch(_OF_CHAIN, chain_id)]


async def chain_ids(connection: "asyncpg.Connection") -> list[str]:
    """All chains, the oldest first."""
    return [row["chain_id"] for row in await connection.fetch(_CHAINS)]


async def segments_of(connection: "asyncpg.Connection", chain_id: str) -> AsyncIterator[Segment]:
    """The segments of a chain in their order; within a transaction."""
    async for row in connection.cursor(_SEGMENTS, chain_id, prefetch=_PREFETCH):
        yield _segment(row)


async def openings(connection: "asyncpg.Connection") -> AsyncIterator[bytes]:
    """The first record of each chain that has its first; within a transaction."""
    async for row in connection.cursor(_OPENINGS, prefetch=_PREFETCH):
        yield _segment(row).lines[0]


async def segments_between(
    connection: "asyncpg.Connection", since: datetime, until: datetime
) -> AsyncIterator[tuple[datetime, Segment]]:
    """Segments by the time at which they were committed; within a transaction."""
    async for row in connection.cursor(_BETWEEN, since, until, prefetch=_PREFETCH):
        yield row["recorded_at"], _segment(row)


def _segment(row: Any) -> Segment:
    return Segment(
        row["chain_id"], row["first_number"], row["last_number"], row["previous"], row["head"], row["lines"]
    )
