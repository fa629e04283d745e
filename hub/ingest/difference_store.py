"""SQL of comparing a full file with the one before it."""

from dataclasses import dataclass

import asyncpg
import polars as pl

from hub.ingest.batch_store import BATCH_COLUMNS, batch_of
from hub.ingest.batches import Batch
from hub.ingest.keeping import Keeping
from hub.ingest.stage_store import REPEATED_ROWS, copy_frame
from schema.entities.fact import live_now


@dataclass(frozen=True, slots=True)
class Before:
    """The file before, whose statements are what the store says."""

    batch: Batch
    rows_read: int


@dataclass(frozen=True, slots=True)
class Faults:
    """Rows of a batch that led to nothing, and rows that it told something of; ascending."""

    quarantined: list[int]
    noticed: list[int]
    #: some statements stand in its file more than once
    repeats_rows: bool


async def fetch_before(
    connection: asyncpg.Connection, batch: Batch, layout_code: str, rules: str
) -> Before | None:
    """The newest promoted file of the feed, sender and layout, if nothing of that sender changed anything since.

    It must have been read by the same rules. The batch at hand must not be late.
    """
    row = await connection.fetchrow(
        f"SELECT {BATCH_COLUMNS}, rows_read, promoted_at, rules_sha256 FROM batch WHERE feed_code = $1"
        " AND sender_code = $2 AND layout_code = $3 AND state_code = 'promoted'"
        " ORDER BY as_of DESC, promoted_at DESC LIMIT 1",
        batch.feed_code,
        batch.sender_code,
        layout_code,
    )
    if row is None or row["rules_sha256"] != rules:
        return None
    has_changed = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM batch WHERE feed_code = $1 AND sender_code = $2 AND state_code = 'promoted'"
        " AND promoted_at > $3 AND rows_promoted + facts_closed > 0)",
        batch.feed_code,
        batch.sender_code,
        row["promoted_at"],
    )
    return None if has_changed else Before(batch_of(row), row["rows_read"])


async def fetch_faults(connection: asyncpg.Connection, batch_id: int) -> Faults:
    """The rows with faults of a batch."""
    rows = await connection.fetch(
        "SELECT row_number, bool_and(is_notice) AS is_notice FROM fault WHERE batch_id = $1 AND row_number > 0"
        " GROUP BY row_number ORDER BY row_number",
        batch_id,
    )
    repeats = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM fault WHERE batch_id = $1 AND code = $2)", batch_id, REPEATED_ROWS
    )
    return Faults(
        [row["row_number"] for row in rows if not row["is_notice"]],
        [row["row_number"] for row in rows if row["is_notice"]],
        repeats,
    )


async def open_gone(connection: asyncpg.Connection, keeping: Keeping) -> None:
    """Make the stage of what the file before said in rows that are gone.

    What is staged is little and the facts are many: each is looked up by its index, which costs less than the
    planner thinks, for the newest facts of a sender are seldom far from memory.
    """
    await connection.execute("SET LOCAL random_page_cost = 1.1")
    await connection.execute(
        "CREATE TEMP TABLE stage_gone ON COMMIT DROP AS"
        f" SELECT {keeping.place_id}, item_id, province_code FROM {keeping.table} WITH NO DATA"
    )


async def copy_gone(connection: asyncpg.Connection, keeping: Keeping, said: pl.DataFrame) -> None:
    """Load the keys of what was said."""
    await copy_frame(connection, "stage_gone", said.select(keeping.place_id, "item_id", "province_code"))


async def open_scope(connection: asyncpg.Connection, keeping: Keeping, before_id: int) -> None:
    """Make the table of places of a full list of which only the changes are staged: with kept rows and without.

    A place of the file before has kept rows unless all it keeps was in rows that are gone.
    """
    place, stage = keeping.place_id, keeping.stage
    await connection.execute(f"ANALYZE {stage}")
    await connection.execute("ANALYZE stage_gone")
    await connection.execute(
        "CREATE TEMP TABLE stage_spoken ON COMMIT DROP AS"
        f" SELECT {place}, true AS is_kept FROM {keeping.confirmation.__tablename__} WHERE batch_id = $1",
        before_id,
    )
    await connection.execute(
        f"WITH lost AS (SELECT {place}, count(*) AS lines FROM stage_gone"
        f" WHERE {place} NOT IN (SELECT {place} FROM {stage}) GROUP BY {place})"
        f" DELETE FROM stage_spoken WHERE {place} IN (SELECT {place} FROM lost WHERE lines >="
        f" (SELECT count(*) FROM {keeping.table} v WHERE v.{place} = lost.{place} AND {live_now('v')}))"
    )
    await connection.execute(
        f"INSERT INTO stage_spoken SELECT DISTINCT {place}, false FROM {stage}"
        f" WHERE {place} NOT IN (SELECT {place} FROM stage_spoken)"
    )


async def contradicts_kept_rows(
    connection: asyncpg.Connection, keeping: Keeping, described: tuple[str, ...]
) -> bool:
    """Whether a changed row speaks of what a kept row speaks of too, or describes its item otherwise."""
    place, item = keeping.place_id, keeping.item
    repeated: bool = await connection.fetchval(
        f"WITH added AS MATERIALIZED (SELECT * FROM {keeping.stage} s WHERE NOT EXISTS (SELECT FROM stage_gone g"
        f" WHERE g.{place} = s.{place} AND g.item_id = s.item_id AND g.province_code = s.province_code))"
        f" SELECT EXISTS (SELECT FROM added s CROSS JOIN LATERAL (SELECT FROM {keeping.table} v"
        f" WHERE v.{place} = s.{place} AND v.item_id = s.item_id AND v.province_code = s.province_code"
        f" AND {live_now('v')} LIMIT 1) v)"
    )
    columns = ", ".join(f"s.{column}" for column in described)
    standing = ", ".join(f"v.{column}" for column in described)
    described_otherwise: bool = await connection.fetchval(
        f"SELECT EXISTS (SELECT FROM {keeping.item_stage} s JOIN {item.__tablename__} v USING (id)"
        f" WHERE {live_now('v')} AND ROW({columns}) IS DISTINCT FROM ROW({standing}))"
    )
    return repeated or described_otherwise
