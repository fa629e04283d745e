"""The spool of a paged pull: each page is on disk before the next is asked for, so that a kill costs one page.

Of a feed that may hold persons pages stay in memory.
"""

import json
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from connectors.memory import MemoryFile
from connectors.transports.durable import sync_folder, write_whole
from connectors.transports.failures import PullError
from schema.declare import Label

_ABOUT = "run.json"
_RECORDS = "records.jsonl"
#: what a pull from a source that may hold persons takes at most at one time
MOST_BYTES_IN_MEMORY = 128 << 20


class Run(Protocol):
    """One run of a pull: pages by number."""

    started_at: datetime
    #: of all its pages
    byte_count: int

    def page(self, number: int) -> bytes | None:
        """A page that was asked for before; None where it was not."""

    def keep(self, number: int, body: bytes) -> None:
        """Keep a page."""

    def write_records(self, records: Iterable[str]) -> Path:
        """Write what the pages hold as one file, a record a line."""

    def discard(self) -> None:
        """Throw the run away: it served, or serves nobody."""


class MemorySpool:
    """Pages that may hold persons: no disk has them, so that a run that broke off begins anew."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        self.byte_count = 0
        self._pages: dict[int, bytes] = {}
        self._file = MemoryFile()

    def page(self, number: int) -> bytes | None:
        """A page that was asked for before; None where it was not."""
        return self._pages.get(number)

    def keep(self, number: int, body: bytes) -> None:
        """Keep a page. Raises PullError where all pages together are too large."""
        self._pages[number] = body
        self.byte_count += len(body)
        if self.byte_count > MOST_BYTES_IN_MEMORY:
            self.discard()
            raise PullError(
                "pull.too_large",
                Label(
                    "可能含个人信息的列表只放在内存里，过大；请分批取",
                    "a listing that may hold persons is kept in memory only and is too large; pull it in parts",
                ),
            )

    def write_records(self, records: Iterable[str]) -> Path:
        """Write what the pages hold as one file, a record a line."""
        for record in records:
            self._file.write(f"{record}\n".encode())
        return self._file.path

    def discard(self) -> None:
        """Throw the run away: it served, or serves nobody."""
        self._pages.clear()
        self._file.discard()


class Spool:
    """One run of a pull on disk: a folder of pages."""

    def __init__(self, folder: Path, started_at: datetime) -> None:
        self._folder = folder
        self.started_at = started_at
        #: of all pages that it has
        self.byte_count = sum(path.stat().st_size for path in folder.glob("page-*.json"))

    def page(self, number: int) -> bytes | None:
        """A page that was asked for before; None where it was not."""
        path = self._path(number)
        return path.read_bytes() if path.exists() else None

    def keep(self, number: int, body: bytes) -> None:
        """Put a page on disk."""
        write_whole(self._path(number), body)
        self.byte_count += len(body)

    def write_records(self, records: Iterable[str]) -> Path:
        """Write what the pages hold as one file, a record a line."""
        path = self._folder / _RECORDS
        with path.open("w", encoding="utf-8", newline="") as file:
            for record in records:
                file.write(f"{record}\n")
        return path

    def discard(self) -> None:
        """Throw the run away: it served, or serves nobody."""
        shutil.rmtree(self._folder)

    def _path(self, number: int) -> Path:
        return self._folder / f"page-{number:07d}.json"


def open_spool(folder: Path, asked: str, now: datetime, longest: timedelta) -> Spool:
    """The run that was left in a source's folder, if it asked for the same and is not too old; else a new one.

    Others are thrown away: pages of two days do not make one listing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    left: Spool | None = None
    for run in sorted(folder.glob("*/")):
        started_at = _started_at(run, asked)
        if left is None and started_at is not None and timedelta(0) <= now - started_at < longest:
            left = Spool(run, started_at)
        else:
            shutil.rmtree(run)
    return left or _new_run(folder, asked, now)


def _new_run(folder: Path, asked: str, now: datetime) -> Spool:
    run = folder / now.strftime("%Y%m%dT%H%M%S")
    run.mkdir()
    sync_folder(folder)
    about = {"asked": asked, "started_at": now.isoformat()}
    write_whole(run / _ABOUT, json.dumps(about).encode())
    return Spool(run, now)


def _started_at(run: Path, asked: str) -> datetime | None:
    """When a run started that asked for the same; None for any other folder."""
    try:
        about = json.loads((run / _ABOUT).read_bytes())
        return datetime.fromisoformat(about["started_at"]) if about["asked"] == asked else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
