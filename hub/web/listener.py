"""One connection that listens for changes, and wakes everybody who waits for some."""

import asyncio

import asyncpg
import structlog

from hub.ingest.changes_store import hear_changes, hear_no_more, is_there

#: before a lost connection is made again
_PAUSE_SECONDS = 0.5
#: how often a silent connection is asked whether it is still there
_LOOK_SECONDS = 20.0

log = structlog.get_logger(__name__)


class ChangeListener:
    """Wakes its waiters at each notification, and whenever it begins to listen, for it may have missed some."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._wake = asyncio.Event()
        self._closed = False

    @property
    def is_closed(self) -> bool:
        """Whether nothing will come any more: the hub stops."""
        return self._closed

    def next_wake(self) -> asyncio.Event:
        """Set when next there may be changes. Taken before one reads, nothing that comes meanwhile is missed."""
        return self._wake

    def close(self) -> None:
        """Wake everybody for the last time."""
        self._closed = True
        self.wake()

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again."""
        while True:
            try:
                await self._listen()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("changes.not_listening", error=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen(self) -> None:
        lost = asyncio.Event()
        async with self._pool.acquire() as connection:
            connection.add_termination_listener(lambda *_: lost.set())
            await hear_changes(connection, self._heard)
            try:
                self.wake()
                await _until(lost, connection)
            finally:
                if not connection.is_closed():
                    await hear_no_more(connection, self._heard)

    def _heard(self, *_what: object) -> None:
        self.wake()

    def wake(self) -> None:
        """Wake everybody: there may be something."""
        woken, self._wake = self._wake, asyncio.Event()
        woken.set()
        if self._closed:
            self._wake.set()


async def _until(lost: asyncio.Event, connection: asyncpg.Connection) -> None:
    """Wait for the loss of a connection, which a broken network may not tell of."""
    while not lost.is_set():
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await lost.wait()
        except TimeoutError:
            await is_there(connection)
