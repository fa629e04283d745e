"""SQL of the hub's books: feeds, batches, deliveries, faults."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import asyncpg

from connectors.manifest import Manifest
from hub.errors import RefusedActError
from hub.ingest.batches import Batch, BatchState, Books, Decision, Stop
from hub.ingest.landing import Landed
from schema.refusals import HubBusy

#: one ingest at a time: batches take their numbers, and facts their order, from this lock
_INGEST_LOCK = 0x62616F67
_LOCK = "SELECT pg_advisory_lock($1)"

#: what a batch is read from; see `batch_of`
BATCH_COLUMNS = "id, feed_code, sender_code, file_name, sha256, received_at, as_of, layout_code, state_code"


async def register_feeds(connection: asyncpg.Connection, manifests: Iterable[Manifest]) -> None:
    """Write the feeds that this program has connectors for."""
    await connection.executemany(
        "INSERT INTO feed (code, name_zh, name_en, cadence) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en,"
        " cadence = excluded.cadence",
        [(m.code, m.name.zh, m.name.en, m.cadence) for m in manifests],
    )


async def lock_ingest(connection: asyncpg.Connection, at_most: timedelta | None = None) -> None:
    """Wait until no other process ingests; holds until the session ends or `unlock_ingest`.

    Raises RefusedActError where somebody still does after `at_most`; None: waits for ever.
    """
    if at_most is None:
        await connection.execute(_LOCK, _INGEST_LOCK)
        return
    milliseconds = max(1, round(at_most.total_seconds() * 1000))
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('lock_timeout', $1, true)", str(milliseconds))
            # the lock is the session's and outlives this transaction
            await connection.execute(_LOCK, _INGEST_LOCK)
    except asyncpg.LockNotAvailableError as error:
        raise RefusedActError(HubBusy(at_most.total_seconds())) from error


async def unlock_ingest(connection: asyncpg.Connection) -> None:
    """Let the next process ingest."""
    await connection.execute("SELECT pg_advisory_unlock($1)", _INGEST_LOCK)


async def same_bytes(
    connection: asyncpg.Connection, feed_code: str, sender_code: str, received_sha256: str
) -> Batch | None:
    """The newest batch of this feed and sender that was made of these bytes, as they were received."""
    row = await connection.fetchrow(
        f"SELECT {BATCH_COLUMNS} FROM batch WHERE feed_code = $1 AND sender_code = $2 AND received_sha256 = $3"
        " ORDER BY id DESC LIMIT 1",
        feed_code,
        sender_code,
        received_sha256,
    )
    return row and batch_of(row)


async def promoted_between(connection: asyncpg.Connection, batch: Batch, as_of: datetime) -> bool:
    """Whether other bytes of the batch's layout, feed and sender spoke of an instant after it, up to `as_of`."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM batch WHERE feed_code = $1 AND sender_code = $2 AND layout_code = $3"
        " AND state_code = 'promoted' AND as_of > $4 AND as_of <= $5 AND sha256 <> $6)",
        batch.feed_code,
        batch.sender_code,
        batch.layout_code,
        batch.as_of,
        as_of,
        batch.sha256,
    )
    return found


async def unfinished(connection: asyncpg.Connection) -> list[Batch]:
    """Batches that landed and went no further: what a killed run leaves. Oldest first."""
    rows = await connection.fetch(
        f"SELECT {BATCH_COLUMNS} FROM batch WHERE state_code = 'landed' ORDER BY id"
    )
    return [batch_of(row) for row in rows]


async def insert_batch(
    connection: asyncpg.Connection,
    *,
    feed_code: str,
    sender_code: str,
    file_name: str,
    landed: Landed,
    received_at: datetime,
    as_of: datetime,
) -> Batch:
    """Open the books of new bytes. Numbers have no gaps, so that a replay gives the same ones."""
    row = await connection.fetchrow(
        "INSERT INTO batch (id, feed_code, sender_code, file_name, sha256, byte_count, received_at, as_of,"
        " received_sha256, received_byte_count, state_code)"
        " SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, 'landed' FROM batch"
        f" RETURNING {BATCH_COLUMNS}",
        feed_code,
        sender_code,
        file_name,
        landed.sha256,
        landed.byte_count,
        received_at,
        as_of,
        landed.received_sha256,
        landed.received_byte_count,
    )
    return batch_of(row)


async def insert_delivery(
    connection: asyncpg.Connection,
    *,
    batch_id: int,
    file_name: str,
    received_at: datetime,
    transport_code: str,
    is_repeat: bool,
) -> None:
    """Record that bytes came in."""
    await connection.execute(
        "INSERT INTO delivery (id, batch_id, file_name, received_at, transport_code, is_repeat)"
        " SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5 FROM delivery",
        batch_id,
        file_name,
        received_at,
        transport_code,
        is_repeat,
    )


async def mark_stopped(
    connection: asyncpg.Connection, batch_id: int, state: BatchState, stop: Stop, layout: str | None
) -> None:
    """Close the books of a batch that is held or refused."""
    await connection.execute(
        "UPDATE batch SET state_code = $2, stop_code = $3, stop_reason = $4, layout_code = $5 WHERE id = $1",
        batch_id,
        state.value,
        stop.code,
        stop.reason,
        layout,
    )


async def mark_promoted(
    connection: asyncpg.Connection,
    batch_id: int,
    layout: str,
    books: Books,
    *,
    promoted_at: datetime,
    rules: str,
) -> None:
    """Close the books of a batch whose facts are in the graph."""
    await connection.execute(
        "UPDATE batch SET state_code = 'promoted', stop_code = NULL, stop_reason = NULL, layout_code = $2,"
        " promoted_at = $3, rows_read = $4,"
        " rows_promoted = $5, rows_unchanged = $6, rows_quarantined = $7, rows_skipped = $8, facts_closed = $9,"
        " rules_sha256 = $10"
        " WHERE id = $1",
        batch_id,
        layout,
        promoted_at,
        books.read,
        books.promoted,
        books.unchanged,
        books.quarantined,
        books.skipped,
        books.closed,
        rules,
    )


async def last_recorded(connection: asyncpg.Connection) -> datetime | None:
    """When the newest promotion, judgement or withdrawal was recorded."""
    found: datetime | None = await connection.fetchval(
        "SELECT greatest((SELECT max(promoted_at) FROM batch), (SELECT max(decided_at) FROM judgement),"
        " (SELECT max(decided_at) FROM judgement_withdrawal))"
    )
    return found


async def fetch_batch(connection: asyncpg.Connection, batch_id: int) -> Batch | None:
    """One batch by its number."""
    row = await connection.fetchrow(f"SELECT {BATCH_COLUMNS} FROM batch WHERE id = $1", batch_id)
    return row and batch_of(row)


async def insert_decision(connection: asyncpg.Connection, batch_id: int, decision: Decision) -> None:
    """Record what a person decided about a held batch."""
    await connection.execute(
        "INSERT INTO batch_decision (batch_id, verdict_code, decided_by, reason, decided_at)"
        " VALUES ($1, $2, $3, $4, $5)"
        # a batch that failed when it was released may be sent again, held again, and decided again
        " ON CONFLICT (batch_id) DO UPDATE SET verdict_code = excluded.verdict_code,"
        " decided_by = excluded.decided_by, reason = excluded.reason, decided_at = excluded.decided_at",
        batch_id,
        decision.verdict.value,
        decision.decided_by,
        decision.reason,
        decision.decided_at,
    )


async def fetch_result(connection: asyncpg.Connection, batch_id: int) -> tuple[Books | None, Stop | None]:
    """How a finished batch ended: its books if it was promoted, else why it stopped."""
    row = await connection.fetchrow(
        "SELECT rows_read, rows_promoted, rows_unchanged, rows_quarantined, rows_skipped, facts_closed,"
        " stop_code, stop_reason FROM batch WHERE id = $1",
        batch_id,
    )
    *counts, stop_code, stop_reason = row
    return (None, Stop(stop_code, stop_reason)) if stop_code else (Books(*counts), None)


async def promoted_about_later(
    connection: asyncpg.Connection, batch: Batch, sender_code: str | None
) -> list[Batch]:
    """Promoted batches of the feed (of this sender, if one is given) about later instants, in their order."""
    rows = await connection.fetch(
        f"SELECT {BATCH_COLUMNS} FROM batch WHERE feed_code = $1 AND state_code = 'promoted' AND as_of > $2"
        " AND ($3::text IS NULL OR sender_code = $3) ORDER BY as_of, id",
        batch.feed_code,
        batch.as_of,
        sender_code,
    )
    return [batch_of(row) for row in rows]


def batch_of(row: asyncpg.Record) -> Batch:
    """The batch of a row that has BATCH_COLUMNS, and perhaps more."""
    values = {column: row[column] for column in BATCH_COLUMNS.split(", ") if column != "state_code"}
    return Batch(state=BatchState(row["state_code"]), **values)
