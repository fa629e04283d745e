"""SQL of active substances: which registration is in which medicine, where that is certain."""

import asyncpg

from hub.ingest.derived_store import replace_rows
from schema.entities import SubstanceProduct
from schema.entities.fact import live_now
from schema.names import name_key
from schema.substances import stated_approvals, substance_key


async def link(connection: asyncpg.Connection) -> None:
    """Work the links of substances to medicines out anew: stated approval numbers, and names equal to the letter."""
    by_number: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    products = await connection.fetch(f"SELECT id, approval_number, name_zh FROM product WHERE {live_now()}")
    for product_id, number, name in products:
        by_number[number] = product_id
        if key := substance_key(name):
            by_name.setdefault(key, []).append(product_id)
    links: dict[tuple[int, int], str] = {}
    substances = await connection.fetch(
        f"SELECT id, name_zh, related_approvals FROM substance WHERE {live_now()}"
    )
    for substance_id, name, approvals in substances:
        links |= {(substance_id, product): "name" for product in by_name.get(name_key(name), ())}
        stated = stated_approvals(approvals or "") & by_number.keys()
        links |= {(substance_id, by_number[number]): "stated" for number in stated}
    await replace_rows(connection, SubstanceProduct, {(*pair, method) for pair, method in links.items()})
