"""What changed between two releases, row by row: added, removed and changed, by the key of each table."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish import layout
from publish.layout import SQLITE_NAME
from publish.manifest import Release
from publish.tables import PublicTable

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A row that one of two releases has and the other has not, or has otherwise."""

    table: str
    #: columns that say which row it is
    key: tuple[str, ...]
    kind: str
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The row as it is, or as it was."""
        return self.after or self.before or {}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two releases: the older and the newer, with their folders."""

    old: Release
    old_folder: Path
    new: Release
    new_folder: Path

    def files(self, table: PublicTable) -> Iterator[tuple[Path | None, Path | None]]:
        """Where a table's rows lie in both; None where a release has no such file."""
        if not table.is_partitioned:
            yield self.old_folder / SQLITE_NAME, self.new_folder / SQLITE_NAME
            return
        old, new = ({each.code for each in release.provinces} for release in (self.old, self.new))
        for province in sorted(old | new):
            path = layout.province_sqlite(province)
            yield (
                self.old_folder / path if province in old else None,
                self.new_folder / path if province in new else None,
            )


def changes_of(pair: Pair, table: PublicTable) -> Iterator[Change]:
    """The changes of one table. Of a table that the older release has not, or with another key: none."""
    for old, new in pair.files(table):
        with closing(sqlite3.connect("file::memory:", isolation_level=None, uri=True)) as connection:
            for name, path in (("old", old), ("new", new)):
                if path is None:
                    connection.execute(f"ATTACH ':memory:' AS {name}")
                    connection.execute(table.create().replace("TABLE ", f"TABLE {name}.", 1))
                else:
                    connection.execute(f"ATTACH ? AS {name}", [f"file:{path}?immutable=1"])
            yield from _compare(connection, table)


def _compare(connection: sqlite3.Connection, table: PublicTable) -> Iterator[Change]:
    columns = _shared(connection, table)
    if not set(table.key) <= set(columns):
        return
    same_key = " AND ".join(f"a.{name} = b.{name}" for name in table.key)
    order = ", ".join(f"a.{name}" for name in table.key)
    mine, theirs = (", ".join(f"{side}.{name}" for name in columns) for side in "ab")
    joined = f"new.{table.name} a LEFT JOIN old.{table.name} b ON {same_key}"
    differs = f"b.{table.key[0]} IS NULL OR ({mine}) IS NOT ({theirs})"
    for row in connection.execute(f"SELECT {mine}, {theirs} FROM {joined} WHERE {differs} ORDER BY {order}"):
        after, before = _dicts(columns, row)
        is_new = before[table.key[0]] is None
        yield Change(table.name, table.key, ADDED if is_new else CHANGED, None if is_new else before, after)
    gone = f"old.{table.name} a LEFT JOIN new.{table.name} b ON {same_key} WHERE b.{table.key[0]} IS NULL"
    for row in connection.execute(f"SELECT {mine} FROM {gone} ORDER BY {order}"):
        yield Change(table.name, table.key, REMOVED, dict(zip(columns, row, strict=True)), None)


def _shared(connection: sqlite3.Connection, table: PublicTable) -> list[str]:
    """The columns that both releases have, in today's order."""
    found = [
        {row[1] for row in connection.execute(f"PRAGMA {side}.table_info({table.name})")}
        for side in ("old", "new")
    ]
    return [each.name for each in table.columns if each.name in found[0] & found[1]]


def _dicts(columns: list[str], row: tuple[Any, ...]) -> tuple[Row, Row]:
    half = len(columns)
    return dict(zip(columns, row[:half], strict=True)), dict(zip(columns, row[half:], strict=True))
