"""A build of the sample release that kills itself: `python -m tests.lib.killed_build FOLDER STEP SENDER`."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from publish import release, shelf
from publish.sqlite import SqliteFile
from tests.lib.site import build_sample, sample_store

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


def main() -> None:
    """Build, and be killed."""
    folder, step, sender = sys.argv[1:]

    def kill(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    owner, name = STEPS[step]
    setattr(owner, name, kill)
    asyncio.run(build_sample(Path(folder), sample_store(sender=sender)))


if __name__ == "__main__":
    main()
