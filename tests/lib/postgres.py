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

#: a server's socket folder must be reachable for the user it runs as, so not under pytest's own
_OPEN = 0o755
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@contextmanager
def embedded_server() -> Iterator[str]:
    """The URL of an embedded PostgreSQL in a folder of its own."""
    with _folder() as folder, database(Settings(data_dir=folder, database_url=None)) as url:
        asyncio.run(_relax(url))
        yield url


@contextmanager
def debian_server() -> Iterator[str]:
    """The URL of a PostgreSQL from Debian's packages; skips where there is none, or no user to run it as."""
    binaries = _debian_binaries()
    with _folder() as folder:
        as_server, owner = _server_user()
        if owner is not None:
            os.chown(folder, owner, -1)
        data = folder / "data"
        as_server(
            [
                binaries / "initdb",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-D",
                data,
            ]
        )
        options = " ".join([f"-h '' -k {folder}", *(f"-c {name}=off" for name in _DURABLE)])
        as_server([binaries / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            as_server([binaries / "pg_ctl", "-w", "-m", "immediate", "-D", data, "stop"])


async def _relax(url: str) -> None:
    """Wait for no disk: these servers need not outlive a loss of power."""
    connection = await asyncpg.connect(url)
    for name in _DURABLE:
        await connection.execute(f"ALTER SYSTEM SET {name} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


def url_of(server: str, name: str) -> str:
    """The URL of another database on a server."""
    return server.replace("/postgres?", f"/{name}?")


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="baogong-test-"))
    folder.chmod(_OPEN)
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
