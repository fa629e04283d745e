"""Many rows of a few entities, made by PostgreSQL itself, so that a plan without an index would be a slow one."""

import asyncpg

from schema.declare import Entity, EntityField, fields_of
from schema.entities.fact import Fact

#: things of each entity; each has a period now and one before
THINGS = 4_000
_SQL = {
    "str": "'x' || n",
    "int": "n % 1000",
    "bool": "n % 2 = 0",
    "Decimal": "n / 7.0",
    "date": "DATE '2020-01-01' + (n % 2000)::int",
    "datetime": "TIMESTAMPTZ '2026-01-01' + n * INTERVAL '1 second'",
}


async def fill(connection: asyncpg.Connection, entity: type[Entity]) -> None:
    """Rows whose identifiers and codes are 1, 2, … and lead to things of the same numbers; their statistics too."""
    own = [field for field in fields_of(entity) if field.name not in Fact.model_fields]
    if not issubclass(entity, Fact):
        own = list(fields_of(entity))
    names = [field.name for field in own]
    values = [_value(entity, field) for field in own]
    table = str(entity.__tablename__)
    if issubclass(entity, Fact):
        names += ["valid_from", "valid_to", "recorded_at", "superseded_at", "batch_id", "row_number"]
        await _insert(connection, table, names, [*values, "'2026-02-01'", "'infinity'", *_CAME])
        values += ["'2026-01-01'", "'2026-02-01'", *_CAME]
    await _insert(connection, table, names, values)
    await connection.execute(f"ANALYZE {table}")


_CAME = ("'2026-03-01'", "'infinity'", "1", "n")


async def _insert(connection: asyncpg.Connection, table: str, names: list[str], values: list[str]) -> None:
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
        f" FROM generate_series(1, {THINGS}) n ON CONFLICT DO NOTHING"
    )


def _value(entity: type[Entity], field: EntityField) -> str:
    """A value that follows from the row's number; divisions' codes spread over a hundred counties."""
    if field.name == "province_code":
        return "'44'"
    if field.python_type is str and ("region" in field.name or entity.__name__ == "Region"):
        return _division(field)
    if (
        field.declaration.is_id
        or field.name in entity.about.key
        or field.name.endswith(("_id", "_code", "number"))
    ):
        return "n" if field.python_type is int else "n::text"
    return _SQL[field.python_type.__name__]


def _division(field: EntityField) -> str:
    if field.name == "code":
        return "(440000 + n)::text"
    if field.name == "parent_code":
        return "(440000 + n / 100 * 100)::text"
    return "(440100 + n % 100)::text"
