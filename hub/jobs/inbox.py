"""The inbox: files dropped into `inbox/<feed>/<sender>/` are taken in, then put aside under `taken/`.

Files of feeds that may hold persons are deleted instead: landing has what may be kept of them.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.registry import CONNECTORS
from connectors.transports.settled import is_unfinished
from hub.ingest.run import Delivery

#: a file that was written to more recently may still be growing
SETTLED = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in the inbox, and what it is a delivery of."""

    path: Path
    delivery: Delivery


def settled_files(inbox: Path, now: datetime) -> Iterator[Dropped]:
    """The files that nobody writes to any more, oldest first, by name where they are of one age.

    A file right below `inbox/<feed>/` comes from the feed's default sender.
    """
    files = [path for path in inbox.glob("*/**/*") if path.is_file() and _is_settled(path, now)]
    for path in sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name)):
        feed, *between = path.relative_to(inbox).parts[:-1]
        sender = between[0] if between else None
        yield Dropped(path, Delivery(feed, sender, path.name, "inbox"))


def put_aside(path: Path, inbox: Path, taken: Path, batch_id: int | None) -> Path:
    """Move a file out of the inbox; its batch's number (none: it could not even be landed) goes before its name."""
    folder = taken / path.relative_to(inbox).parent
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{'rejected' if batch_id is None else batch_id}-{path.name}"
    # across file systems too: inbox and what was taken may lie on different volumes
    shutil.move(path, target)
    return target


def holds_persons(dropped: Dropped) -> bool:
    """Whether the file may hold data of persons: then no copy of it may stay with the hub."""
    connector = CONNECTORS.get(dropped.delivery.feed_code)
    return connector is not None and connector.manifest.personal is not None


def _is_settled(path: Path, now: datetime) -> bool:
    if is_unfinished(path.name):
        return False
    written = datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo)
    return now - written >= SETTLED
