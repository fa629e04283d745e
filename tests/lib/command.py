"""The command line as a user has it: its output, its exit status, and where it matters a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner

from hub.cli.main import app
from tests.lib.logs import log_briefly

_URL_FILE = "database.url"
_PROGRAM = Path(sys.executable).with_name("baogong")


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of a command with its data in this folder; nothing of ours that starts with HUB_."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    url = data / _URL_FILE
    database = {"HUB_DATABASE_URL": url.read_text()} if url.exists() else {}
    return kept | {"HUB_DATA_DIR": str(data)} | database | settings


def use_database(data: Path, url: str) -> None:
    """Let all commands with this data folder work on a database, where they would start a server each."""
    (data / _URL_FILE).write_text(url)


def baogong(
    data: Path, *arguments: str | Path, typed: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in this process: a process of its own takes seconds to start.

    `typed`: what comes in by standard input.
    """
    given = list(map(str, arguments))
    before = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(environment(data)):
            patch.delenv(name)
        try:
            result = CliRunner().invoke(
                app, given, input=typed, env=environment(data, **settings), catch_exceptions=False
            )
        finally:
            signal.signal(signal.SIGTERM, before)
            log_briefly()  # what logs later must not write to this command's standard error
    return subprocess.CompletedProcess(given, result.exit_code, result.stdout, result.stderr)


def baogong_process(data: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a process of its own."""
    return subprocess.run(
        [_PROGRAM, *map(str, arguments)],
        env=environment(data, **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def start(data: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """Start a command; end it."""
    return subprocess.Popen(
        [_PROGRAM, *arguments],
        env=environment(data, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    """What a command printed as JSON."""
    return json.loads(done.stdout)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def processes_of(folder: Path) -> list[list[str]]:
    """The command lines of all processes that name this folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if any(str(folder) in part for part in line):
            found.append(line)
    return found
