"""SQL of pharmacies' stocks: lots added up, lines that end, and the levels that follow from counts and changes."""

from collections.abc import Sequence

import asyncpg

from hub.ingest.batches import Moment
from schema.entities.fact import live_now

#: of these pharmacies, each item that has changes: the last count, what changed after it, and what can be said
_LEVELS = f"""
INSERT INTO stock_level (pharmacy_id, item_id, level_packs, basis_code, counted_at, changed_at, sold_at)
WITH change AS (
    SELECT * FROM inventory_change WHERE pharmacy_id = ANY($1) AND {live_now()}
), pair AS (
    SELECT DISTINCT c.pharmacy_id, c.item_id, left(p.region_code, 2) AS province_code, t.confirmed_at
    FROM change c LEFT JOIN pharmacy p ON p.id = c.pharmacy_id AND {live_now("p")}
    LEFT JOIN stock_take t ON t.pharmacy_id = c.pharmacy_id
), counted AS (
    SELECT pair.pharmacy_id, pair.item_id, found.at, found.packs FROM pair LEFT JOIN LATERAL (
        SELECT pair.confirmed_at AS at, o.stock_packs AS packs FROM on_sale o
        WHERE o.pharmacy_id = pair.pharmacy_id AND o.item_id = pair.item_id AND o.province_code = pair.province_code
        AND o.superseded_at = 'infinity' AND o.valid_from <= pair.confirmed_at AND o.valid_to > pair.confirmed_at
        UNION ALL
        SELECT c.changed_at, c.quantity_packs FROM change c
        WHERE c.pharmacy_id = pair.pharmacy_id AND c.item_id = pair.item_id AND c.kind_code = 'count'
        ORDER BY at DESC, packs LIMIT 1
    ) found ON true
), told AS (
    SELECT c.*, b.at, b.packs, c.kind_code <> 'count' AND c.changed_at > b.at AS is_after,
    c.is_whole_day AND c.changed_at <= b.at AND c.changed_at + interval '1 day' > b.at AS is_unordered
    FROM counted b JOIN change c ON c.pharmacy_id = b.pharmacy_id AND c.item_id = b.item_id
), summed AS (
    SELECT pharmacy_id, item_id, at, packs,
    coalesce(sum(quantity_packs) FILTER (WHERE is_after), 0) AS difference,
    count(*) FILTER (WHERE is_after) AS after,
    bool_or(is_unordered) AS is_unordered,
    coalesce(bool_or(quantity_packs IS NULL) FILTER (WHERE is_after), false) AS is_unsigned,
    count(DISTINCT source_code) FILTER (WHERE is_after AND kind_code = 'sale') > 1 AS is_told_twice,
    max(changed_at) AS changed_at, max(changed_at) FILTER (WHERE kind_code = 'sale' AND quantity_packs < 0) AS sold_at
    FROM told GROUP BY pharmacy_id, item_id, at, packs
), judged AS (
    SELECT *, CASE WHEN at IS NULL OR packs IS NULL THEN 'not_counted' WHEN is_unordered THEN 'unordered'
    WHEN is_unsigned THEN 'unsigned' WHEN is_told_twice THEN 'told_twice'
    WHEN packs + difference < 0 THEN 'negative' WHEN after = 0 THEN 'counted' ELSE 'changed' END AS basis_code
    FROM summed
)
SELECT pharmacy_id, item_id, CASE WHEN basis_code IN ('counted', 'changed') THEN packs + difference END,
basis_code, at, changed_at, sold_at FROM judged
"""


async def derive_levels(connection: asyncpg.Connection, pharmacies: Sequence[int]) -> None:
    """Work out anew the levels of all items of these pharmacies that have changes.

    They follow from the facts alone, in whatever order those came.
    """
    if not pharmacies:
        return
    await connection.execute("DELETE FROM stock_level WHERE pharmacy_id = ANY($1)", pharmacies)
    await connection.execute(_LEVELS, pharmacies)


async def staged_pharmacies(connection: asyncpg.Connection) -> list[int]:
    """The pharmacies of the staged changes."""
    rows = await connection.fetch("SELECT DISTINCT pharmacy_id FROM stage_inventory_change")
    return [row[0] for row in rows]


async def counted_with_changes(connection: asyncpg.Connection, moment: Moment) -> list[int]:
    """The pharmacies that this batch confirmed and that have told of changes."""
    rows = await connection.fetch(
        "SELECT pharmacy_id FROM stock_take t WHERE batch_id = $1 AND EXISTS"
        f" (SELECT FROM inventory_change c WHERE c.pharmacy_id = t.pharmacy_id AND {live_now('c')})",
        moment.batch_id,
    )
    return [row[0] for row in rows]


async def add_lots_up(
    connection: asyncpg.Connection, missing: Sequence[tuple[int | None, int | None]]
) -> None:
    """Make one row on sale of an item's lots. Where a lot is in quarantine or not counted the sum is not known.

    `missing`: store and item of rows that never reached the stage; what could not be told is None and may be any.
    """
    await connection.execute(
        "CREATE TEMP TABLE lot_missing ON COMMIT DROP AS"
        " SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS m (pharmacy_id, item_id)",
        [pharmacy for pharmacy, _ in missing],
        [item for _, item in missing],
    )
    await connection.execute(
        "INSERT INTO lot_missing SELECT pharmacy_id, item_id FROM stage_on_sale"
        " WHERE row_number IN (SELECT row_number FROM stage_fault WHERE NOT is_notice)"
    )
    # a lot that the file repeats word for word stands in its own stage once, so that it counts once
    await connection.execute(
        "CREATE TEMP TABLE lot_sum ON COMMIT DROP AS SELECT o.pharmacy_id, o.item_id, min(o.ctid) AS first,"
        " bool_or(l.counted_packs IS NULL) OR EXISTS (SELECT FROM lot_missing m"
        " WHERE (m.pharmacy_id IS NULL OR m.pharmacy_id = o.pharmacy_id)"
        " AND (m.item_id IS NULL OR m.item_id = o.item_id)) AS is_partial, sum(l.counted_packs) AS packs"
        " FROM stage_on_sale o JOIN stage_stock_lot l ON l.row_number = o.row_number"
        " GROUP BY o.pharmacy_id, o.item_id"
    )
    await connection.execute(
        "DELETE FROM stage_on_sale s WHERE NOT EXISTS (SELECT FROM lot_sum t WHERE t.pharmacy_id = s.pharmacy_id"
        " AND t.item_id = s.item_id AND t.first = s.ctid)"
    )
    await connection.execute(
        "UPDATE stage_on_sale s SET stock_packs = CASE WHEN NOT t.is_partial THEN t.packs END,"
        " availability_code = CASE WHEN t.packs > 0 THEN 'in_stock' WHEN t.is_partial THEN 'unknown'"
        " ELSE 'out_of_stock' END"
        " FROM lot_sum t WHERE t.pharmacy_id = s.pharmacy_id AND t.item_id = s.item_id"
    )


async def set_ends_aside(connection: asyncpg.Connection, rows: Sequence[int]) -> None:
    """Move the rows that end a line out of the stage, into one of their own."""
    await connection.execute(
        "CREATE TEMP TABLE stage_end_on_sale ON COMMIT DROP AS SELECT * FROM stage_on_sale WHERE row_number = ANY($1)",
        rows,
    )
    await connection.execute("DELETE FROM stage_on_sale WHERE row_number = ANY($1)", rows)
