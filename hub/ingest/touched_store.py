"""SQL of what the batch in hand changes of all that the ladder goes by."""

import asyncpg

from hub.ingest.identity import spellings
from schema.names import medicine_key

#: kind of key and key, as `hub.ingest.identity.Words.keys` gives them
Keys = set[tuple[str, str]]

#: table of changes → medicines that it concerns
_PRODUCTS = {
    "change_product": "SELECT id FROM change_product",
    "change_standard_code": "SELECT s.product_id FROM change_standard_code c"
    " JOIN standard_code s ON s.standard_code = c.standard_code",
    "change_former_number": "SELECT product_id FROM change_former_number",
    "change_product_authorization": "SELECT a.product_id FROM change_product_authorization c"
    " JOIN product_authorization a ON a.id = c.id",
    "change_authorization_event": "SELECT p.id FROM change_authorization_event c"
    " JOIN authorization_event e ON e.id = c.id JOIN product p ON p.approval_number = e.approval_number",
}
#: table of changes → kinds and keys that it concerns by itself
_KEYS = {
    "change_packaged_product": "SELECT 'nhsa_code', k.nhsa_code FROM change_packaged_product c"
    " JOIN packaged_product k ON k.id = c.id",
    "change_pack_code": "SELECT CASE k.kind_code WHEN 'ean13' THEN 'barcode' ELSE k.kind_code END, k.code"
    " FROM change_pack_code c JOIN pack_code k ON k.id = c.id",
}


async def touched_products(connection: asyncpg.Connection) -> set[int]:
    """The medicines of which the batch changes what the ladder goes by."""
    found: set[int] = set()
    for table, statement in _PRODUCTS.items():
        if await _is_there(connection, table):
            found.update(row[0] for row in await connection.fetch(statement))
    return found


async def touched_keys(connection: asyncpg.Connection, products: set[int]) -> Keys:
    """All by which an item may be found to be one of these medicines, or another pack or organisation of the batch."""
    keys = await _keys_of(connection, products)
    for table, statement in _KEYS.items():
        if await _is_there(connection, table):
            keys.update((kind, key) for kind, key in await connection.fetch(statement))
    if await _is_there(connection, "change_organization_name_change"):
        rows = await connection.fetch(
            "SELECT n.former_name, n.name FROM change_organization_name_change c"
            " JOIN organization_name_change n ON n.id = c.id"
        )
        keys |= {("organisation", key) for row in rows for name in row for key in spellings(name)}
    return keys


async def keys_of_packs(connection: asyncpg.Connection, packs: set[int]) -> Keys:
    """All by which an item may be found to be one of these packs."""
    rows = await connection.fetch(
        "SELECT 'nhsa_code', nhsa_code FROM packaged_product WHERE id = ANY($1) UNION"
        " SELECT CASE c.kind_code WHEN 'ean13' THEN 'barcode' ELSE c.kind_code END, c.code FROM pack_code c"
        " JOIN packaged_product k ON k.nhsa_code = c.nhsa_code WHERE k.id = ANY($1)",
        list(packs),
    )
    return {(kind, key) for kind, key in rows}


async def _keys_of(connection: asyncpg.Connection, products: set[int]) -> Keys:
    """All by which these medicines are found or ever were."""
    wanted = list(products)
    rows = await connection.fetch(
        "SELECT DISTINCT approval_number, name_zh, holder_name, manufacturer_name FROM product WHERE id = ANY($1)",
        wanted,
    )
    codes = await connection.fetch(
        "SELECT 'standard_code', standard_code FROM standard_code WHERE product_id = ANY($1) UNION"
        " SELECT 'approval_number', former_number FROM former_number WHERE product_id = ANY($1)",
        wanted,
    )
    holders = await connection.fetch(
        "SELECT holder_name FROM product_authorization WHERE product_id = ANY($1) AND holder_name IS NOT NULL",
        wanted,
    )
    keys: Keys = {(kind, code) for kind, code in codes}
    keys |= {("organisation", each) for (name,) in holders for each in spellings(name)}
    for number, name, *organisations in rows:
        keys |= {("approval_number", number), ("name", medicine_key(name))}
        keys |= {("organisation", key) for each in organisations if each for key in spellings(each)}
    return keys


async def _is_there(connection: asyncpg.Connection, table: str) -> bool:
    found: bool = await connection.fetchval("SELECT to_regclass('pg_temp.' || $1) IS NOT NULL", table)
    return found
