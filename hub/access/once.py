"""What may be shown once only, whichever process it is shown to."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import asyncpg

from hub.access.revocation_store import show_once


class OnceUnavailableError(Exception):
    """Whether something was shown before cannot be told just now, so it is not taken."""


class Once(Protocol):
    """Remembers what was shown."""

    async def is_first(self, whose: str, one_time_id: str, kept_until: datetime) -> bool:
        """Whether it is shown for the first time; by this it was shown. Raises OnceUnavailableError."""
        ...


class OnceInDatabase:
    """Remembers it in the database, for all processes of the hub."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    async def is_first(self, whose: str, one_time_id: str, kept_until: datetime) -> bool:
        """See `Once`."""
        try:
            async with self._pool.acquire(timeout=3) as connection:
                return await show_once(connection, whose, one_time_id, self._clock(), kept_until)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise OnceUnavailableError from error


class OnceHere:
    """Remembers it in this process alone: for tests, and where a single process is all there is."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str], datetime] = {}

    async def is_first(self, whose: str, one_time_id: str, kept_until: datetime) -> bool:
        """See `Once`. What was shown is never forgotten."""
        is_new = (whose, one_time_id) not in self._shown
        self._shown[whose, one_time_id] = kept_until
        return is_new
