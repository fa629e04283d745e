"""Tells the graph who in the store knows a text, by the same code as `baogong identity inspect`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from hub.db.pool import enter
from hub.db.reading import ReadingPool
from hub.ingest import inspection
from schema.graph.writer import Known
from schema.inspection import CodeReading
from schema.plan.values import Pass


class StoreInspector:
    """An inspector over a pool, for one caller."""

    def __init__(self, pool: ReadingPool, caller: Pass) -> None:
        self._pool = pool
        self._caller = caller

    async def who_knows(self, what: str, reading: CodeReading) -> Sequence[Known]:
        """Products, packs, items, organizations or regions that have a code."""
        async with self._entered() as connection:
            return await inspection.who_knows(connection, what, reading)

    async def items_by_own_code(self, text: str) -> Sequence[Known]:
        """Items whose sender calls them this."""
        async with self._entered() as connection:
            return await inspection.items_by_own_code(connection, text)

    async def organizations_named(self, text: str, readings: Sequence[CodeReading]) -> Sequence[Known]:
        """Organisations that a text names."""
        async with self._entered() as connection:
            return await inspection.organizations_named(connection, text, readings)

    async def label(self, text: str, readings: Sequence[CodeReading]) -> Mapping[str, Any] | None:
        """What a text says as a label, and what the ladder finds; None where it is no label."""
        async with self._entered() as connection:
            if not inspection.is_label(text, readings) or await inspection.organizations_named(
                connection, text, readings
            ):
                return None
            return await inspection.inspect_label(connection, text)

    @asynccontextmanager
    async def _entered(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that knows who asks, for the time of a transaction."""
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await enter(connection, self._caller.sealed)
            yield connection
