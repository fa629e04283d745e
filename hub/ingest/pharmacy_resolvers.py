"""Resolution of pharmacies' files: which store, which medicine, and what follows for their stocks."""

from typing import ClassVar

import asyncpg
import polars as pl

from connectors.frame import Normalised
from hub.ingest import inventory_store, postal_store
from hub.ingest.batches import Batch, Moment
from hub.ingest.keeping import PHARMACIES
from hub.ingest.keeping_resolvers import (
    FullListResolver,
    ListChangesResolver,
    PlacedRowResolver,
    PlaceResolver,
)
from hub.ingest.resolver import Staged
from schema.declare import Entity
from schema.entities import InventoryChange, LocalItem, OnSale, StockLot
from schema.inventory import LineOperation


class StoreResolver(PlaceResolver):
    """For files of stores."""

    keeping = PHARMACIES

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Stores tell of chains; a new pharmacy may be a partner of the post."""
        await super().conclude(connection, batch, moment)
        await postal_store.relink_partners(connection, moment.recorded_at)


class StoreRowResolver(PlacedRowResolver):
    """For files in which each row is about an item in a store."""

    keeping = PHARMACIES
    placed: ClassVar[type[Entity]] = OnSale


class StockTakeResolver(FullListResolver):
    """For stock-takes: full for each store in the file."""

    keeping = PHARMACIES
    placed = OnSale

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Note when the stores were last confirmed; changes of stock count from then on."""
        await super().conclude(connection, batch, moment)
        counted = await inventory_store.counted_with_changes(connection, moment)
        await inventory_store.derive_levels(connection, counted)


class StockTakeChangesResolver(ListChangesResolver, StockTakeResolver):
    """For a stock-take of which only the rows are read that the one before does not have."""

    whole = StockTakeResolver


class LotResolver(StockTakeResolver):
    """For stock-takes by lots: what a store has of an item is the sum of its lots."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = frozenset({LocalItem, OnSale})
        self.full_within = {OnSale: "pharmacy_id", StockLot: "pharmacy_id"}
        # lots come and go with what is sold: that many vanish is no sign of a file cut off
        self.unguarded = frozenset({StockLot})
        self._missing: list[tuple[int | None, int | None]] = []

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Add the lots up, then send the items up the identity ladder."""
        nowhere = [(None, None)] if self._some_row_is_nowhere else []
        await inventory_store.add_lots_up(connection, [*self._missing, *nowhere])
        await super().settle(connection, staged)

    def _remember_withheld(self, found: Normalised) -> None:
        super()._remember_withheld(found)
        self._missing += found.withheld[OnSale].select("pharmacy_id", "item_id").iter_rows()


class ChangeResolver(StoreRowResolver):
    """For lists of changes and of sales: facts of their own, from which levels are worked out anew."""

    placed = InventoryChange

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Work out the levels of the stores that the file speaks of."""
        await inventory_store.derive_levels(connection, await inventory_store.staged_pharmacies(connection))


class LineResolver(StoreRowResolver):
    """For increments: each row puts a line on sale or ends it; a line that no row names stays as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = frozenset({OnSale})
        self._ending: list[int] = []

    def chunk(self, normalised: Normalised) -> Normalised:
        """Find each row's store, and remember the rows that end a line."""
        found = super().chunk(normalised)
        lines = found.records[OnSale]
        ending = lines.filter(pl.col("operation") == LineOperation.END.value)
        self._ending.extend(ending.get_column("row_number"))
        placed = lines.select("row_number")
        counts = found.records[InventoryChange].join(placed, on="row_number", how="semi")
        records = found.records | {OnSale: lines.drop("operation"), InventoryChange: counts}
        return Normalised(records, found.withheld, found.faults)

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Set the ending rows aside; send the items up the identity ladder."""
        await super().settle(connection, staged)
        await inventory_store.set_ends_aside(connection, self._ending)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """A line put on sale with its stock is a count: work out the levels anew."""
        await inventory_store.derive_levels(connection, await inventory_store.staged_pharmacies(connection))
