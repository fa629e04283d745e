"""Small random rows of every entity that lead to each other: periods, superseded rows, ties, hostile texts."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg
from sqlalchemy import Table
from sqlmodel import SQLModel

from schema.declare import Entity, EntityField, fields_of
from schema.entities import ENTITIES, Batch, Region
from schema.entities.fact import Fact
from schema.graph.inputs import is_division

#: instants of the world, and instants at which the hub learned of something
DAYS = tuple(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=30 * n, hours=5 * n) for n in range(5))
LEARNED = tuple(datetime(2026, 6, 1, 23, 59, 59, 120000 * n, UTC) + timedelta(days=n) for n in range(4))
DIVISIONS = ("000000", "440000", "440100", "440106", "440111", "110000", "110101", "419001")
NUMBERS = ("国药准字H20000001", "国药准字Z44020001", "H20150001", "国药准字S10950009")
IDENTIFIERS = (1, 2, 3, 2**53 + 1)
TEXTS = (
    "阿司匹林片",
    "阿司匹林肠溶片",
    "aspirin",
    "Aspirin 50%",
    "a_b%c",
    'a "quoted" text',
    "back\\slash \\u0041",
    "new\nline\r\ttab",
    "😀 pill 💊",
    "'; DROP TABLE product; --",
    "\x01\x1f\x7f\u2028",
    "Ünïcödé ÀÉ",
    "{}[]$1 null",
    "",
    "long " * 40,
)
CODES = ("linked", "concept", "a_b%c", 'x"y\\z', "44", "~", "")
DECIMALS = tuple(
    map(
        Decimal,
        (
            "0",
            "0.00",
            "1.5",
            "1.50",
            "12.3456789",
            "-3.25",
            "1000000",
            "99999999999999999999.123456789",
            "0.1",
        ),
    )
)
DATES = (date(1999, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(987, 6, 5))
#: whose rows are, by codes of all kinds; some carry a division, some none
SENDERS = ("chain-a", "chain-b", "demo-gd", "never registered")
INSTITUTIONS = ("H44010600001", "P44010000002", "H11010100003", "X44010600004", "H", "44010600005")
DISTRIBUTORS = ("PS1", "PS2")
COMPANIES = ("91440106MA00000001", "91110000MA00000002", "914401", "1244", "")
#: columns with few values of their own, that relations or partitions want
_POOLS: Mapping[str, tuple[Any, ...]] = {
    "sender_code": SENDERS,
    "sha256": ("0" * 64, "f" * 64),
    "institution_code": INSTITUTIONS,
    "insurance_code": INSTITUTIONS,
    "distributor_code": DISTRIBUTORS,
    "uscc": COMPANIES,
    "province_code": ("44", "11"),
    "feed_code": ("registration", "pharmacy"),
    "approval_number": NUMBERS,
    "batch_id": (1, 2),
    "row_number": (1, 2, 77),
}
_BY_TYPE: Mapping[type, tuple[Any, ...]] = {
    str: TEXTS,
    int: (0, 1, 2, -5, 2_000_000_000),
    bool: (True, False),
    Decimal: DECIMALS,
    date: DATES,
    datetime: (*DAYS, LEARNED[1]),
}
_NOTHING = 0.25
_CHECKS = """SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
  WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0"""
#: how the driver writes infinity
_FOR_EVER = datetime.max.replace(tzinfo=UTC)

Row = dict[str, Any]
Rows = Mapping[type[Entity], list[Row]]


def pool_of(entity: type[Entity], field: EntityField) -> tuple[Any, ...]:
    """The values that a column may have, nothing left aside."""
    if (entity.__name__, field.name) == ("Feed", "code"):
        return _POOLS["feed_code"]
    if (entity.__name__, field.name) == ("Batch", "id"):
        return _POOLS["batch_id"]
    if (entity.__name__, field.name) == ("Sender", "code"):
        return SENDERS[:-1]
    if is_division(entity, field) or (entity is Region and field.name == "parent_code"):
        return DIVISIONS
    if field.name in _POOLS:
        return _POOLS[field.name]
    if field.declaration.is_id or field.name.endswith("_id"):
        return IDENTIFIERS if field.declaration.is_id else IDENTIFIERS[:3]
    is_coded = (
        field.python_type is str and getattr(_table(entity).c[field.name].type, "collation", None) == "C"
    )
    return CODES if is_coded else _BY_TYPE[field.python_type]


def rows_of_everything(seed: int, fewest: int = 0, most: int = 8) -> Rows:
    """Rows of every entity, of so many things; the same for a seed."""
    random = Random(seed)
    return {
        entity: _distinct(entity, list(_rows(random, entity, (fewest, most // 2, most))))
        for entity in ENTITIES
    }


async def drop_checks(connection: asyncpg.Connection) -> None:
    """Let tables take values that make no sense."""
    for check in await connection.fetch(_CHECKS):
        await connection.execute(f"ALTER TABLE {check['table']} DROP CONSTRAINT {check['name']}")


async def write_rows(connection: asyncpg.Connection, rows: Rows) -> None:
    """Let the database have these rows and no others; references between books and checks of values need not hold."""
    await drop_checks(connection)
    names = ", ".join(str(entity.__tablename__) for entity in rows)
    await connection.execute(f"SET session_replication_role = replica; TRUNCATE {names} CASCADE")
    for entity, found in rows.items():
        if found:
            records = [tuple(_stored(*item) for item in row.items()) for row in found]
            await connection.copy_records_to_table(
                str(entity.__tablename__), records=records, columns=list(found[0])
            )


def _stored(name: str, value: Any) -> Any:
    return _FOR_EVER if value is None and name in ("valid_to", "superseded_at") else value


def _rows(random: Random, entity: type[Entity], counts: tuple[int, ...]) -> Iterator[Row]:
    fields = [
        field for field in fields_of(entity) if field.name not in Fact.model_fields or not _is_fact(entity)
    ]
    for key in _keys(random, entity, fields, counts):
        if not _is_fact(entity):
            yield _values(random, entity, fields) | key
            continue
        for start, end, learned, gone in _history(random):
            times = {"valid_from": start, "valid_to": end, "recorded_at": learned, "superseded_at": gone}
            came = {"batch_id": random.choice((1, 2)), "row_number": random.choice((1, 2, 77))}
            yield _values(random, entity, fields) | key | times | came


def _distinct(entity: type[Entity], rows: list[Row]) -> list[Row]:
    """The rows that may stand beside each other in a table whose further columns are unique."""
    for index in _table(entity).indexes:
        if index.unique and index.dialect_kwargs.get("postgresql_where") is None:
            columns = [column.name for column in index.columns]
            kept = {tuple(row[name] for name in columns): row for row in rows}
            rows = [row for row in rows if None in map(row.get, columns) or row in kept.values()]
    return rows


def _is_fact(entity: type[Entity]) -> bool:
    return issubclass(entity, Fact)


def _keys(
    random: Random, entity: type[Entity], fields: list[EntityField], counts: tuple[int, ...]
) -> list[Row]:
    by_name = {field.name: field for field in fields}
    if entity is Batch:  # facts are of batches that the books know
        return [{"id": number} for number in _POOLS["batch_id"]]
    found: dict[tuple[Any, ...], Row] = {}
    for _ in range(random.choice(counts)):
        key = {name: random.choice(pool_of(entity, by_name[name])) for name in entity.about.key}
        found[tuple(key.values())] = key
    return list(found.values())


def _values(random: Random, entity: type[Entity], fields: list[EntityField]) -> Row:
    return {
        field.name: None
        if field.nullable and random.random() < _NOTHING
        else random.choice(pool_of(entity, field))
        for field in fields
    }


Period = tuple[datetime, datetime | None]


def _history(random: Random) -> list[tuple[datetime, datetime | None, datetime, datetime | None]]:
    """Periods of one thing, each with when the hub learned of it and when it learned better."""
    known: dict[Period, datetime] = {}
    found = []
    for learned in sorted(random.sample(LEARNED, random.choice((1, 1, 2, 3)))):
        now = set(_periods(random))
        kept = {period for period in known if period in now and random.random() < 0.6}
        found += [(*period, since, learned) for period, since in known.items() if period not in kept]
        known = {period: known[period] if period in kept else learned for period in now}
    return found + [(*period, since, None) for period, since in known.items()]


def _periods(random: Random) -> list[Period]:
    """Periods that do not overlap; the last may be open."""
    cuts = sorted(random.sample(DAYS, random.choice((1, 1, 2, 3))))
    ends: list[datetime | None] = [
        *cuts[1:],
        random.choice((None, None, None, datetime(2026, 12, 1, tzinfo=UTC))),
    ]
    return [period for period in zip(cuts, ends, strict=True) if random.random() < 0.9]


def _table(entity: type[Entity]) -> Table:
    return SQLModel.metadata.tables[str(entity.__tablename__)]
