"""Reads the graph's pages from the store, for one request."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from strawberry.dataloader import DataLoader

from connectors.landed import landed_row
from connectors.registry import CONNECTORS
from hub.db.reading import ReadingPool
from hub.ingest.landing import Landing
from schema.declare import Entity
from schema.entities import Batch
from schema.graph.context import Row
from schema.plan.nodes import NOW, Changes, Hits, Page, Source, Times
from schema.plan.sql.plain import (
    render_changes,
    render_count,
    render_hits,
    render_lookup,
    render_outside,
    render_page,
)
from schema.plan.values import Pass
from schema.provider import Provider
from schema.scopes import Scope


class StoreReader:
    """A reader over a pool; look-ups of one request are gathered and answered together."""

    def __init__(self, pool: ReadingPool, landing: Landing, caller: Pass) -> None:
        """`caller`: what it may see."""
        self._pool = pool
        #: whose it is
        self.caller = caller
        self._landing = landing
        #: whose rows were read
        self.rows: Counter[Provider] = Counter()
        self._loaders: dict[tuple[type[Entity], str, Times], DataLoader[Any, Row | None]] = {}

    async def page(self, page: Page) -> Sequence[Row]:
        """The rows of a page in the order they are found in, and one more if more follow."""
        statement, values = render_page(page, self.caller)
        found = [dict(row) for row in await self._pool.fetch(statement, *values)]
        self.rows[page.source.entity.about.provider] += min(len(found), page.window.size)
        return found

    async def is_outside(self, page: Page) -> bool:
        """Whether there are rows on the side where the page was asked to begin."""
        rendered = render_outside(page, self.caller)
        if rendered is None:
            return False
        statement, values = rendered
        return bool(await self._pool.fetchval(statement, *values))

    async def count(self, source: Source) -> int:
        """How many rows a source has."""
        statement, values = render_count(source, self.caller)
        found: int = await self._pool.fetchval(statement, *values)
        return found

    async def hits(self, hits: Hits) -> Sequence[Row]:
        """The hits of a page of a search in their order, and one more if more follow."""
        statement, values = render_hits(hits, self.caller)
        found = [dict(row) for row in await self._pool.fetch(statement, *values)]
        self.rows[Provider.HUB] += min(len(found), hits.size)
        return found

    async def changes(self, changes: Changes) -> Sequence[Row]:
        """The changes of a page in their order, and one more if more follow."""
        statement, values = render_changes(changes, self.caller)
        found = [dict(row) for row in await self._pool.fetch(statement, *values)]
        self.rows[Provider.HUB] += min(len(found), changes.size)
        return found

    async def one(self, entity: type[Entity], column: str, value: Any, times: Times) -> Row | None:
        """The row whose column has this value."""
        loader = self._loaders.get((entity, column, times))
        if loader is None:
            loader = self._loaders[entity, column, times] = self._loader(entity, column, times)
        found = await loader.load(value)
        if found is not None:
            self.rows[entity.about.provider] += 1
        return found

    def forget(self) -> None:
        """Look everything up anew from now on: something was changed."""
        self._loaders.clear()

    async def original_row(self, batch_id: int, row_number: int) -> str | None:
        """The row of the landed file; None where landing no longer has the bytes."""
        batch = await self.one(Batch, "id", batch_id, NOW)
        if batch is None:
            return None
        path: Path = self._landing.path_of(batch["sha256"])
        if not path.exists():
            return None
        manifest = CONNECTORS[batch["feed_code"]].manifest
        return await asyncio.to_thread(landed_row, path, row_number, manifest)

    async def raw_scope(self, batch_id: int) -> Scope | None:
        """What else the batch's feed asks of whoever reads its rows as received."""
        batch = await self.one(Batch, "id", batch_id, NOW)
        return CONNECTORS[batch["feed_code"]].manifest.raw_scope if batch else None

    def _loader(self, entity: type[Entity], column: str, times: Times) -> DataLoader[Any, Row | None]:
        async def load(wanted: list[Any]) -> list[Row | None]:
            statement, values = render_lookup(entity, column, wanted, times, self.caller)
            found = {row[column]: dict(row) for row in await self._pool.fetch(statement, *values)}
            return [found.get(value) for value in wanted]

        return DataLoader(load)
