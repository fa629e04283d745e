"""The worker: pulls what is due, takes in what is dropped into the inbox, finishes what a killed run left."""

import asyncio
from collections.abc import Mapping

import asyncpg
import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException

from connectors.transports.durable import alone_in
from connectors.transports.failures import PullError
from connectors.transports.sources import Source
from hub.clock import Clock
from hub.config import Settings
from hub.db.pool import connection_to
from hub.errors import DatabaseError, HubError
from hub.ingest.landing import Landing
from hub.ingest.run import Ingest, Outcome
from hub.jobs.inbox import Dropped, holds_persons, put_aside, settled_files
from hub.jobs.pull import configured_sources, pull_source
from hub.jobs.queue import drop_stalled, make_queue, offer, run_jobs
from hub.jobs.standing import SourceState, standing_of
from schema.declare import Label

log = structlog.get_logger(__name__)


class Worker:
    """One worker; any number of them, on any machines that share database and data folder, do not get in their way."""

    def __init__(self, settings: Settings, url: str, environment: Mapping[str, str], clock: Clock) -> None:
        """Raises SettingError where the file of sources cannot be used."""
        self._settings = settings
        self._url = url
        self._environment = environment
        self._clock = clock
        self._sources = {source.code: source for source in configured_sources(settings)}
        self._beat = settings.worker_seconds

    async def run(self) -> None:
        """Work until cancelled. Raises DatabaseError where the database goes away: then somebody starts it anew."""
        try:
            await self._run()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ConnectorException) as error:
            raise DatabaseError(
                "database.unreachable",
                Label(f"数据库连接中断：{error}", f"lost the database: {type(error).__name__}"),
            ) from error

    async def _run(self) -> None:
        async with self.queue().open_async() as queue:
            parts = [
                asyncio.create_task(part)
                for part in (run_jobs(queue, self._beat), self._offer_rounds(queue), self._inbox_rounds())
            ]
            try:
                done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
                for part in done:
                    part.result()
            finally:
                for part in parts:
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)

    def queue(self) -> App:
        """The queue whose jobs this worker does."""
        return make_queue(self._url, self.pull)

    async def offer_due(self, queue: App, connection: asyncpg.Connection) -> None:
        """Put into the queue what is due by the books; what a dead worker had in hand is due again."""
        for code in await drop_stalled(queue, self._beat):
            log.warning("job.stalled", source=code)
        for source in self._sources.values():
            if await self._is_due(connection, source):
                await offer(queue, source.code)

    async def pull(self, code: str) -> None:
        """Pull a source if it is due indeed, and this worker's file of sources has it."""
        source = self._sources.get(code)
        if source is None:
            log.warning("job.unknown", source=code)
            return
        async with connection_to(self._url) as connection:
            if not await self._is_due(connection, source):
                return
            result = await pull_source(self._settings, connection, source, self._environment, self._clock)
        for outcome in result.outcomes:
            _tell(outcome)

    async def _is_due(self, connection: asyncpg.Connection, source: Source) -> bool:
        return (await standing_of(connection, source, self._clock())).state is SourceState.DUE

    async def _offer_rounds(self, queue: App) -> None:
        async with connection_to(self._url) as connection:
            while True:
                await self.offer_due(queue, connection)
                await asyncio.sleep(self._beat)

    async def _inbox_rounds(self) -> None:
        self._settings.inbox_dir.mkdir(parents=True, exist_ok=True)
        async with connection_to(self._url) as connection:
            while True:
                for outcome in await take_inbox(self._settings, connection, self._clock):
                    _tell(outcome)
                await asyncio.sleep(self._beat)


async def take_inbox(settings: Settings, connection: asyncpg.Connection, clock: Clock) -> list[Outcome]:
    """Finish what was left, then take in what was dropped. What is no delivery at all is put aside, and told of."""
    ingest = Ingest(connection, Landing(settings.landing_dir), clock)
    outcomes = await ingest.resume()
    try:
        with alone_in(settings.inbox_dir):
            for dropped in list(settled_files(settings.inbox_dir, clock())):
                outcome = await _take(settings, ingest, dropped)
                if outcome is not None:
                    outcomes.append(outcome)
    except PullError:
        log.debug("inbox.other_worker")  # another worker is at it
    return outcomes


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


def _tell(outcome: Outcome) -> None:
    log.warning(
        "batch",
        id=outcome.batch.id,
        feed=outcome.batch.feed_code,
        file=outcome.file_name,
        state=outcome.state.value,
        repeat=outcome.is_repeat,
        reason=outcome.stop and outcome.stop.reason,
    )
