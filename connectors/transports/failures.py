"""Why a pull failed, which failures pass by themselves, and how long to be patient with those."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import stamina
from pydantic import BaseModel, ConfigDict, Field

from schema.declare import Label

Result = TypeVar("Result")


class PullError(Exception):
    """A pull that came to nothing; nothing of it reaches the hub. What was spooled may serve the next one."""

    def __init__(self, code: str, hint: Label) -> None:
        super().__init__(str(hint))
        self.code = code
        self.hint = hint


class TornPullError(PullError):
    """What was gathered does not fit together: the next pull has to begin anew."""


class PassingError(PullError):
    """A failure that may pass: worth another attempt, after so many seconds where the source said so."""

    def __init__(self, code: str, hint: Label, wait_seconds: float | None = None) -> None:
        super().__init__(code, hint)
        self.wait_seconds = wait_seconds


class Patience(BaseModel):
    """How often a request is tried, and how long is waited between."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempts: int = Field(default=6, ge=1, le=100)
    first_wait_seconds: float = Field(default=0.5, ge=0)
    #: also the most that a source may ask us to wait
    longest_wait_seconds: float = Field(default=120, ge=0)
    #: for connecting, and for each silence of the source
    timeout_seconds: float = Field(default=30, gt=0)

    async def patiently(self, work: Callable[..., Awaitable[Result]], *arguments: Any) -> Result:
        """The result of the work, tried again as long as it raises PassingError and attempts are left."""
        caller = stamina.AsyncRetryingCaller(
            attempts=self.attempts,
            timeout=None,
            wait_initial=self.first_wait_seconds,
            wait_max=self.longest_wait_seconds,
            wait_jitter=self.first_wait_seconds,
        )
        return await caller(_wait, work, *arguments)


def _wait(error: Exception) -> bool | float:
    """Whether to try again, and when if the source named a time."""
    if not isinstance(error, PassingError):
        return False
    return True if error.wait_seconds is None else error.wait_seconds
