"""One connection that hears of revocations, and looks every second in case it heard nothing."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
import structlog

from hub.access.revocation_store import (
    fetch_revocations,
    forget_the_past,
    hear_no_more,
    hear_of_access,
)
from hub.access.revocations import Standing

#: between two looks; with what a look takes, a revocation is known everywhere within two seconds
_LOOK_SECONDS = 1.0
#: before a lost connection is made again
_PAUSE_SECONDS = 0.5
_SWEEP = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class AccessWatch:
    """Keeps a `Standing` fresh."""

    def __init__(self, pool: asyncpg.Pool, standing: Standing, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._standing = standing
        self._clock = clock
        self._heard = asyncio.Event()
        self._swept_at = clock()

    async def look(self) -> None:
        """Look once: to be done before anybody is let in."""
        async with self._pool.acquire() as connection:
            await self._read(connection)

    async def run(self) -> None:
        """Watch until cancelled; a lost connection is made again."""
        while True:
            try:
                await self._watch()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("access.not_watching", error=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _watch(self) -> None:
        async with self._pool.acquire() as connection:
            await hear_of_access(connection, self._hear)
            try:
                while True:
                    self._heard.clear()
                    await self._read(connection)
                    await self._wait()
            finally:
                if not connection.is_closed():
                    await hear_no_more(connection, self._hear)

    async def _read(self, connection: asyncpg.Connection) -> None:
        now = self._clock()  # taken before, so that the age is never understated
        self._standing.tell(await fetch_revocations(connection, now), now)
        if now - self._swept_at >= _SWEEP:
            self._swept_at = now
            await forget_the_past(connection, now)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await self._heard.wait()
        except TimeoutError:
            return

    def _hear(self, *_what: object) -> None:
        self._heard.set()
