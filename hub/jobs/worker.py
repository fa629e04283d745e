"""The worker: finishes what a killed run left, and takes in what is dropped into the inbox."""

import asyncio

import asyncpg
import structlog

from hub.clock import Clock
from hub.config import Settings
from hub.errors import HubError
from hub.ingest.landing import Landing
from hub.ingest.run import Ingest, Outcome
from hub.jobs.inbox import Dropped, holds_persons, put_aside, settled_files

log = structlog.get_logger(__name__)


async def work_once(settings: Settings, connection: asyncpg.Connection, clock: Clock) -> list[Outcome]:
    """One round. A file that is no delivery at all is put aside too, and told of in the log."""
    ingest = Ingest(connection, Landing(settings.landing_dir), clock)
    outcomes = await ingest.resume()
    for dropped in list(settled_files(settings.inbox_dir, clock())):
        outcome = await _take(settings, ingest, dropped)
        if outcome is not None:
            outcomes.append(outcome)
    return outcomes


async def work(settings: Settings, connection: asyncpg.Connection, clock: Clock) -> None:
    """Round after round, until cancelled."""
    settings.inbox_dir.mkdir(parents=True, exist_ok=True)
    while True:
        for outcome in await work_once(settings, connection, clock):
            log.warning(
                "batch",
                id=outcome.batch.id,
                feed=outcome.batch.feed_code,
                file=outcome.file_name,
                state=outcome.state.value,
                repeat=outcome.is_repeat,
                reason=outcome.stop and outcome.stop.reason,
            )
        await asyncio.sleep(settings.worker_seconds)


async def _take(settings: Settings, ingest: Ingest, dropped: Dropped) -> Outcome | None:
    batch_id = None
    outcome = None
    try:
        with dropped.path.open("rb") as source:
            outcome = await ingest.take(dropped.delivery, source)
        batch_id = outcome.batch.id
    except HubError as error:
        name = dropped.delivery.feed_code if holds_persons(dropped) else str(dropped.path)
        log.warning("inbox.rejected", file=name, code=error.code, reason=str(error))
    if holds_persons(dropped):
        dropped.path.unlink()
    else:
        put_aside(dropped.path, settings.inbox_dir, settings.taken_dir, batch_id)
    return outcome
