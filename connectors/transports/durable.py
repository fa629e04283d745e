"""Files that survive a power cut, and a folder that one process at a time works in."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.transports.failures import PullError
from schema.declare import Label


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there with all its bytes, or not at all, whatever happens meanwhile."""
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; a killed one lets go by itself. Raises PullError where another holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise is_running() from error
        yield


def is_running() -> PullError:
    """What a second process is told."""
    return PullError(
        "pull.running",
        Label("另一个进程正在取这个来源，请稍后再试。", "another process is pulling this source; try later"),
    )
