"""SQL of a version of a list on its stage: one version a file, reasons that stay, what comes in and what leaves."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

import asyncpg

from schema.declare import Label, fields_of
from schema.drug_lists import ChangeReason, Direction
from schema.entities.listed import ListWords
from schema.list_families import Family

_OTHER = Label(
    "清单或文件与本文件其余各行不同：一个文件只能是一个清单的一个版本",
    "another list or document than most rows name: one file is one version of one list",
)
_NOT_ON_IT = Label("此前不在清单上，无从调出", "was not on the list before, so it cannot leave it")
_WORDS = tuple(ListWords.__annotations__)


class Absent(NamedTuple):
    """An entry that stood before and that the file names no more."""

    entry_id: int
    list_id: int
    version_id: int
    effective_on: date


async def fault_other_versions(connection: asyncpg.Connection, family: Family) -> None:
    """Fault the rows that name another list or another document than most rows do."""
    head, version = _stage(family.head), _stage(family.version)
    said = ", ".join(
        [f"h.{name}" for name in _columns(family.head, ("id", "name"))]
        + [f"v.{name}" for name in _columns(family.version, ("document_title", "document_number"))]
    )
    await connection.execute(
        f"WITH said AS (SELECT h.row_number, ROW({said})::text AS words FROM {head} h"
        f" JOIN {version} v USING (row_number) WHERE h.row_number NOT IN (SELECT row_number FROM stage_fault"
        " WHERE NOT is_notice)), counted AS (SELECT words FROM said GROUP BY words"
        " ORDER BY count(*) DESC, min(row_number) LIMIT 1)"
        " INSERT INTO stage_fault SELECT row_number, 'list.other_version', false, NULL, NULL, $1 FROM said"
        " WHERE words NOT IN (SELECT words FROM counted)",
        str(_OTHER),
    )


async def open_scope(connection: asyncpg.Connection, family: Family, *, is_whole: bool) -> None:
    """Make the scope of the file: its list and its version; of a file that is not whole, nothing."""
    await connection.execute(
        "CREATE TEMP TABLE stage_scope (list_id bigint, version_id bigint) ON COMMIT DROP"
    )
    if is_whole:
        await connection.execute(
            f"INSERT INTO stage_scope SELECT DISTINCT list_id, id FROM {_stage(family.version)}"
        )


async def keep_one_version(connection: asyncpg.Connection, family: Family) -> None:
    """Of the list and the version, which every row names, keep what the first good row says."""
    for entity in (family.head, family.version):
        stage = _stage(entity)
        await connection.execute(
            f"DELETE FROM {stage} WHERE row_number IS DISTINCT FROM (SELECT min(row_number) FROM {stage}"
            " WHERE row_number NOT IN (SELECT row_number FROM stage_fault WHERE NOT is_notice))"
        )


async def find_before(connection: asyncpg.Connection, family: Family, as_of: datetime) -> None:
    """Find what stood on the list just before the version takes effect."""
    await connection.execute(
        f"CREATE TEMP TABLE list_before ON COMMIT DROP AS SELECT DISTINCT ON (v.id) v.* FROM {_table(family.entry)} v"
        f" WHERE v.list_id IN (SELECT list_id FROM {_stage(family.version)}) AND v.superseded_at = 'infinity'"
        f" AND v.valid_from < '{as_of.isoformat()}' AND v.valid_to >= '{as_of.isoformat()}'"
        " ORDER BY v.id, v.valid_from DESC"
    )


async def keep_reasons(connection: asyncpg.Connection, family: Family) -> None:
    """Let an entry that stays keep the reason for which it came in, where the file does not say it again."""
    await connection.execute(
        f"UPDATE {_stage(family.entry)} s SET reason_code = b.reason_code FROM list_before b"
        f" WHERE b.id = s.id AND s.reason_code = '{ChangeReason.NOT_STATED}'"
    )


async def keep_changes(connection: asyncpg.Connection, family: Family) -> None:
    """Keep of the rows' changes those that are any: what comes in was not there, what leaves was."""
    stage = _stage(family.move)
    await connection.execute(
        f"INSERT INTO stage_fault SELECT row_number, 'list.not_on_it', true, NULL, name_zh, $1 FROM {stage}"
        f" WHERE direction_code = '{Direction.OUT}' AND entry_id NOT IN (SELECT id FROM list_before)",
        str(_NOT_ON_IT),
    )
    await connection.execute(
        f"DELETE FROM {stage} WHERE (direction_code = '{Direction.IN}')"
        " = (entry_id IN (SELECT id FROM list_before))"
    )


async def absent(connection: asyncpg.Connection, family: Family) -> list[Absent]:
    """What stood before and the file names no more, neither as staying nor as leaving."""
    rows = await connection.fetch(
        f"SELECT b.id, v.list_id, v.id AS version_id, v.effective_on FROM list_before b"
        f" JOIN {_stage(family.version)} v ON v.list_id = b.list_id"
        f" WHERE b.id NOT IN (SELECT id FROM {_stage(family.entry)})"
        f" AND b.id NOT IN (SELECT entry_id FROM {_stage(family.move)}) ORDER BY b.id"
    )
    return [Absent(*row) for row in rows]


async def stage_absent(connection: asyncpg.Connection, family: Family, gone: Iterable[Absent]) -> None:
    """Add that these leave, for a reason that nobody states; the row that names the version says so."""
    words = ", ".join(_WORDS)
    await connection.executemany(
        f"INSERT INTO {_stage(family.move)} (row_number, id, list_id, version_id, entry_id, {words},"
        f" effective_on, direction_code, reason_code) SELECT v.row_number, $1, v.list_id, v.id, b.id, {words},"
        f" v.effective_on, '{Direction.OUT}', '{ChangeReason.NOT_STATED}'"
        f" FROM list_before b, {_stage(family.version)} v WHERE b.id = $2",
        [(family.move_id(each.version_id, each.entry_id), each.entry_id) for each in gone],
    )


async def end_those_that_leave(connection: asyncpg.Connection, family: Family) -> None:
    """Stage the ends of those of which the file says that they leave, for a file in which absence means nothing."""
    await connection.execute(
        f"CREATE TEMP TABLE stage_end_{_table(family.entry)} ON COMMIT DROP AS SELECT entry_id AS id, row_number"
        f" FROM {_stage(family.move)} WHERE direction_code = '{Direction.OUT}'"
    )


def _columns(entity: type, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the columns, checked to be declared."""
    names = {field.name for field in fields_of(entity)}
    return tuple(name for name in wanted if name in names)


def _table(entity: type) -> str:
    return str(entity.__tablename__)  # type: ignore[attr-defined]


def _stage(entity: type) -> str:
    return f"stage_{_table(entity)}"
