"""What all processes of one test run share: made by the first that asks for it, ended by the last that leaves."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil

from hub.db.embedded import machine_memory

#: what pytest-xdist tells its workers, the same for all of a run; without it there is this process alone
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
#: a server's folder must be reachable for the user it runs as, so not under pytest's own
OPEN = 0o755
#: files in memory, and bytes that must be free there: a run has a few hundred MB of databases at a time
_IN_MEMORY, _ENOUGH = Path("/dev/shm"), 3 << 30  # noqa: S108


@dataclass(frozen=True, slots=True)
class SharedRun:
    """The folder of a run."""

    folder: Path

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """A folder in it, filled by the first process that asks; the others wait until it is."""
        made, mark = self.folder / name, self.folder / f"{name}.made"
        with _alone(self.folder / f"{name}.lock"):
            if not mark.exists():
                made.mkdir(mode=OPEN, exist_ok=True)
                make(made)
                mark.touch()
        return made


def room_for_servers() -> Path:
    """Where the servers' folders go: into memory where it is large enough, for a copy of a database takes an
    eighth of the time there, and none of them need outlive a loss of power.
    """
    is_roomy = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free >= _ENOUGH
    if is_roomy and machine_memory() >= 2 * _ENOUGH:
        return _IN_MEMORY
    return Path(tempfile.gettempdir())


@contextmanager
def shared_run(end: Callable[[Path], None]) -> Iterator[SharedRun]:
    """This process's part in the run. The last process that leaves calls `end`, and takes the folder away."""
    folder = room_for_servers() / f"baogong-test-{_RUN}"
    folder.mkdir(mode=OPEN, exist_ok=True)
    mine = folder / f"{os.getpid()}.user"
    with _alone(folder / "users.lock"):
        mine.touch()
    try:
        yield SharedRun(folder)
    finally:
        with _alone(folder / "users.lock"):
            mine.unlink()
            if not any(psutil.pid_exists(int(user.stem)) for user in folder.glob("*.user")):
                end(folder)
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process is in here while the context lasts."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
