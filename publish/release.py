"""Building a release: one snapshot of the store to sealed files, switched to atomically."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from publish.layout import CURRENT as CURRENT
from publish.layout import MANIFEST_NAME, SUMS_NAME
from publish.layout import SQLITE_NAME as SQLITE_NAME
from publish.licence import LICENCE
from publish.manifest import Release as Release
from publish.manifest import manifest_text
from publish.manifest import read_release as read_release
from publish.sqlite import ReleaseFile
from publish.tables import PublicTable, public_tables

#: the version of the public tables' shape; raised when a column is renamed or goes
SCHEMA_VERSION = 1


class Snapshot(Protocol):
    """One unchanging view of the store."""

    def rows(self, query: str) -> AsyncIterator[Sequence[Sequence[Any]]]:
        """The rows of a query, some at a time."""
        ...


class EmptySnapshotError(Exception):
    """No medicine is known: an empty release is nobody's news."""


async def build_release(snapshot: Snapshot, folder: Path) -> Release:
    """Write the release of this snapshot under `folder` and switch to it. The same snapshot gives the same bytes.

    The folder of a release is written under another name and renamed when whole; `current` then points to it.
    Raises EmptySnapshotError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        release = await _write(snapshot, working)
        _seal(release, working)
        final = folder / release.id
        if not final.exists():
            working.chmod(0o755)
            working.rename(final)
        _switch(folder, release.id)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return release


async def _write(snapshot: Snapshot, working: Path) -> Release:
    path = working / SQLITE_NAME
    file = ReleaseFile(path)
    counts: dict[str, int] = {}
    batches: list[int] = []
    as_of: list[Any] = []
    for table in public_tables():
        file.create(table)
        counts[table.name] = 0
        async for rows in snapshot.rows(table.select()):
            file.insert(table, rows)
            counts[table.name] += len(rows)
            if table.name == "batch":
                batches += _column(table, rows, "id")
                as_of += _column(table, rows, "as_of")
    if not counts["product"]:
        raise EmptySnapshotError
    file.finish(counts)
    with path.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    newest = max(as_of)
    return Release(
        id=f"{newest:%Y%m%d}-{digest[:8]}",
        state="sealed",
        schema_version=SCHEMA_VERSION,
        code_version=version("baogong"),
        data_as_of=f"{newest:%Y-%m-%dT%H:%M:%SZ}",
        sqlite_sha256=digest,
        row_counts=counts,
        batches=batches,
        rule_versions=[],
        licence=LICENCE,
    )


def _column(table: PublicTable, rows: Sequence[Sequence[Any]], name: str) -> list[Any]:
    position = [column.name for column in table.columns].index(name)
    return [row[position] for row in rows]


def _seal(release: Release, working: Path) -> None:
    """Write manifest and checksums, take away the right to write, and see to it that all is on disk."""
    manifest = working / MANIFEST_NAME
    manifest.write_text(manifest_text(release), "utf-8")
    sealed = sorted(path for path in working.iterdir())
    sums = []
    for path in sealed:
        with path.open("rb") as opened:
            sums.append(f"{file_digest(opened, 'sha256').hexdigest()}  {path.name}\n")
            os.fsync(opened.fileno())
    (working / SUMS_NAME).write_text("".join(sums), "utf-8")
    for path in working.iterdir():
        path.chmod(0o444)


def _switch(folder: Path, release_id: str) -> None:
    """Point `current` to the release: a new link is made beside and renamed over the old one."""
    link = folder / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(folder / CURRENT)
