"""The spool of a paged pull: each page is on disk before the next is asked for, so that a kill costs one page."""

import json
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from connectors.transports.durable import sync_folder, write_whole

_ABOUT = "run.json"
_RECORDS = "records.jsonl"


class Spool:
    """One run of a pull: a folder of pages by number."""

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
