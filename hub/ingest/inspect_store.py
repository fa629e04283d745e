"""SQL of who in the store knows a code or a word."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from schema.declare import fields_of
from schema.entities import MATCHED
from schema.entities.fact import live_now
from schema.entities.matched import Matched
from schema.organizations import organization_key, organization_name_id

Record = Mapping[str, Any]

#: rows of one kind that are shown
SHOWN = 50
_PRODUCT = "p.id, p.approval_number, p.name_zh, p.specification, p.holder_name"
#: kind of code → medicines that have it
_PRODUCTS = {
    "approval_number": f"SELECT {_PRODUCT}, 'approval_number' AS by FROM product p WHERE p.approval_number = $1"
    f" AND {live_now('p')} UNION SELECT {_PRODUCT}, 'former_approval_number' FROM former_number f"
    f" JOIN product p ON p.id = f.product_id WHERE f.former_number = $1 AND {live_now('f')} AND {live_now('p')}",
    "standard_code": f"SELECT {_PRODUCT}, 'standard_code' AS by FROM standard_code s JOIN product p"
    f" ON p.id = s.product_id WHERE s.standard_code = $1 AND {live_now('s')} AND {live_now('p')}",
}
_PACKS = (
    "SELECT k.id, k.nhsa_code, k.generic_name, k.specification, k.holder_name, k.match_code, p.approval_number"
    f" FROM packaged_product k LEFT JOIN product p ON p.id = k.product_id AND {live_now('p')}"
    f" WHERE {live_now('k')} AND "
)
#: kind of code → condition over packs
_PACKS_BY = {
    "nhsa_code": "k.nhsa_code = $1",
    "ean13": "k.nhsa_code IN (SELECT nhsa_code FROM pack_code c WHERE c.code = $1 AND c.kind_code = 'ean13'"
    f" AND {live_now('c')})",
    "trace_prefix": "k.nhsa_code IN (SELECT nhsa_code FROM pack_code c WHERE c.code = $1"
    f" AND c.kind_code = 'trace_prefix' AND {live_now('c')})",
}
#: kind of code → column of items
_COLUMNS = {"ean13": "barcode"}


async def products_of(connection: asyncpg.Connection, kind: str, code: str) -> list[Record]:
    """Medicines with a code."""
    return await _records(connection, _PRODUCTS[kind], code) if kind in _PRODUCTS else []


async def packs_of(connection: asyncpg.Connection, kind: str, code: str) -> list[Record]:
    """Packs with a code."""
    if kind not in _PACKS_BY:
        return []
    return await _records(connection, f"{_PACKS}{_PACKS_BY[kind]} ORDER BY k.nhsa_code LIMIT {SHOWN}", code)


async def items_of(connection: asyncpg.Connection, kind: str, code: str) -> list[Record]:
    """Items of all senders that name a code, or have it as their own (`item_code`), with what they were found to be."""
    column = _COLUMNS.get(kind, kind)
    found: list[Record] = []
    for entity in MATCHED:
        columns = {field.name for field in fields_of(entity)}
        if column in columns and entity.said_in.get(column, (column,)):
            found += await _records(connection, _items(entity, column, columns), code)
    return found


async def regions_of(connection: asyncpg.Connection, code: str) -> list[Record]:
    """The division of a code."""
    return await _records(
        connection, f"SELECT code, name, level_code FROM region WHERE code = $1 AND {live_now()}", code
    )


async def organizations_by_code(connection: asyncpg.Connection, uscc: str) -> list[Record]:
    """The organisation of a social credit code, with the names it has or had."""
    return await _records(connection, f"{_ORGANIZATION} WHERE o.uscc = $1", uscc)


async def organizations_by_name(connection: asyncpg.Connection, name: str) -> list[Record]:
    """Organisations that a name means or meant."""
    row = await connection.fetchrow(
        "SELECT organization_id FROM organization_name WHERE id = $1", organization_name_id(name)
    )
    if row is None:
        return []  # every alias is also a name
    if row["organization_id"] is not None:
        return await _records(connection, f"{_ORGANIZATION} WHERE o.id = $1", row["organization_id"])
    # several codes claim the name: few names are like this
    aliases = await connection.fetch("SELECT organization_id, name FROM organization_alias")
    key = organization_key(name)
    ids = sorted({alias["organization_id"] for alias in aliases if organization_key(alias["name"]) == key})
    return await _records(connection, f"{_ORGANIZATION} WHERE o.id = ANY($1)", ids)


_ORGANIZATION = (
    "SELECT o.id, o.uscc, o.name, (SELECT string_agg(DISTINCT a.name, '、') FROM organization_alias a"
    " WHERE a.organization_id = o.id AND a.name <> o.name) AS other_names FROM organization o"
)


def _items(entity: type[Matched], column: str, columns: set[str]) -> str:
    name = f"coalesce({', '.join(f'i.{c}' for c in entity.said_in.get('name_zh', ('name_zh',)))})"
    own = "i.item_code" if "item_code" in columns else "NULL::text"
    return (
        f"SELECT '{entity.__tablename__}' AS kind, i.id, i.sender_code, {own} AS item_code, {name} AS name_zh,"
        " i.specification, i.match_code, i.match_method_code, i.match_score, i.match_evidence, p.approval_number"
        f" FROM {entity.__tablename__} i LEFT JOIN product p ON p.id = i.product_id AND {live_now('p')}"
        f" WHERE i.{column} = $1 AND {live_now('i')} ORDER BY i.sender_code, i.id LIMIT {SHOWN}"
    )


async def _records(connection: asyncpg.Connection, statement: str, value: object) -> list[Record]:
    return [dict(row) for row in await connection.fetch(statement, value)]
