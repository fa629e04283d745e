"""One unchanging view of the store, for whoever reads much and must not see half of a promotion."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

#: rows fetched at a time: some megabytes
_ROWS = 10_000


class StoreSnapshot:
    """The store as it was when the snapshot was opened."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def rows(self, query: str) -> AsyncIterator[Sequence[Sequence[Any]]]:
        """The rows of a query, some at a time."""
        cursor = await self._connection.cursor(query)
        while rows := await cursor.fetch(_ROWS):
            yield rows


@asynccontextmanager
async def open_snapshot(connection: asyncpg.Connection) -> AsyncIterator[StoreSnapshot]:
    """Open a snapshot on a connection; it can read only."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield StoreSnapshot(connection)
