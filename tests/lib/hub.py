"""A hub for one test: a database of its own, a data folder, a clock that the test turns."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from hub.config import Settings
from hub.ingest.landing import Landing
from hub.ingest.run import Delivery, Ingest, Outcome

#: the first moment of every test
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@dataclass
class TestClock:
    """A clock that stands until it is turned."""

    __test__ = False
    now: datetime = START

    def __call__(self) -> datetime:
        """The present of the test."""
        return self.now

    def turn(self, **span: float) -> None:
        """Let time go by."""
        self.now += timedelta(**span)


@dataclass
class TestHub:
    """What a test of the store needs."""

    __test__ = False
    settings: Settings
    connection: asyncpg.Connection
    clock: TestClock = field(default_factory=TestClock)

    @property
    def landing(self) -> Landing:
        """Its landing."""
        return Landing(self.settings.landing_dir)

    async def take(
        self,
        feed: str,
        content: bytes | str | Path,
        *,
        sender: str | None = None,
        name: str = "file.csv",
        as_of: datetime | None = None,
    ) -> Outcome:
        """Take bytes, text or a file in; the clock goes on by a minute, so that deliveries have an order."""
        if isinstance(content, Path):
            name, content = content.name, content.read_bytes()
        source = io.BytesIO(content.encode() if isinstance(content, str) else content)
        self.clock.turn(minutes=1)
        ingest = Ingest(self.connection, self.landing, self.clock)
        return await ingest.take(Delivery(feed, sender, name, "test", as_of), source)

    async def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query as tuples."""
        return [tuple(row) for row in await self.connection.fetch(statement, *values)]

    async def value(self, statement: str, *values: Any) -> Any:
        """The one value of a query."""
        return await self.connection.fetchval(statement, *values)
