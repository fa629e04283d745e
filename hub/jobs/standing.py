"""How a source stands: due, being pulled, waiting for another try, or done until the next time: by the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import asyncpg

from connectors.transports.sources import Source
from hub.ingest.pull_store import PullTry, is_being_pulled, list_tries
from hub.jobs.pull import key_of
from schema.cadence import last_due, next_due
from schema.declare import Label

#: pauses after the first, second, … pull that failed since the source was due; the last one stays
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
#: another process had the source: no failure of the source
_NO_TRY = "pull.running"


class SourceState(StrEnum):
    """How a source stands."""

    DUE = "due"
    RUNNING = "running"
    RETRY = "retry"
    DONE = "done"

    @property
    def label(self) -> Label:
        """Its name for readers."""
        return _LABELS[self]


_LABELS = {
    SourceState.DUE: Label("到期", "due"),
    SourceState.RUNNING: Label("进行中", "running"),
    SourceState.RETRY: Label("待重试", "to be tried again"),
    SourceState.DONE: Label("已取，等下次", "done until the next time"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source stands, and since when it is due or when it will be."""

    state: SourceState
    at: datetime
    #: pulls that failed since it was due
    failures: int = 0


def judge(calendar: str, tries: Sequence[PullTry], now: datetime) -> Standing:
    """How a source stands that nobody pulls now; `tries` are its pulls since it was last due.

    Times that were missed while no worker ran are made up for once: only the last of them counts.
    """
    failed = [each for each in tries if each.stop_code not in (None, _NO_TRY)]
    if any(each.stop_code is None for each in tries):
        return Standing(SourceState.DONE, next_due(calendar, now))
    if not failed:
        return Standing(SourceState.DUE, last_due(calendar, now))
    again = failed[-1].finished_at + _PAUSES[min(len(failed), len(_PAUSES)) - 1]
    return Standing(SourceState.DUE if again <= now else SourceState.RETRY, again, len(failed))


async def standing_of(connection: asyncpg.Connection, source: Source, now: datetime) -> Standing:
    """How a configured source stands."""
    tries = await list_tries(connection, key_of(source), last_due(source.calendar, now))
    found = judge(source.calendar, tries, now)
    if await is_being_pulled(connection, key_of(source)):
        return Standing(SourceState.RUNNING, found.at, found.failures)
    return found
