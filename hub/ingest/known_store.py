"""SQL of what registration knows of some items' codes and words.

Names are spelt in several ways, so they are compared by keys that Python makes. Each distinct spelling is made a key
once; then the medicines behind the keys that matter are fetched. Nothing goes item by medicine.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import asyncpg

from hub.ingest.identity import Candidate, Known, Words, abbreviations
from schema.entities.fact import live_now
from schema.identifiers import approval_number_readings
from schema.names import medicine_key
from schema.organizations import organization_key

_CANDIDATE = (
    "p.id, p.approval_number, p.name_zh, p.specification, p.holder_name, p.manufacturer_name, p.concept_id,"
    " p.trade_name_zh,"
    " ARRAY(SELECT a.holder_name FROM product_authorization a WHERE a.product_id = p.id"
    f" AND {live_now('a')} AND a.holder_name IS NOT NULL UNION SELECT n FROM authorization_event e,"
    f" unnest(ARRAY[e.holder_name, e.former_holder_name]) n WHERE e.approval_number = p.approval_number"
    f" AND {live_now('e')} AND n IS NOT NULL ORDER BY 1)"
)
_ORGANISATIONS = (
    f"SELECT holder_name AS name FROM product WHERE {live_now()} AND holder_name IS NOT NULL"
    f" UNION SELECT manufacturer_name FROM product WHERE {live_now()} AND manufacturer_name IS NOT NULL"
    f" UNION SELECT holder_name FROM product_authorization WHERE {live_now()} AND holder_name IS NOT NULL"
)
#: where medicines stand by a code: table with its alias, the code's column, how the product is found, what else holds
_PACK = f"JOIN product p ON p.id = c.product_id AND {live_now('p')}"
_PACK_CODE = (
    f"LEFT JOIN packaged_product k ON k.nhsa_code = c.nhsa_code AND {live_now('k')}"
    " JOIN product p ON (p.id = k.product_id OR (k.product_id IS NULL AND p.approval_number = c.approval_number))"
    f" AND {live_now('p')}"
)


async def fetch_known(connection: asyncpg.Connection, asked: Collection[Words]) -> Known:
    """What registration knows of what these items say."""
    numbers = {words.approval_number for words in asked if words.approval_number}
    readings = {reading for number in numbers for reading in approval_number_readings(number)}
    by_number = await _by_number(connection, numbers | readings)
    by_standard = await _by_code(
        connection, "standard_code c", "c.standard_code", _PACK, _said(asked, "standard_code")
    )
    aliases = await _aliases(connection)
    organisations = frozenset(map(organization_key, await _texts(connection, _ORGANISATIONS)))
    stated = {words.organisation for words in asked if words.organisation}
    by_name = await _by_name(connection, _names_without_code(asked, by_number, by_standard))
    return Known(
        by_approval_number=by_number,
        by_standard_code=by_standard,
        by_former_number=await _by_code(
            connection, "former_number c", "c.former_number", _PACK, numbers - by_number.keys()
        ),
        by_nhsa_code=await _by_code(
            connection, "packaged_product c", "c.nhsa_code", _PACK, _said(asked, "nhsa_code")
        ),
        by_barcode=await _by_pack_code(connection, "ean13", _said(asked, "barcode")),
        by_trace_prefix=await _by_pack_code(connection, "trace_prefix", _said(asked, "trace_prefix")),
        by_name=by_name,
        by_organisation=await _of_organisations(connection, _nameless(asked), aliases),
        organisations=organisations,
        abbreviated=abbreviations(stated, organisations),
        aliases=aliases,
        packs=await _packs(connection, by_name),
    )


def _said(asked: Iterable[Words], word: str) -> set[str]:
    return {said for words in asked if (said := getattr(words, word))}


def _nameless(asked: Iterable[Words]) -> set[str]:
    """Who is stated to hold medicines that are not named."""
    return {words.organisation for words in asked if words.organisation and words.name_zh is None}


def _names_without_code(
    asked: Iterable[Words], by_number: Collection[str], by_standard: Collection[str]
) -> set[str]:
    """Keys of the names of items that no certain code recognises."""
    return {
        medicine_key(words.name_zh)
        for words in asked
        if words.name_zh and words.approval_number not in by_number and words.standard_code not in by_standard
    }


async def _by_number(connection: asyncpg.Connection, numbers: set[str]) -> dict[str, list[Candidate]]:
    rows = await connection.fetch(
        f"SELECT p.approval_number, {_CANDIDATE} FROM product p WHERE p.approval_number = ANY($1) AND {live_now('p')}",
        sorted(numbers),
    )
    return _grouped(rows)


async def _by_code(
    connection: asyncpg.Connection, table: str, column: str, join: str, codes: set[str], also: str = ""
) -> dict[str, list[Candidate]]:
    """Medicines by codes of another table."""
    if not codes:
        return {}
    rows = await connection.fetch(
        f"SELECT DISTINCT ON ({column}, p.id) {column}, {_CANDIDATE} FROM {table} {join}"
        f" WHERE {column} = ANY($1) AND {live_now('c')}{also} ORDER BY {column}, p.id",
        sorted(codes),
    )
    return _grouped(rows)


async def _by_pack_code(
    connection: asyncpg.Connection, kind: str, codes: set[str]
) -> dict[str, list[Candidate]]:
    also = f" AND c.kind_code = '{kind}'"
    return await _by_code(connection, "pack_code c", "c.code", _PACK_CODE, codes, also)


async def _by_name(connection: asyncpg.Connection, keys: set[str]) -> dict[str, list[Candidate]]:
    if not keys:
        return {}
    names = await _texts(connection, f"SELECT DISTINCT name_zh FROM product WHERE {live_now()}")
    rows = await connection.fetch(
        f"SELECT p.name_zh, {_CANDIDATE} FROM product p WHERE p.name_zh = ANY($1) AND {live_now('p')} ORDER BY p.id",
        [name for name in names if medicine_key(name) in keys],
    )
    return _grouped(rows, medicine_key)


async def _of_organisations(
    connection: asyncpg.Connection, keys: set[str], aliases: Mapping[str, frozenset[str]]
) -> dict[str, list[Candidate]]:
    """All that these organisations hold or make, under whichever of their names."""
    if not keys:
        return {}
    names = {key: aliases.get(key, frozenset()) | {key} for key in keys}
    wanted = frozenset().union(*names.values())
    spellings = [
        name for name in await _texts(connection, _ORGANISATIONS) if organization_key(name) in wanted
    ]
    rows = await connection.fetch(
        f"SELECT {_CANDIDATE} FROM product p WHERE {live_now('p')} AND (p.holder_name = ANY($1)"
        " OR p.manufacturer_name = ANY($1) OR p.id IN (SELECT product_id FROM product_authorization"
        f" WHERE {live_now()} AND holder_name = ANY($1))) ORDER BY p.id",
        spellings,
    )
    candidates = [_candidate(row) for row in rows]
    return {
        key: [each for each in candidates if not each.organisations.isdisjoint(same)]
        for key, same in names.items()
    }


async def _aliases(connection: asyncpg.Connection) -> dict[str, frozenset[str]]:
    """Names that a register of changes says are one organisation's; a name that two claim is neither's."""
    rows = await connection.fetch(
        "SELECT array_agg(DISTINCT name) FROM organization_alias WHERE method_code = 'name_change'"
        " AND name NOT IN (SELECT name FROM organization_name WHERE name_state_code = 'conflict')"
        " GROUP BY organization_id"
    )
    return {
        key: keys for (names,) in rows for keys in [frozenset(map(organization_key, names))] for key in keys
    }


async def _packs(
    connection: asyncpg.Connection, by_name: Mapping[str, Sequence[Candidate]]
) -> dict[int, frozenset[int]]:
    """Units in the packs of these medicines, as far as they are known."""
    products = sorted({each.product_id for found in by_name.values() for each in found})
    rows = await connection.fetch(
        "SELECT product_id, array_agg(DISTINCT conversion_ratio) FROM packaged_product"
        f" WHERE product_id = ANY($1) AND conversion_ratio IS NOT NULL AND {live_now()} GROUP BY product_id",
        products,
    )
    return {
        product: frozenset(int(units) for units in ratios if units == int(units)) for product, ratios in rows
    }


async def _texts(connection: asyncpg.Connection, statement: str) -> list[str]:
    return [text for (text,) in await connection.fetch(statement)]


def _grouped(
    rows: Sequence[asyncpg.Record], key_of: Callable[[str], str] = str
) -> dict[str, list[Candidate]]:
    """Candidates by the key of each row's first value."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        found[key_of(row[0])].append(_candidate(row[1:]))
    return dict(found)


def _candidate(row: Sequence[Any]) -> Candidate:
    id_, number, name, specification, holder, maker, concept, trade, holders = row
    return Candidate(id_, number, name, specification, holder, maker, concept, trade, tuple(holders))
