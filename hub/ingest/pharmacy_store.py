"""SQL of pharmacies' stock-takes."""

from datetime import datetime

import asyncpg

from hub.ingest.batches import Moment
from hub.ingest.stage_store import stage_of
from schema.declare import Entity
from schema.entities.fact import live_now


async def provinces_of_pharmacies(connection: asyncpg.Connection, sender_code: str) -> dict[int, str]:
    """The sender's pharmacies, each with the two digits of its province."""
    rows = await connection.fetch(
        f"SELECT id, left(region_code, 2) FROM pharmacy WHERE sender_code = $1 AND {live_now()}",
        sender_code,
    )
    return {row[0]: row[1] for row in rows}


async def known_regions(connection: asyncpg.Connection) -> set[str]:
    """The codes of all divisions."""
    return {row[0] for row in await connection.fetch(f"SELECT code FROM region WHERE {live_now()}")}


async def fault_contradicting_items(
    connection: asyncpg.Connection, placed: type[Entity], columns: tuple[str, ...]
) -> None:
    """Fault the rows of every item that the file describes in more than one way: it may be two medicines."""
    described = ", ".join(column for column in columns if column != "id")
    await connection.execute(
        "INSERT INTO stage_fault SELECT o.row_number, 'row.item_contradiction', false, NULL, c.item_code,"
        " '同一商品编码在本文件中有不同写法，见第 ' || c.others || ' 行等"
        " one item code, different medicines in this file: see rows ' || c.others"
        f" FROM {stage_of(placed)} o JOIN (SELECT id, min(item_code) AS item_code,"
        f" string_agg(first::text, ', ' ORDER BY first) AS others FROM (SELECT id, item_code, min(row_number) AS first"
        f" FROM stage_local_item GROUP BY id, {described}) d GROUP BY id HAVING count(*) > 1) c ON c.id = o.item_id"
    )


async def open_scope(connection: asyncpg.Connection) -> None:
    """Make the table of the pharmacies that a stock-take speaks of."""
    await connection.execute(
        "CREATE TEMP TABLE stage_spoken ON COMMIT DROP AS"
        " SELECT DISTINCT pharmacy_id, false AS is_kept FROM stage_on_sale"
    )


async def narrow_scope(connection: asyncpg.Connection, withheld: set[int]) -> None:
    """Make the scope of a stock-take: the pharmacies it speaks of, but for those with rows in quarantine.

    A row in quarantine is not absent, only not understood; so its pharmacy loses nothing by this file.
    """
    await connection.execute("ANALYZE stage_spoken")
    await connection.execute(
        "CREATE TEMP TABLE stage_scope ON COMMIT DROP AS SELECT pharmacy_id FROM stage_spoken"
    )
    await connection.execute(
        "DELETE FROM stage_scope WHERE pharmacy_id = ANY($1) OR pharmacy_id IN (SELECT pharmacy_id"
        " FROM stage_on_sale WHERE row_number IN (SELECT row_number FROM stage_fault WHERE NOT is_notice))",
        list(withheld),
    )


async def settle_items(connection: asyncpg.Connection, placed: type[Entity]) -> None:
    """Keep one staged row of each item that a remaining row of `placed` is about, at the first such row."""
    await connection.execute(
        "DELETE FROM stage_local_item s USING (SELECT id, min(ctid) AS first FROM stage_local_item GROUP BY id) f"
        " WHERE s.id = f.id AND s.ctid <> f.first"
    )
    await connection.execute(
        "CREATE TEMP TABLE item_row ON COMMIT DROP AS"
        f" SELECT item_id, min(row_number) AS first FROM {stage_of(placed)} GROUP BY item_id"
    )
    await connection.execute("DELETE FROM stage_local_item WHERE id NOT IN (SELECT item_id FROM item_row)")
    await connection.execute(
        "UPDATE stage_local_item s SET row_number = r.first FROM item_row r WHERE r.item_id = s.id"
    )


async def confirm_stock_takes(connection: asyncpg.Connection, moment: Moment) -> None:
    """Note that the pharmacies of the file have confirmed all they have on sale."""
    await connection.execute(
        "INSERT INTO stock_take (pharmacy_id, confirmed_at, batch_id)"
        " SELECT pharmacy_id, $1::timestamptz, $2::integer FROM (SELECT pharmacy_id FROM stage_spoken WHERE is_kept"
        " UNION SELECT pharmacy_id FROM stage_on_sale) s"
        " ON CONFLICT (pharmacy_id) DO UPDATE SET confirmed_at = excluded.confirmed_at, batch_id = excluded.batch_id"
        " WHERE stock_take.confirmed_at <= excluded.confirmed_at",
        moment.as_of,
        moment.batch_id,
    )


async def renew_stock_takes(connection: asyncpg.Connection, batch_id: int, as_of: datetime) -> None:
    """Note that a batch's bytes came again about a later day in China: its pharmacies have confirmed all it said.

    Within one day that says nothing new: people ask since which day, and a click twice must change nothing.
    """
    await connection.execute(
        "UPDATE stock_take SET confirmed_at = $2 WHERE batch_id = $1"
        " AND (confirmed_at AT TIME ZONE 'Asia/Shanghai')::date < ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date",
        batch_id,
        as_of,
    )
