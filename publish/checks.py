"""The checks of a release, before anybody sees it: of its files, and against the release before it."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from publish.bounds import is_within
from publish.data import Data
from publish.files import Written
from publish.forbidden import FORBIDDEN
from publish.manifest import Check, Release
from publish.reopen import WrongColumnsError, open_sealed, tables_of, tally_file, tally_sqlite
from publish.tables import PublicTable, public_tables
from schema.declare import Label

PASSED, FAILED, ACCEPTED = "passed", "failed", "accepted"
#: what a person may let pass; what concerns privacy and whole files nobody may
ACCEPTABLE = frozenset(("drift", "coverage"))
#: findings told of each check
_TOLD = 20

#: tables of an SQLite file beside the public ones
_OWN_TABLES = ("dictionary", "table_count", "sqlite_", "product_search", "search_")


def check_files(folder: Path, data: Data) -> list[Check]:
    """Check the files by themselves: that they are whole, have only what is open, and agree with each other."""
    checks = {
        "integrity": _broken,
        "columns": _columns,
        "suppression": _suppressed,
        "agreement": _disagreeing,
    }
    return [_check(name, list(_findings(find, folder, data))) for name, find in checks.items()]


def check_against(release: Release, previous: Release | None) -> list[Check]:
    """Compare a release with the one before it, if there is one."""
    if previous is None:
        return [Check("drift", PASSED), Check("coverage", PASSED)]
    return [
        _check("drift", list(_drifted(release, previous))),
        _check("coverage", list(_missing(release, previous))),
    ]


def accept(checks: list[Check]) -> list[Check]:
    """The same checks, with what a person may let pass let pass."""
    return [
        Check(each.name, ACCEPTED, each.found) if each.state == FAILED and each.name in ACCEPTABLE else each
        for each in checks
    ]


def _check(name: str, findings: list[str]) -> Check:
    if not findings:
        return Check(name, PASSED)
    told = "；".join(findings[:_TOLD])
    more = len(findings) - _TOLD
    rest = (f"；另有 {more} 项", f"; and {more} more") if more > 0 else ("", "")
    zh, en = _MEANINGS[name]
    return Check(name, FAILED, Label(f"{zh}：{told}{rest[0]}", f"{en}: {told}{rest[1]}"))


_MEANINGS = {
    "integrity": ("文件损坏", "a file is broken"),
    "columns": ("文件有不应公开的列", "a file has columns that are not open"),
    "suppression": ("含有不得发布的内容", "what must not be published is in it"),
    "agreement": ("各格式的行数或合计不一致", "files do not agree in counts or sums"),
    "drift": ("行数变化超出范围", "row counts changed beyond their bounds"),
    "coverage": ("上一版有而本版没有", "what the release before had is missing"),
}


def _findings(find: Callable[[Path, Data], Iterator[str]], folder: Path, data: Data) -> Iterator[str]:
    try:
        yield from find(folder, data)
    except (WrongColumnsError, pa.ArrowException, sqlite3.Error, OSError, EOFError) as error:
        yield str(error)


def _sqlite_files(data: Data) -> Iterator[Written]:
    return (written for written in data.files if written.format == "sqlite")


def _broken(folder: Path, data: Data) -> Iterator[str]:
    for written in _sqlite_files(data):
        with open_sealed(folder / written.path) as connection:
            for (verdict,) in connection.execute("PRAGMA integrity_check"):
                if verdict != "ok":
                    yield f"{written.path}: {verdict}"


def _columns(folder: Path, data: Data) -> Iterator[str]:
    """Tables that no entity declares; columns are compared where files are read, and told of there."""
    declared = {table.name for table in public_tables()}
    for written in _sqlite_files(data):
        for name in tables_of(folder / written.path):
            if name not in declared and not name.startswith(_OWN_TABLES):
                yield f"{written.path}: {name}"


def _suppressed(folder: Path, data: Data) -> Iterator[str]:
    for written in _sqlite_files(data):
        has = set(tables_of(folder / written.path))
        with open_sealed(folder / written.path) as connection:
            for rule in FORBIDDEN:
                if rule.table in has:
                    (found,) = connection.execute(rule.count).fetchone()
                    if found:
                        yield f"{written.path}: {found} {rule.what}"


def _disagreeing(folder: Path, data: Data) -> Iterator[str]:
    tables = {table.name: table for table in public_tables()}
    for written in _sqlite_files(data):
        has = set(tables_of(folder / written.path))
        for (name, province), tally in data.tallies.items():
            if name in has and province == written.province:
                found = tally_sqlite(folder / written.path, tables[name])
                yield from _told(f"{written.path}, {name}", tally.differences(found))
    for group in _groups(data).values():
        yield from _compare(folder, tables[str(group[0].table)], group, data)


def _groups(data: Data) -> dict[tuple[str | None, ...], list[Written]]:
    """Files that together hold the same rows: more than one where Excel's limit cuts them."""
    groups: dict[tuple[str | None, ...], list[Written]] = {}
    for written in data.files:
        if written.table is not None:
            key = (written.format, written.table, written.language, written.province)
            groups.setdefault(key, []).append(written)
    return groups


def _compare(folder: Path, table: PublicTable, group: list[Written], data: Data) -> Iterator[str]:
    expected = data.tallies[table.name, group[0].province]
    expected = expected.as_csv() if group[0].format == "csv" else expected
    found, *rest = [tally_file(folder, written, table) for written in group]
    for each in rest:
        found.join(each)
    yield from _told(group[0].path, expected.differences(found))


def _told(where: str, differences: list[str]) -> Iterator[str]:
    return (f"{where}: {each}" for each in differences)


def _drifted(release: Release, previous: Release) -> Iterator[str]:
    for table, now in release.row_counts.items():
        before = previous.row_counts.get(table)
        if before is not None and not is_within(table, before, now):
            yield f"{table} {before:,} → {now:,}"


def _missing(release: Release, previous: Release) -> Iterator[str]:
    gone = {each.code for each in previous.provinces} - {each.code for each in release.provinces}
    yield from (f"province {code}" for code in sorted(gone))
    yield from (f"table {name}" for name in sorted(set(previous.row_counts) - set(release.row_counts)))
    if release.data_as_of < previous.data_as_of:
        yield f"data as of {release.data_as_of}, before {previous.data_as_of}"
