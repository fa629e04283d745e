"""SQL of rows in quarantine: what they are about, which wait for what, and what settled them."""

import asyncpg
import polars as pl

from hub.ingest.batches import Batch, Moment
from hub.ingest.quarantine import KEY_SEPARATOR, KEYED, Lookup
from hub.ingest.stage_store import stage_of
from schema.declare import Entity, field_of
from schema.entities.fact import live_now

#: rows of a batch ($1) that wait still
_OPEN_ROWS = (
    "SELECT row_number FROM quarantined_row q WHERE q.batch_id = $1"
    " AND NOT EXISTS (SELECT FROM fault_settlement f WHERE f.row_id = q.id)"
)


async def open_quarantine_stage(connection: asyncpg.Connection) -> None:
    """Make the stage of what faulty rows are about; gone with the transaction."""
    await connection.execute(
        "CREATE TEMP TABLE stage_quarantine (row_number integer, identity text) ON COMMIT DROP"
    )


async def stage_identities(connection: asyncpg.Connection, rows: pl.DataFrame) -> None:
    """Note what a chunk's faulty rows are about."""
    if not rows.is_empty():
        await connection.copy_records_to_table(
            "stage_quarantine", records=rows.rows(), columns=["row_number", "identity"]
        )


async def identify_staged(connection: asyncpg.Connection, entity: type[Entity], key: tuple[str, ...]) -> None:
    """Note what the rows are about whose faults only the whole stage shows; before they leave it."""
    found = await connection.fetch(
        "SELECT row_number FROM stage_fault WHERE NOT is_notice EXCEPT SELECT row_number FROM stage_quarantine"
    )
    if found:
        about = ", ".join(f"s.{column}" for column in key)
        await connection.execute(
            "INSERT INTO stage_quarantine SELECT DISTINCT ON (s.row_number) s.row_number,"
            f" '{KEYED}' || concat_ws('{KEY_SEPARATOR}', {about}) FROM {stage_of(entity)} s"
            " WHERE s.row_number = ANY($1)",
            [row[0] for row in found],
        )


async def keep_rows(connection: asyncpg.Connection, batch_id: int, entity: type[Entity]) -> None:
    """Write the rows that are in quarantine into the hub's books."""
    await connection.execute(
        "INSERT INTO quarantined_row (id, batch_id, row_number, subject_code, identity)"
        " SELECT DISTINCT ON (f.row_number) ($1::integer::bigint << 32) | f.row_number, $1::integer, f.row_number, $2,"
        " coalesce(q.identity, 'row:' || $1::integer || '/' || f.row_number)"
        " FROM stage_fault f LEFT JOIN stage_quarantine q ON q.row_number = f.row_number"
        " WHERE NOT f.is_notice ORDER BY f.row_number, q.identity",
        batch_id,
        entity.__tablename__,
    )


async def settle(
    connection: asyncpg.Connection,
    entity: type[Entity],
    key: tuple[str, ...],
    moment: Moment,
    cause_batch_id: int,
) -> None:
    """Put on record which rows in quarantine the stage settles: its batch's own, then those of the same key."""
    await connection.execute(
        "INSERT INTO fault_settlement (row_id, method_code, batch_id, row_number, cause_batch_id, settled_at)"
        " SELECT DISTINCT q.id, 'reentered', q.batch_id, q.row_number, $2::integer, $3::timestamptz"
        f" FROM quarantined_row q JOIN {stage_of(entity)} s ON s.row_number = q.row_number"
        f" WHERE q.batch_id = $1 AND q.row_number IN ({_OPEN_ROWS})",
        moment.batch_id,
        cause_batch_id,
        moment.recorded_at,
    )
    waiting = (
        "SELECT q.id, substr(q.identity, $5) AS key FROM quarantined_row q JOIN batch b ON b.id = q.batch_id"
        " WHERE q.subject_code = $4 AND starts_with(q.identity, $6) AND b.as_of <= $7"
        " AND NOT EXISTS (SELECT FROM fault_settlement f WHERE f.row_id = q.id)"
    )
    await connection.execute(
        "INSERT INTO fault_settlement (row_id, method_code, batch_id, row_number, cause_batch_id, settled_at)"
        " SELECT w.id, 'restated', $1::integer, min(s.row_number), $2::integer, $3::timestamptz"
        f" FROM ({waiting}) w JOIN {stage_of(entity)} s ON {_same_key(entity, key)} GROUP BY w.id",
        moment.batch_id,
        cause_batch_id,
        moment.recorded_at,
        entity.__tablename__,
        len(KEYED) + 1,
        KEYED,
        moment.as_of,
    )


async def batches_waiting_for(
    connection: asyncpg.Connection, entity: type[Entity], lookup: Lookup, sender_code: str | None
) -> list[int]:
    """Promoted batches (of this sender, if one is given) with rows that name what the entity now has; in order."""
    rows = await connection.fetch(
        "SELECT b.id FROM batch b WHERE b.state_code = 'promoted' AND ($2::text IS NULL OR b.sender_code = $2)"
        " AND b.id IN (SELECT f.batch_id FROM fault f WHERE f.code = $1 AND NOT EXISTS"
        " (SELECT FROM fault_settlement s WHERE s.row_id = f.row_id) AND f.found_text IN"
        f" (SELECT v.{lookup.column} FROM {entity.__tablename__} v WHERE {live_now('v')}"
        f" {'AND v.sender_code = b.sender_code' if sender_code else ''})) ORDER BY b.as_of, b.id",
        lookup.code,
        sender_code,
    )
    return [row[0] for row in rows]


async def narrow_scope(
    connection: asyncpg.Connection, entity: type[Entity], batch: Batch, within: str
) -> None:
    """Let absence end something only where all that the file says of it comes in now."""
    await connection.execute(
        f"DELETE FROM stage_scope WHERE {within} IN (SELECT {within} FROM {stage_of(entity)}"
        f" WHERE row_number NOT IN ({_OPEN_ROWS}))",
        batch.id,
    )


async def keep_open_rows(connection: asyncpg.Connection, entity: type[Entity], batch: Batch) -> None:
    """Take out of an entity's stage what the batch said before: only rows that waited stay."""
    await connection.execute(
        f"DELETE FROM {stage_of(entity)} WHERE row_number NOT IN ({_OPEN_ROWS})", batch.id
    )


async def drop_standing(connection: asyncpg.Connection, entity: type[Entity], moment: Moment) -> None:
    """Take out of a stage what is known of its things at the moment: a row that comes late only adds to it."""
    same = " AND ".join(f"v.{column} = s.{column}" for column in entity.about.key)
    await connection.execute(
        f"DELETE FROM {stage_of(entity)} s USING {entity.__tablename__} v WHERE {same}"
        " AND v.superseded_at = 'infinity' AND v.valid_from <= $1 AND v.valid_to > $1",
        moment.as_of,
    )


def _same_key(entity: type[Entity], key: tuple[str, ...]) -> str:
    """A waiting row's key, put together by `KEY_SEPARATOR`, equals a staged one."""
    kinds = {int: "bigint", str: "text"}
    return " AND ".join(
        f"s.{column} = split_part(w.key, '{KEY_SEPARATOR}', {place})::"
        f"{kinds[field_of(entity, column).python_type]}"
        for place, column in enumerate(key, 1)
    )
