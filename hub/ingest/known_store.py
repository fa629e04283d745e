"""SQL of what registration knows of some items' codes and words, and of what a batch changed in it.

Names are spelt in several ways, so they are compared by keys that Python makes. Each distinct spelling is made a key
once; then the medicines behind the keys that matter are fetched. Nothing goes item by medicine.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import asyncpg

from hub.ingest.identity import Candidate, Known, Words
from schema.entities.fact import live_now
from schema.identifiers import IdentifierError, approval_number_readings, parse_approval_number
from schema.names import medicine_key, name_key

#: kind of key and key, as `Words.keys` gives them
Keys = set[tuple[str, str]]

_CANDIDATE = "p.id, p.approval_number, p.name_zh, p.specification, p.holder_name, p.manufacturer_name"


async def fetch_known(connection: asyncpg.Connection, asked: Iterable[Words]) -> Known:
    """What registration knows of what these items say."""
    asked = list(asked)
    numbers = {words.approval_number for words in asked if words.approval_number}
    readings = {reading for number in numbers for reading in approval_number_readings(number)}
    by_number = await _by_column(connection, "approval_number", numbers | readings)
    by_standard = await _by_standard_code(connection, {w.standard_code for w in asked if w.standard_code})
    codeless = [
        words
        for words in asked
        if words.approval_number not in by_number and words.standard_code not in by_standard
    ]
    nameless = {words.organisation for words in asked if words.organisation and words.name_zh is None}
    return Known(
        by_approval_number=by_number,
        by_standard_code=by_standard,
        by_former_number=await _by_former_number(connection, numbers - by_number.keys()),
        by_name=await _by_name(connection, {medicine_key(w.name_zh) for w in codeless if w.name_zh}),
        by_organisation=await _of_organisations(connection, nameless),
        organisations=await _known_organisations(connection),
    )


async def touched_products(connection: asyncpg.Connection) -> set[int]:
    """The medicines of which the batch in hand changes what the ladder goes by."""
    rows = await connection.fetch(
        "SELECT id FROM change_product UNION SELECT s.product_id FROM change_standard_code c"
        " JOIN standard_code s ON s.standard_code = c.standard_code"
        if await _is_there(connection, "change_standard_code")
        else "SELECT id FROM change_product"
    )
    return {row[0] for row in rows}


async def keys_of(connection: asyncpg.Connection, products: set[int]) -> Keys:
    """All by which these medicines are found or ever were."""
    rows = await connection.fetch(
        "SELECT DISTINCT approval_number, former_approval_number, name_zh, holder_name, manufacturer_name"
        " FROM product WHERE id = ANY($1)",
        list(products),
    )
    codes = await connection.fetch(
        "SELECT DISTINCT standard_code FROM standard_code WHERE product_id = ANY($1)", list(products)
    )
    keys: Keys = {("standard_code", code) for (code,) in codes}
    for number, former, name, *organisations in rows:
        keys |= {("approval_number", number), ("name", medicine_key(name))}
        keys |= {("approval_number", each) for each in _numbers_in(former)}
        keys |= {("organisation", name_key(each)) for each in organisations if each}
    return keys


async def _by_column(
    connection: asyncpg.Connection, column: str, wanted: set[str]
) -> dict[str, list[Candidate]]:
    """Live medicines by the wanted values of a column."""
    rows = await connection.fetch(
        f"SELECT p.{column}, {_CANDIDATE} FROM product p WHERE p.{column} = ANY($1) AND {live_now('p')} ORDER BY p.id",
        sorted(wanted),
    )
    return _grouped(rows, str)


async def _by_standard_code(connection: asyncpg.Connection, codes: set[str]) -> dict[str, list[Candidate]]:
    rows = await connection.fetch(
        f"SELECT s.standard_code, {_CANDIDATE} FROM standard_code s JOIN product p ON p.id = s.product_id"
        f" WHERE s.standard_code = ANY($1) AND {live_now('s')} AND {live_now('p')}",
        sorted(codes),
    )
    return _grouped(rows, str)


async def _by_former_number(connection: asyncpg.Connection, numbers: set[str]) -> dict[str, list[Candidate]]:
    """Medicines by the number they had before; registration writes it as it likes, so it is read, not compared."""
    if not numbers:
        return {}
    rows = await connection.fetch(
        f"SELECT p.former_approval_number, {_CANDIDATE} FROM product p"
        f" WHERE p.former_approval_number IS NOT NULL AND {live_now('p')} ORDER BY p.id"
    )
    found: dict[str, list[Candidate]] = defaultdict(list)
    for former, *values in rows:
        for number in numbers.intersection(_numbers_in(former)):
            found[number].append(Candidate(*values))
    return dict(found)


async def _by_name(connection: asyncpg.Connection, keys: set[str]) -> dict[str, list[Candidate]]:
    if not keys:
        return {}
    names = await connection.fetch(f"SELECT DISTINCT name_zh FROM product WHERE {live_now()}")
    spellings = [name for (name,) in names if medicine_key(name) in keys]
    rows = await connection.fetch(
        f"SELECT p.name_zh, {_CANDIDATE} FROM product p WHERE p.name_zh = ANY($1) AND {live_now('p')} ORDER BY p.id",
        spellings,
    )
    return _grouped(rows, medicine_key)


async def _of_organisations(connection: asyncpg.Connection, keys: set[str]) -> dict[str, list[Candidate]]:
    """All that these organisations hold or make."""
    if not keys:
        return {}
    spellings = [name for name in await _organisation_names(connection) if name_key(name) in keys]
    rows = await connection.fetch(
        f"SELECT {_CANDIDATE} FROM product p WHERE {live_now('p')}"
        " AND (p.holder_name = ANY($1) OR p.manufacturer_name = ANY($1)) ORDER BY p.id",
        spellings,
    )
    found: dict[str, list[Candidate]] = {key: [] for key in keys}
    for candidate in (Candidate(*row) for row in rows):
        for key in candidate.organisations & keys:
            found[key].append(candidate)
    return found


async def _known_organisations(connection: asyncpg.Connection) -> frozenset[str]:
    """Keys of all that hold or make a medicine."""
    return frozenset(name_key(name) for name in await _organisation_names(connection))


async def _organisation_names(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        f"SELECT holder_name FROM product WHERE {live_now()} AND holder_name IS NOT NULL"
        f" UNION SELECT manufacturer_name FROM product WHERE {live_now()} AND manufacturer_name IS NOT NULL"
    )
    return [name for (name,) in rows]


async def _is_there(connection: asyncpg.Connection, table: str) -> bool:
    found: bool = await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table)
    return found


def _numbers_in(former: str | None) -> Iterable[str]:
    """The approval number that a cell of former numbers holds, if it can be read."""
    if former is None:
        return ()
    try:
        return (parse_approval_number(former).text,)
    except IdentifierError:
        return ()


def _grouped(rows: Sequence[asyncpg.Record], key_of: Callable[[str], str]) -> dict[str, list[Candidate]]:
    """Candidates by the key of each row's first value."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for first, *values in rows:
        found[key_of(first)].append(Candidate(*values))
    return dict(found)
