"""The command line as a user has it: a process, its output, its exit status."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

_PROGRAM = Path(sys.executable).with_name("baogong")


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of a command with its data in this folder; nothing of ours that starts with HUB_."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return kept | {"HUB_DATA_DIR": str(data)} | settings


def baogong(data: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
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
