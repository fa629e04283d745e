"""SQL of what the hub works out of the facts: tables without periods, made anew and compared."""

from collections.abc import Set as AbstractSet

import asyncpg

from schema.declare import Entity, fields_of


async def replace_rows(
    connection: asyncpg.Connection, entity: type[Entity], wanted: AbstractSet[tuple[object, ...]]
) -> None:
    """Make the table hold these rows (in the order of the declared fields) and no others; writes what differs."""
    columns = [field.name for field in fields_of(entity)]
    table, key = str(entity.__tablename__), entity.about.key
    places = [columns.index(name) for name in key]
    standing = {tuple(row) for row in await connection.fetch(f"SELECT {', '.join(columns)} FROM {table}")}
    where = " AND ".join(f"{name} = ${place}" for place, name in enumerate(key, 1))
    gone = [tuple(row[place] for place in places) for row in standing - wanted]
    await connection.executemany(f"DELETE FROM {table} WHERE {where}", gone)
    await connection.copy_records_to_table(table, records=sorted(wanted - standing, key=str), columns=columns)
