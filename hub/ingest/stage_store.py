"""SQL of the stage: temporary tables in which a batch's statements and faults wait for their promotion."""

import io

import asyncpg
import polars as pl

from connectors.frame import FAULT_COLUMNS
from schema.declare import Entity

#: code of the notice that statements stand in a file more than once
REPEATED_ROWS = "batch.repeated_rows"

#: for each sort; twenty million rows are then sorted in one pass over the disk
_WORK_MEMORY = "64MB"
_FAULT_STAGE = (
    "CREATE TEMP TABLE stage_fault (row_number integer, code text, is_notice boolean, column_name text,"
    " found_text text, hint text) ON COMMIT DROP"
)


async def grant_memory(connection: asyncpg.Connection) -> None:
    """Let the transaction sort and hash in more memory than the server gives to everyone: one ingest runs at a time."""
    await connection.execute(f"SET LOCAL work_mem = '{_WORK_MEMORY}'")


async def open_fault_stage(connection: asyncpg.Connection) -> None:
    """Make the stage of faults; gone with the transaction."""
    await connection.execute(_FAULT_STAGE)


async def open_stage(connection: asyncpg.Connection, entity: type[Entity], columns: tuple[str, ...]) -> None:
    """Make the stage of an entity with these columns and the row number, typed as in its table."""
    chosen = ", ".join(("row_number", *columns))
    await connection.execute(
        f"CREATE TEMP TABLE {stage_of(entity)} ON COMMIT DROP AS"
        f" SELECT {chosen} FROM {entity.__tablename__} WITH NO DATA"
    )


async def widen_stage(connection: asyncpg.Connection, entity: type[Entity], columns: tuple[str, ...]) -> None:
    """Add columns to an entity's stage, typed as in its table; rows before have nothing in them."""
    types = await connection.fetch(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = $1::text::regclass AND attname = ANY($2)",
        entity.__tablename__,
        columns,
    )
    for column, kind in types:
        await connection.execute(f"ALTER TABLE {stage_of(entity)} ADD COLUMN {column} {kind}")


async def note_unknown_columns(connection: asyncpg.Connection, headers: tuple[str, ...]) -> None:
    """Tell of the file's columns that no field of its layout claims: they are not taken in."""
    await connection.execute(
        "INSERT INTO stage_fault VALUES (0, 'batch.unknown_columns', true, NULL, $1,"
        " '这些列不在本格式之内，未采用 these columns are no part of the layout and were not taken in')",
        "、".join(headers),
    )


def stage_of(entity: type[Entity]) -> str:
    """The name of an entity's stage."""
    return f"stage_{entity.__tablename__}"


async def copy_records(connection: asyncpg.Connection, entity: type[Entity], records: pl.DataFrame) -> None:
    """Load typed records into the entity's stage."""
    await copy_frame(connection, stage_of(entity), records)


async def copy_faults(connection: asyncpg.Connection, faults: pl.DataFrame) -> None:
    """Load faults into theirs."""
    await copy_frame(connection, "stage_fault", faults.select(list(FAULT_COLUMNS)))


async def find_repeated_keys(connection: asyncpg.Connection, entity: type[Entity]) -> bool:
    """Look once for keys that stand in the stage more than once; whether there are any."""
    key = ", ".join(entity.about.key)
    await connection.execute(
        f"CREATE TEMP TABLE {_repeated(entity)} ON COMMIT DROP AS"
        f" SELECT {key} FROM {stage_of(entity)} GROUP BY {key} HAVING count(*) > 1"
    )
    found: bool = await connection.fetchval(f"SELECT EXISTS (SELECT FROM {_repeated(entity)})")
    return found


async def fault_contradictions(
    connection: asyncpg.Connection, entity: type[Entity], columns: tuple[str, ...]
) -> int:
    """Fault every row whose key stands in the file again with other values; which is right, nobody here knows.

    Returns the number of rows found.
    """
    stage, key = stage_of(entity), ", ".join(entity.about.key)
    same = " AND ".join(f"c.{column} = s.{column}" for column in entity.about.key)
    found = await connection.execute(
        f"INSERT INTO stage_fault SELECT s.row_number, 'row.contradiction', false, NULL, NULL,"
        f" '本文件中同一编码另有不同内容，见第 ' || c.others || ' 行"
        f" the same code stands in this file with other values, rows ' || c.others"
        f" FROM {stage} s JOIN (SELECT {key}, string_agg(row_number::text, ', ' ORDER BY row_number) AS others"
        f" FROM (SELECT DISTINCT ON ({', '.join((*entity.about.key, *columns))}) * FROM {stage}"
        f" WHERE ({key}) IN (SELECT {key} FROM {_repeated(entity)})) d"
        f" GROUP BY {key} HAVING count(*) > 1) c ON {same}"
    )
    return int(found.split()[-1])


async def drop_faulted(connection: asyncpg.Connection, entity: type[Entity]) -> None:
    """Take the rows that are in quarantine out of an entity's stage."""
    await connection.execute(
        f"DELETE FROM {stage_of(entity)} WHERE row_number IN (SELECT row_number FROM stage_fault WHERE NOT is_notice)"
    )


async def keep_one_of_each(connection: asyncpg.Connection, entity: type[Entity]) -> int:
    """Of statements that a file repeats, keep the first. Returns how many were dropped."""
    stage, key = stage_of(entity), ", ".join(entity.about.key)
    deleted = await connection.execute(
        f"DELETE FROM {stage} s USING (SELECT ctid AS spare, row_number() OVER"
        f" (PARTITION BY {key} ORDER BY row_number) AS place FROM {stage}"
        f" WHERE ({key}) IN (SELECT {key} FROM {_repeated(entity)})) f"
        " WHERE s.ctid = f.spare AND f.place > 1"
    )
    return int(deleted.split()[-1])


async def note_repeats(connection: asyncpg.Connection, rows: int) -> None:
    """Tell of rows that say what others of the file say."""
    await connection.execute(
        "INSERT INTO stage_fault VALUES (0, $1, true, NULL, $2,"
        " '重复了本文件其他行的行数，只计一次 rows that say what others of the file say: they count once')",
        REPEATED_ROWS,
        str(rows),
    )


async def count_rows(connection: asyncpg.Connection, entity: type[Entity]) -> int:
    """Rows of the file that stand in an entity's stage."""
    found: int = await connection.fetchval(f"SELECT count(DISTINCT row_number) FROM {stage_of(entity)}")
    return found


async def count_quarantined(connection: asyncpg.Connection) -> int:
    """Rows of the file that are in quarantine."""
    found: int = await connection.fetchval(
        "SELECT count(DISTINCT row_number) FROM stage_fault WHERE NOT is_notice"
    )
    return found


async def keep_faults(connection: asyncpg.Connection, batch_id: int) -> None:
    """Write the staged faults into the hub's books."""
    await connection.execute(
        "INSERT INTO fault (batch_id, row_number, ordinal, code, is_notice, column_name, found_text, hint,"
        " row_id) SELECT $1::integer, row_number, row_number() OVER (PARTITION BY row_number"
        " ORDER BY is_notice, column_name, code, hint),"
        " code, is_notice, column_name, found_text, hint, ($1::integer::bigint << 32) | row_number FROM stage_fault",
        batch_id,
    )


async def drop_stages(connection: asyncpg.Connection) -> None:
    """Drop all temporary tables, so that another batch can be staged in the same transaction."""
    tables = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
    )
    for (table,) in tables:
        await connection.execute(f"DROP TABLE {table} CASCADE")


def _repeated(entity: type[Entity]) -> str:
    return f"repeated_{entity.__tablename__}"


async def copy_frame(connection: asyncpg.Connection, table: str, frame: pl.DataFrame) -> None:
    """Load a frame into a table that has its columns."""
    if frame.is_empty():
        return
    lines = io.BytesIO()
    # every text quoted: an empty text must not be taken for null
    frame.write_csv(lines, include_header=False, quote_style="non_numeric", null_value="")
    lines.seek(0)
    await connection.copy_to_table(table, source=lines, columns=frame.columns, format="csv")
