"""Runs the SQL of a merge, and gathers which rows of the file changed anything."""

import re
from typing import Any

import asyncpg

from hub.ingest.batches import Moment
from hub.ingest.merge import Merge

_PARAMETER = re.compile(r"\$(\d)")


async def open_changed_rows(connection: asyncpg.Connection) -> None:
    """Make the table of rows that changed anything; gone with the transaction."""
    await connection.execute("CREATE TEMP TABLE changed_row (row_number integer) ON COMMIT DROP")


async def find_changes(connection: asyncpg.Connection, merge: Merge, moment: Moment) -> None:
    """Work out what a stage changes, without changing it yet."""
    await connection.execute(merge.create_change())
    await _run(connection, merge.find_changes(), moment)
    if merge.full_within is not None:
        await _run(connection, merge.find_vanished(), moment)
    if merge.ends:
        await _run(connection, merge.find_ended(), moment)


async def count_vanishing(connection: asyncpg.Connection, merge: Merge, moment: Moment) -> tuple[int, int]:
    """Facts that a full file no longer names, and facts that stand within what it speaks of."""
    if merge.full_within is None:
        return 0, 0
    vanishing = await connection.fetchval(f"SELECT count(*) FROM {merge.change} WHERE gone")
    statement, values = _bind(merge.count_standing(), moment)
    return vanishing, await connection.fetchval(statement, *values)


async def apply_changes(connection: asyncpg.Connection, merge: Merge, moment: Moment) -> None:
    """Write what `find_changes` found."""
    await connection.execute(f"ANALYZE {merge.change}")
    for statement in (merge.supersede(), merge.write_before(), merge.write_after(), merge.write_statements()):
        await _run(connection, statement, moment)
    await connection.execute(
        f"INSERT INTO changed_row SELECT row_number FROM {merge.change} WHERE row_number > 0"
    )


async def count_changed_rows(connection: asyncpg.Connection) -> int:
    """Rows of the file that changed anything."""
    found: int = await connection.fetchval("SELECT count(DISTINCT row_number) FROM changed_row")
    return found


async def _run(connection: asyncpg.Connection, statement: str, moment: Moment) -> None:
    bound, values = _bind(statement, moment)
    await connection.execute(bound, *values)


def _bind(statement: str, moment: Moment) -> tuple[str, list[Any]]:
    """The statement with only the parameters that it uses: the driver refuses to be given more."""
    used = sorted({int(number) for number in _PARAMETER.findall(statement)})
    bound = _PARAMETER.sub(lambda found: f"${used.index(int(found[1])) + 1}", statement)
    return bound, [moment[number - 1] for number in used]
