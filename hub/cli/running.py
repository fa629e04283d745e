"""What every command begins with: settings, an event loop, and errors as sentences. It loads little."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer
import uvloop
from pydantic import ValidationError

from hub.cli.listing import err
from hub.config import Settings
from hub.errors import HubError
from hub.observe import configure_logging

Result = TypeVar("Result")


def read_settings() -> Settings:
    """Settings from the environment; a wrong one is told by its name."""
    try:
        return Settings()
    except ValidationError as error:
        for each in error.errors():
            err.print(
                f"HUB_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}", style="red", markup=False
            )
        raise typer.Exit(2) from error


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's work to its end. Errors meant to be read become one line and exit status 1.

    In uvloop's loop, which a server started inside a running loop does not choose by itself.
    """
    configure_logging()
    # without this a polite kill would leave the embedded database running
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except HubError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(130) from error
