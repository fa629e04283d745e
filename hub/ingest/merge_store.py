"""Runs the SQL of a merge, and counts which rows of the file changed anything."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import asyncpg

from hub.ingest.batches import Moment
from hub.ingest.merge import Merge

_PARAMETER = re.compile(r"\$(\d)")


#: fewer new rows than this leave the planner's plans as good as they were
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class Changes:
    """What a stage changes in its table."""

    #: nothing stood there before: nothing has to be superseded
    are_all_new: bool
    #: facts that a full file no longer names
    vanishing: int


async def find_changes(connection: asyncpg.Connection, merge: Merge, moment: Moment) -> Changes:
    """Work out what a stage changes, without changing it yet."""
    if await _nothing_stands(connection, merge, moment):
        await connection.execute(merge.take_stage_as_change())
        return Changes(are_all_new=True, vanishing=0)
    await connection.execute(merge.create_change())
    await _run(connection, merge.find_changes(), moment)
    gone = "" if merge.full_within is None else await _run(connection, merge.find_vanished(), moment)
    if merge.ends:
        await _run(connection, merge.find_ended(), moment)
    await connection.execute(f"ANALYZE {merge.change}")
    return Changes(are_all_new=False, vanishing=_count(gone))


async def count_standing(connection: asyncpg.Connection, merge: Merge, moment: Moment) -> int:
    """Facts that stand within what a full file speaks of."""
    statement, values = _bind(merge.count_standing(), moment)
    found: int = await connection.fetchval(statement, *values)
    return found


async def apply_changes(
    connection: asyncpg.Connection, merge: Merge, changes: Changes, moment: Moment
) -> None:
    """Write what `find_changes` found."""
    if not changes.are_all_new:
        for statement in (merge.supersede(), merge.write_before(), merge.write_after()):
            await _run(connection, statement, moment)
    written = _count(await _run(connection, merge.write_statements(), moment))
    # it takes open ends for rare, and until it is told otherwise looks up each of a thousand things by reading all
    if written >= _MANY and await connection.fetchval(merge.is_news_to_planner(), float(written)):
        await connection.execute(f"ANALYZE {merge.table}")


async def count_changed_rows(connection: asyncpg.Connection, merges: Iterable[Merge]) -> int:
    """Rows of the file that changed anything, in whichever table."""
    rows = " UNION ALL ".join(
        f"SELECT row_number FROM {merge.change} WHERE row_number > 0" for merge in merges
    )
    found: int = await connection.fetchval(f"SELECT count(DISTINCT row_number) FROM ({rows}) r")
    return found


async def _nothing_stands(connection: asyncpg.Connection, merge: Merge, moment: Moment) -> bool:
    if merge.spoken_within is None or merge.is_late:
        return False
    statement, values = _bind(merge.nothing_stands(), moment)
    found: bool = await connection.fetchval(statement, *values)
    return found


async def _run(connection: asyncpg.Connection, statement: str, moment: Moment) -> str:
    bound, values = _bind(statement, moment)
    tag: str = await connection.execute(bound, *values)
    return tag


def _count(tag: str) -> int:
    """Rows that a statement wrote, by the server's answer, for example `INSERT 0 12`; none without an answer."""
    return int(tag.rpartition(" ")[2] or 0)


def _bind(statement: str, moment: Moment) -> tuple[str, list[Any]]:
    """The statement with only the parameters that it uses: the driver refuses to be given more."""
    used = sorted({int(number) for number in _PARAMETER.findall(statement)})
    bound = _PARAMETER.sub(lambda found: f"${used.index(int(found[1])) + 1}", statement)
    return bound, [moment[number - 1] for number in used]
