"""Real PostgreSQL servers for the tests: the embedded one, and Debian's where its binaries are found."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from hub.config import Settings
from hub.db.embedded import database
from tests.lib.shared_run import OPEN, SharedRun, room_for_servers

#: they need not outlive a loss of power
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
#: for all processes of a run
_CONNECTIONS = 400


@contextmanager
def embedded_server() -> Iterator[str]:
    """The URL of an embedded PostgreSQL in a folder of its own."""
    with _folder() as folder:
        _prepare_embedded(folder)
        with database(Settings(data_dir=folder, database_url=None)) as url:
            yield url


@contextmanager
def shared_embedded_server(run: SharedRun) -> Iterator[str]:
    """The URL of the run's embedded PostgreSQL; the last process that leaves it stops it."""
    folder = run.once("embedded", _prepare_embedded)
    with database(Settings(data_dir=folder, database_url=None)) as url:
        yield url


def shared_debian_server(run: SharedRun) -> str:
    """The URL of the run's PostgreSQL from Debian's packages; skips where there is none, or no user to run it as."""
    return f"postgresql://postgres@/postgres?host={run.once(_DEBIAN, _start_debian)}"


def stop_debian_server(run: Path) -> None:
    """End it, if it was started in this run."""
    data = run / _DEBIAN / "data"
    if (data / "postmaster.pid").exists():
        as_server, _ = _server_user()
        as_server([_debian_binaries() / "pg_ctl", "-w", "-m", "immediate", "-D", data, "stop"])


_DEBIAN = "debian"


def _start_debian(folder: Path) -> None:
    binaries = _debian_binaries()
    as_server, owner = _server_user()
    if owner is not None:
        os.chown(folder, owner, -1)
    data = folder / "data"
    made = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D", data]
    as_server([binaries / "initdb", *made])
    settings = [*(f"-c {name}=off" for name in _DURABLE), f"-c max_connections={_CONNECTIONS}"]
    options = " ".join([f"-h '' -k {folder}", *settings])
    as_server([binaries / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", options, "start"])


def _prepare_embedded(folder: Path) -> None:
    """Settings that hold from its next start."""
    with database(Settings(data_dir=folder, database_url=None)) as url:
        asyncio.run(_relax(url))


async def _relax(url: str) -> None:
    """Wait for no disk, and let many in."""
    connection = await asyncpg.connect(url)
    for name in _DURABLE:
        await connection.execute(f"ALTER SYSTEM SET {name} = off")
    await connection.execute(f"ALTER SYSTEM SET max_connections = {_CONNECTIONS}")
    await connection.close()


def url_of(server: str, name: str) -> str:
    """The URL of another database on a server."""
    return server.replace("/postgres?", f"/{name}?")


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="baogong-test-", dir=room_for_servers()))
    folder.chmod(OPEN)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _debian_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL from Debian's packages here (apt-get install postgresql)")
    return found[-1].parent


def _server_user() -> tuple[Callable[[list[object]], None], int | None]:
    """How to run the server's programs: it refuses root, so then as the packages' own user."""
    prefix: list[str] = []
    owner = None
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres").pw_uid
        except KeyError:
            pytest.skip("running as root and there is no user postgres to run the server as")
        prefix = ["runuser", "-u", "postgres", "--"]

    def run(command: list[object]) -> None:
        # the server keeps the descriptors it inherits; a pipe would never end
        subprocess.run([*prefix, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    return run, owner
