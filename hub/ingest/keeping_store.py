"""SQL of full lists of what places keep: pharmacies' stock-takes, institutions' formularies."""

from datetime import datetime

import asyncpg

from hub.ingest.batches import Moment
from hub.ingest.keeping import KEEPINGS, Keeping
from hub.ingest.stage_store import stage_of
from schema.declare import Entity
from schema.entities.fact import live_now


async def provinces_of_places(
    connection: asyncpg.Connection, keeping: Keeping, sender_code: str
) -> dict[int, str]:
    """The sender's places, each with the two digits of its province."""
    rows = await connection.fetch(
        f"SELECT id, left(region_code, 2) FROM {keeping.place.__tablename__}"
        f" WHERE sender_code = $1 AND {live_now()}",
        sender_code,
    )
    return {row[0]: row[1] for row in rows}


async def known_regions(connection: asyncpg.Connection) -> set[str]:
    """The codes of all divisions."""
    return {row[0] for row in await connection.fetch(f"SELECT code FROM region WHERE {live_now()}")}


async def fault_contradicting_items(
    connection: asyncpg.Connection, keeping: Keeping, placed: type[Entity], columns: tuple[str, ...]
) -> None:
    """Fault the rows of every item that the file describes in more than one way: it may be two medicines."""
    described = ", ".join(column for column in columns if column != "id")
    await connection.execute(
        "INSERT INTO stage_fault SELECT o.row_number, 'row.item_contradiction', false, NULL, c.item_code,"
        " '同一商品编码在本文件中有不同写法，见第 ' || c.others || ' 行等"
        " one item code, different medicines in this file: see rows ' || c.others"
        f" FROM {stage_of(placed)} o JOIN (SELECT id, min(item_code) AS item_code,"
        f" string_agg(first::text, ', ' ORDER BY first) AS others FROM (SELECT id, item_code, min(row_number) AS first"
        f" FROM {keeping.item_stage} GROUP BY id, {described}) d GROUP BY id HAVING count(*) > 1) c ON c.id = o.item_id"
    )


async def open_scope(connection: asyncpg.Connection, keeping: Keeping) -> None:
    """Make the table of the places that a full list speaks of."""
    await connection.execute(
        "CREATE TEMP TABLE stage_spoken ON COMMIT DROP AS"
        f" SELECT DISTINCT {keeping.place_id}, false AS is_kept FROM {keeping.stage}"
    )


async def narrow_scope(connection: asyncpg.Connection, keeping: Keeping, withheld: set[int]) -> None:
    """Make the scope of a full list: the places it speaks of, but for those with rows in quarantine.

    A row in quarantine is not absent, only not understood; so its place loses nothing by this file.
    """
    place = keeping.place_id
    await connection.execute("ANALYZE stage_spoken")
    await connection.execute(
        f"CREATE TEMP TABLE stage_scope ON COMMIT DROP AS SELECT {place} FROM stage_spoken"
    )
    await connection.execute(
        f"DELETE FROM stage_scope WHERE {place} = ANY($1) OR {place} IN (SELECT {place}"
        f" FROM {keeping.stage} WHERE row_number IN (SELECT row_number FROM stage_fault WHERE NOT is_notice))",
        list(withheld),
    )


async def settle_items(connection: asyncpg.Connection, keeping: Keeping, placed: type[Entity]) -> None:
    """Keep one staged row of each item that a remaining row of `placed` is about, at the first such row."""
    stage = keeping.item_stage
    await connection.execute(
        f"DELETE FROM {stage} s USING (SELECT id, min(ctid) AS first FROM {stage} GROUP BY id) f"
        " WHERE s.id = f.id AND s.ctid <> f.first"
    )
    await connection.execute(
        "CREATE TEMP TABLE item_row ON COMMIT DROP AS"
        f" SELECT item_id, min(row_number) AS first FROM {stage_of(placed)} GROUP BY item_id"
    )
    await connection.execute(f"DELETE FROM {stage} WHERE id NOT IN (SELECT item_id FROM item_row)")
    await connection.execute(
        f"UPDATE {stage} s SET row_number = r.first FROM item_row r WHERE r.item_id = s.id"
    )


async def confirm(connection: asyncpg.Connection, keeping: Keeping, moment: Moment) -> None:
    """Note that the places of the file have confirmed all they keep."""
    place, confirmed = keeping.place_id, keeping.confirmation.__tablename__
    await connection.execute(
        f"INSERT INTO {confirmed} ({place}, confirmed_at, batch_id)"
        f" SELECT {place}, $1::timestamptz, $2::integer FROM (SELECT {place} FROM stage_spoken WHERE is_kept"
        f" UNION SELECT {place} FROM {keeping.stage}) s"
        f" ON CONFLICT ({place}) DO UPDATE SET confirmed_at = excluded.confirmed_at, batch_id = excluded.batch_id"
        f" WHERE {confirmed}.confirmed_at <= excluded.confirmed_at",
        moment.as_of,
        moment.batch_id,
    )


async def renew_confirmations(connection: asyncpg.Connection, batch_id: int, as_of: datetime) -> None:
    """Note that a batch's bytes came again about a later day in China: its places have confirmed all it said.

    Within one day that says nothing new: people ask since which day, and a click twice must change nothing.
    """
    for keeping in KEEPINGS:
        await connection.execute(
            f"UPDATE {keeping.confirmation.__tablename__} SET confirmed_at = $2 WHERE batch_id = $1"
            " AND (confirmed_at AT TIME ZONE 'Asia/Shanghai')::date"
            " < ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date",
            batch_id,
            as_of,
        )
