"""One pull: go to a source, take in what it has, and put on record how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog

from connectors.transports.durable import alone_in, is_running
from connectors.transports.failures import PullError
from connectors.transports.fetch import fetch
from connectors.transports.fetched import Fetched, LeftAlone
from connectors.transports.sources import Source, SourcesError, load_sources
from hub.clock import Clock
from hub.config import Settings
from hub.errors import HubError, SettingError
from hub.ingest.batches import Stop
from hub.ingest.landing import Landing
from hub.ingest.promotion import Progress
from hub.ingest.pull_store import SourceKey, insert_pull, only_puller
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


def configured_sources(settings: Settings) -> tuple[Source, ...]:
    """The sources of HUB_SOURCES, in the file's order; none where it is not set. SettingError where it is wrong."""
    if settings.sources is None:
        return ()
    try:
        return load_sources(settings.sources)
    except SourcesError as error:
        raise SettingError(error.code, error.hint) from error


def key_of(source: Source) -> SourceKey:
    """What a source is called in the books."""
    return SourceKey(source.feed, source.sender_code, source.code)


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
    try:
        await _fetch(settings, connection, ingest, result, environment, started_at)
    except PullError as error:
        result.stop = Stop(error.code, str(error.hint))
        log.warning("pull.failed", source=source.code, code=error.code, reason=str(error.hint))
    except Exception as error:
        # a defect that one source meets must not keep the others from being pulled
        if connection.is_closed():
            raise
        log.exception("pull.internal", source=source.code)
        result.stop = _defect(error)
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


async def _fetch(
    settings: Settings,
    connection: asyncpg.Connection,
    ingest: Ingest,
    result: PullResult,
    environment: Mapping[str, str],
    started_at: datetime,
) -> None:
    """Take in what the source has. Raises PullError, also where another process on any machine pulls it."""
    source = result.source
    folder = settings.pull_dir / source.feed / source.sender_code / source.code
    async with only_puller(connection, key_of(source)) as is_ours:
        if not is_ours:
            raise is_running()
        with alone_in(folder):
            async for item in fetch(source, environment, folder, started_at):
                await _take(ingest, result, item)


def _defect(error: Exception) -> Stop:
    if isinstance(error, HubError):
        return Stop(error.code, str(error))
    return Stop(
        "pull.internal",
        f"取数时系统出错（{type(error).__name__}），已记录。 The hub failed on this pull; the log has the trace.",
    )


async def _take(ingest: Ingest, result: PullResult, item: Fetched | LeftAlone) -> None:
    if isinstance(item, LeftAlone):
        result.left_alone.append(item.name)
        return
    source = result.source
    delivery = Delivery(source.feed, source.sender_code, item.name, source.transport, item.as_of)
    with Path(item.path).open("rb") as file:
        result.outcomes.append(await ingest.take(delivery, file))
    item.taken()
