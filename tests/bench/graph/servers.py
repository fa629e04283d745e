"""The contenders: each a server process of its own on a core of its own, started as its user would."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from hub.config import Settings
from tests.bench.graph.cases import Case
from tests.lib.command import environment, free_port

NODE = Path(__file__).parent / "node"
_NODE = NODE / "node_modules" / ".bin" / "node"
#: seconds that a server may take to start, and to come to rest after load
_PATIENCE = 180
#: looks in a row, a fifth of a second apart, at a server that has nothing to do
_QUIET_LOOKS = 4
#: a day: the token of one run
_TOKEN_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Cores:
    """Which core the server under load has for itself; PostgreSQL and the load share the other."""

    server: int
    rest: int


def cores() -> Cores:
    """The first and the last that we may use; on a machine with one they are the same."""
    ours = sorted(os.sched_getaffinity(0))
    return Cores(ours[0], ours[-1])


@dataclass(frozen=True, slots=True)
class Contender:
    """A running server."""

    name: str
    origin: str
    process: psutil.Process

    def url(self, case: Case) -> str:
        """Where a case is asked."""
        return f"{self.origin}/{case.name if self.name == 'hand_sql' else 'graphql'}"

    def document(self, case: Case) -> str | None:
        """What is asked; None where the contender has no answer to the case."""
        if self.name in ("ours", "bare"):
            return case.document
        if self.name == "hand_sql":
            return case.sql and case.document
        if self.name == "postgraphile":
            return case.postgraphile
        return None if case.only_ours else case.document

    def cpu_seconds(self) -> float:
        """User and system time of the server so far, children included."""
        spent = [each.cpu_times() for each in (self.process, *self.process.children(recursive=True))]
        return float(sum(times.user + times.system for times in spent))

    def wait_for_rest(self) -> None:
        """Wait until nothing is left of requests whose client has gone: those that wait for their turn as well.

        A server at rest for a moment may be waiting for PostgreSQL, so several moments in a row are wanted.
        """
        quiet = 0
        for _ in range(_PATIENCE * 5):
            before = self.cpu_seconds()
            time.sleep(0.2)
            quiet = quiet + 1 if self.cpu_seconds() - before < 0.02 else 0
            if quiet == _QUIET_LOOKS:
                return


@contextmanager
def contenders(settings: Settings, names: list[str], **more: str) -> Iterator[tuple[list[Contender], str]]:
    """The servers of these names, running, and a token that ours and the hand-written one take.

    `more`: further settings of the hub, as environment variables.
    """
    ours = free_port()
    env = environment(
        settings.data_dir,
        HUB_DATABASE_URL=settings.database_url or "",
        HUB_PORT=str(ours),
        HUB_TOKEN_SECONDS=str(_TOKEN_SECONDS),
        NODE_ENV="production",
        **more,
    )
    with ExitStack() as stack:
        running = [
            stack.enter_context(_running(name, ours if name == "ours" else free_port(), env))
            for name in ("ours", *(name for name in names if name != "ours"))
        ]
        yield running, _token(running[0].origin, env)


def _command(name: str, port: int, url: str) -> list[str]:
    python = [sys.executable, "-m"]
    return {
        "ours": [_baogong(), "serve"],
        "hand_sql": [*python, "tests.bench.graph.hand", str(port)],
        "bare": [*python, "tests.bench.access.bare", str(port)],
        "naive": [*python, "tests.bench.graph.naive", str(port)],
        "postgraphile": [str(_NODE), str(NODE / "postgraphile.js"), url, str(port)],
        "mercurius": [str(_NODE), str(NODE / "mercurius.js"), url, str(port)],
    }[name]


@contextmanager
def _running(name: str, port: int, env: dict[str, str]) -> Iterator[Contender]:
    command = ["taskset", "--cpu-list", str(cores().server), *_command(name, port, env["HUB_DATABASE_URL"])]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        contender = Contender(name, f"http://127.0.0.1:{port}", psutil.Process(process.pid))
        _wait_until_up(process, port, name)
        yield contender
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    for _ in range(_PATIENCE * 10):
        if process.poll() is not None:
            raise SystemExit(f"{name} ended with status {process.returncode} while it started")
        if any(each.laddr.port == port for each in psutil.Process(process.pid).net_connections("tcp")):
            return
        time.sleep(0.1)
    raise SystemExit(f"{name} does not listen after {_PATIENCE} s")


def _token(origin: str, env: dict[str, str]) -> str:
    """A token of a client that may read everything, added for this run."""
    added = subprocess.run(
        [_baogong(), "client", "add", "bench", "--region", "000000", "--json"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    client = json.loads(added.stdout)
    answer = httpx.post(
        f"{origin}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(client["client_id"], client["client_secret"]),
        trust_env=False,
    )
    token: str = answer.raise_for_status().json()["access_token"]
    return token


def _baogong() -> str:
    """The program of this interpreter's environment."""
    own = Path(sys.executable).with_name("baogong")
    return str(own) if own.exists() else shutil.which("baogong") or "baogong"
