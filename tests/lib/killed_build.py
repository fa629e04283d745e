"""A build of the sample release that kills itself, in a process of its own."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

from publish import release, shelf
from publish.sqlite import SqliteFile
from tests.lib.site import build_sample, sample_store

_PATIENCE_SECONDS = 60.0
#: step → the module and the name of the function before which the build is killed
STEPS = {
    "writing": (SqliteFile, "finish"),
    "checking": (release, "check_files"),
    "describing": (release, "write_description"),
    "sealing": (shelf, "write_sums"),
    "naming": (shelf, "keep"),
    "switching": (shelf, "switch"),
    "linking": (Path, "replace"),
}


def build_and_be_killed(folder: Path, step: str, sender: str) -> None:
    """Build, and be killed at a step."""

    def kill(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    owner, name = STEPS[step]
    setattr(owner, name, kill)
    asyncio.run(build_sample(folder, sample_store(sender=sender)))


def exit_of_killed_build(folder: Path, step: str, sender: str) -> int | None:
    """How a process ends that builds and is killed; None: not at all. What it imports is imported once for all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=build_and_be_killed, args=(folder, step, sender))
    process.start()
    process.join(_PATIENCE_SECONDS)
    return process.exitcode
