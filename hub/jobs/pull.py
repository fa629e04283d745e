"""One pull: go to a source, take in what it has, and put on record how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import structlog

from connectors.transports.durable import alone_in
from connectors.transports.failures import PullError
from connectors.transports.fetch import fetch
from connectors.transports.fetched import Fetched, LeftAlone
from connectors.transports.sources import Source
from hub.clock import Clock
from hub.config import Settings
from hub.ingest.batches import Stop
from hub.ingest.landing import Landing
from hub.ingest.promotion import Progress
from hub.ingest.pull_store import insert_pull
from hub.ingest.run import Delivery, Ingest, Outcome

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class PullResult:
    """What a pull brought."""

    source: Source
    outcomes: list[Outcome] = field(default_factory=list)
    #: files that are still being written there
    left_alone: list[str] = field(default_factory=list)
    #: why it failed; what `outcomes` has was taken in all the same
    stop: Stop | None = None


async def pull_source(
    settings: Settings,
    connection: asyncpg.Connection,
    source: Source,
    environment: Mapping[str, str],
    clock: Clock,
    progress: Progress | None = None,
) -> PullResult:
    """Pull from one source. A failure is part of the result: it is on record and in the log, and makes no batch."""
    result, started_at = PullResult(source), clock()
    ingest = Ingest(connection, Landing(settings.landing_dir), clock, progress)
    folder = settings.pull_dir / source.feed / source.sender_code / source.code
    try:
        with alone_in(folder):
            async for item in fetch(source, environment, folder, started_at):
                await _take(ingest, result, item)
    except PullError as error:
        result.stop = Stop(error.code, str(error.hint))
        log.warning("pull.failed", source=source.code, code=error.code, reason=str(error.hint))
    await insert_pull(
        connection,
        feed_code=source.feed,
        sender_code=source.sender_code,
        source_code=source.code,
        transport_code=source.transport,
        started_at=started_at,
        finished_at=clock(),
        file_count=len(result.outcomes),
        stop_code=result.stop.code if result.stop else None,
        stop_reason=result.stop.reason if result.stop else None,
    )
    return result


async def _take(ingest: Ingest, result: PullResult, item: Fetched | LeftAlone) -> None:
    if isinstance(item, LeftAlone):
        result.left_alone.append(item.name)
        return
    source = result.source
    delivery = Delivery(source.feed, source.sender_code, item.name, source.transport, item.as_of)
    with Path(item.path).open("rb") as file:
        result.outcomes.append(await ingest.take(delivery, file))
    item.taken()
