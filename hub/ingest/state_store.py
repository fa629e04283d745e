"""SQL of the state digest: what a hub knows, as one SHA-256 for each table, in an order of its own.

Two hubs that took in the same files in the same order have the same digest, however often one of them was
killed on the way. Left out is what may honestly differ:

- instants of the hub's own doing (declared with `recorded`): only whether there is one counts, and of an open
  end whether it is open. A copy of a hub (backup, replica) has them too: `with_times` takes them in;
- deliveries that were repeats, and the numbers of deliveries: who starts again sends again;
- pulls: a record of attempts;
- clients (`oauth_client`): secrets, not data;
- the search (`search_…`): says again what the facts say, by rules that change with the program.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from hub.db.snapshot import StoreSnapshot
from schema.declare import Entity, EntityField, fields_of
from schema.entities import ENTITIES, Delivery, Pull
from schema.entities.fact import OPEN_END


@dataclass(frozen=True, slots=True)
class TableDigest:
    """The logical content of one table."""

    name: str
    rows: int
    sha256: str


def digested() -> tuple[type[Entity], ...]:
    """The entities that a digest is of."""
    return tuple(entity for entity in ENTITIES if entity is not Pull)


async def digest_table(snapshot: StoreSnapshot, entity: type[Entity], *, with_times: bool) -> TableDigest:
    """The digest of one table: SHA-256 over the sorted SHA-256 of its rows."""
    told = ", ".join(_expression(field, with_times=with_times) for field in _fields(entity))
    which = " WHERE NOT is_repeat" if entity is Delivery else ""
    total, rows = sha256(), 0
    query = (
        f"SELECT sha256(convert_to(ROW({told})::text, 'UTF8')) FROM {entity.__tablename__}{which} ORDER BY 1"
    )
    async for some in snapshot.rows(query):
        rows += len(some)
        for (line,) in some:
            total.update(line)
    return TableDigest(str(entity.__tablename__), rows, total.hexdigest())


async def landed_digests(connection: asyncpg.Connection) -> list[str]:
    """The SHA-256 of all bytes that batches were made of, sorted."""
    rows = await connection.fetch("SELECT DISTINCT sha256 FROM batch ORDER BY sha256")
    return [row[0] for row in rows]


def _fields(entity: type[Entity]) -> Iterator[EntityField]:
    return (field for field in fields_of(entity) if (entity, field.name) != (Delivery, "id"))


def _expression(field: EntityField, *, with_times: bool) -> str:
    """What of a column counts."""
    if with_times or not field.declaration.is_recorded:
        return field.name
    return f"{field.name} IS NULL" if field.nullable else f"{field.name} = '{OPEN_END}'"
