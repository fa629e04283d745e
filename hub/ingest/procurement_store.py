"""SQL of procurement: a platform's catalogue at an instant, the scope of its list, whose amounts are public."""

from datetime import datetime
from typing import Any

import asyncpg

from schema.procurement import PriceState


async def catalogue(
    connection: asyncpg.Connection, sender_code: str, as_of: datetime
) -> list[tuple[Any, ...]]:
    """Of each product that the platform has ever listed by then: id, ratio, names of pack and unit, whether public.

    What has left the list counts as it last stood there, for orders of it are still under way. A product is
    public if it has a listing, and the last word on none of its listings was that its price is confidential.
    """
    rows = await connection.fetch(
        "WITH product AS (SELECT DISTINCT ON (id) * FROM platform_product WHERE sender_code = $1"
        " AND superseded_at = 'infinity' AND valid_from <= $2 ORDER BY id, valid_from DESC),"
        " price AS (SELECT platform_product_id, bool_and(price_state_code <> $3) AS is_public FROM"
        " (SELECT DISTINCT ON (id) * FROM listing WHERE sender_code = $1 AND superseded_at = 'infinity'"
        " AND valid_from <= $2 ORDER BY id, valid_from DESC) l GROUP BY 1)"
        " SELECT p.id, p.conversion_ratio, p.pack_name, p.unit_name, coalesce(price.is_public, false)"
        " FROM product p LEFT JOIN price ON price.platform_product_id = p.id ORDER BY p.id",
        sender_code,
        as_of,
        PriceState.CONFIDENTIAL.value,
    )
    return [tuple(row) for row in rows]


async def open_scope(connection: asyncpg.Connection, sender_code: str, withheld: set[int]) -> None:
    """Make the scope of a platform's whole list: its listings and products, without those in quarantine."""
    await connection.execute("CREATE TEMP TABLE stage_scope (id bigint) ON COMMIT DROP")
    await connection.execute(
        "INSERT INTO stage_scope SELECT id FROM listing WHERE sender_code = $1"
        " UNION SELECT id FROM platform_product WHERE sender_code = $1",
        sender_code,
    )
    await connection.execute(
        "DELETE FROM stage_scope WHERE id = ANY($1) OR id IN (SELECT unnest(ARRAY[id, platform_product_id])"
        " FROM stage_listing WHERE row_number IN (SELECT row_number FROM stage_fault WHERE NOT is_notice))",
        list(withheld),
    )


async def open_public_amounts(connection: asyncpg.Connection, as_of: datetime) -> None:
    """Take the staged amounts of order lines out of the confidential columns where the line's price is public."""
    await connection.execute(
        "UPDATE stage_settlement s SET due_yuan = s.confidential_due_yuan, paid_yuan = s.confidential_paid_yuan,"
        " confidential_due_yuan = NULL, confidential_paid_yuan = NULL FROM purchase_line p"
        " WHERE p.id = s.purchase_line_id AND p.price_state_code <> $1 AND p.superseded_at = 'infinity'"
        " AND p.valid_from <= $2 AND p.valid_to > $2",
        PriceState.CONFIDENTIAL.value,
        as_of,
    )
