"""Building a release: one snapshot of the store to sealed files, checked, and switched to atomically."""

import asyncio
import sqlite3
import zlib
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import publish
import schema
from publish import layout, parts, shelf
from publish.change_files import write_changes
from publish.changes import Pair
from publish.checks import FAILED, accept, check_against, check_files
from publish.data import Data, Snapshot, write_data
from publish.describe.files import write_description, write_dictionary
from publish.feeds import News, carried_on, news_of
from publish.files import Written
from publish.identity import LICENCE
from publish.layout import CURRENT as CURRENT
from publish.layout import MANIFEST_NAME, media_type
from publish.layout import SQLITE_NAME as SQLITE_NAME
from publish.manifest import File, Province, TableInfo, manifest_text
from publish.manifest import Release as Release
from publish.manifest import read_release as read_release
from publish.memory import be_lean
from publish.shelf import Acceptance
from publish.tables import SCHEMA_VERSION, public_tables

#: programs whose version shows in the bytes that they write
_WRITERS = ("adbc-driver-sqlite", "polars", "pyarrow")


class EmptySnapshotError(Exception):
    """No medicine is known: an empty release is nobody's news."""


class FailedChecksError(Exception):
    """The release did not pass its checks. It is kept aside; the one before goes on being served."""

    def __init__(self, release: Release) -> None:
        super().__init__(f"{release.id}: {'; '.join(str(each.found) for each in release.failures)}")
        self.release = release


@dataclass(frozen=True, slots=True)
class Draft:
    """A release being built: its folder, what was written, and the release that it will follow."""

    folder: Path
    working: Path
    data: Data
    previous: Release | None


async def build_release(snapshot: Snapshot, folder: Path, acceptance: Acceptance | None = None) -> Release:
    """Write the release of this snapshot under `folder` and switch to it. The same snapshot gives the same bytes.

    The folder of a release is written under another name and renamed when whole; `current` then points to it.
    Raises EmptySnapshotError, FailedChecksError and shelf.BusyError.
    """
    be_lean()
    with shelf.working_on(folder), shelf.building(folder) as working:
        data = await write_data(snapshot, working)
        if not data.rows["product"]:
            raise EmptySnapshotError
        draft = Draft(folder, working, data, shelf.current(folder))
        return await asyncio.to_thread(_finish, draft, acceptance)


def _finish(draft: Draft, acceptance: Acceptance | None) -> Release:
    """Name the release by its data, check it, describe it, seal it, and switch."""
    draft.data.files += write_dictionary(draft.working)
    release = _named(draft)
    if (draft.folder / release.id).exists():
        shelf.switch(draft.folder, release.id)
        return read_release(draft.folder / release.id)
    checks = check_files(draft.working, draft.data) + check_against(release, draft.previous)
    checks = accept(checks) if acceptance else checks
    release = replace(release, checks=checks)
    if release.failures:
        release = replace(release, state=FAILED)
        _seal(draft, release)
        shelf.keep_failed(draft.folder, draft.working, release)
        raise FailedChecksError(release)
    release = _described(draft, release)
    _seal(draft, release)
    if acceptance:
        shelf.accept(draft.folder, release, acceptance)
    shelf.keep(draft.folder, draft.working, release)
    shelf.switch(draft.folder, release.id)
    return release


def _named(draft: Draft) -> Release:
    """What follows from the data alone."""
    data = draft.data
    files = [_file(draft.working, written) for written in data.files]
    sums = {file.path: file.sha256 for file in files}
    content = sha256("".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()).hexdigest()
    newest = max(each["as_of"] for each in data.batches)
    return Release(
        id=f"{newest:%Y%m%d}-{content[:8]}",
        state="sealed",
        schema_version=SCHEMA_VERSION,
        code_version=code_version(),
        data_as_of=f"{newest:%Y-%m-%dT%H:%M:%SZ}",
        sqlite_sha256=sums[SQLITE_NAME],
        row_counts=data.rows,
        batches=[each["id"] for each in data.batches],
        rule_versions=sorted({each["rules_sha256"] for each in data.batches if each["rules_sha256"]}),
        licence=LICENCE,
        previous=draft.previous.id if draft.previous else None,
        national_rule=parts.NATIONAL_RULE,
        provinces=[
            Province(code, rows, layout.province_sqlite(code)) for code, rows in data.provinces.items()
        ],
        tables=[
            TableInfo(table.name, table.label, data.rows[table.name], table.absent)
            for table in public_tables()
        ],
        files=files,
        made_with=_made_with(),
    )


def _described(draft: Draft, release: Release) -> Release:
    """The release with the files that tell of it: what changed, news, package, catalogues, README."""
    before = draft.folder / release.previous if release.previous else None
    written: list[Written] = []
    news: list[News] = []
    if draft.previous and before:
        pair = Pair(draft.previous, before, release, draft.working)
        changes, written = write_changes(pair, draft.working)
        release = replace(release, changes=changes)
        news = news_of(pair)
    written += write_description(draft.working, release, carried_on(news, before), shelf.sealed(draft.folder))
    return replace(release, files=[*release.files, *(_file(draft.working, each) for each in written)])


def _seal(draft: Draft, release: Release) -> None:
    (draft.working / MANIFEST_NAME).write_text(manifest_text(release), "utf-8")
    shelf.write_sums(draft.working)


def _file(working: Path, written: Written) -> File:
    path = working / written.path
    return File(
        path=written.path,
        bytes=path.stat().st_size,
        sha256=shelf.digest(path),
        media_type=media_type(written.path),
        format=written.format,
        table=written.table,
        language=written.language,
        province=written.province,
        rows=written.rows,
    )


def code_version() -> str:
    """The program's version, and a digest of the code that says what is published and how."""
    digest = sha256()
    for package in (schema, publish):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(folder).as_posix()
            if not (package is publish and name.startswith("site/")):
                digest.update(f"{package.__name__}/{name}\0".encode() + path.read_bytes())
    return f"{version('baogong')}+{digest.hexdigest()[:8]}"


def _made_with() -> dict[str, str]:
    libraries = {name: version(name) for name in _WRITERS}
    return libraries | {"sqlite": sqlite3.sqlite_version, "zlib": zlib.ZLIB_RUNTIME_VERSION}
