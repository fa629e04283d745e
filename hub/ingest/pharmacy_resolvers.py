"""Resolution of pharmacies' files: which store, which medicine, and what follows for their stocks."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

import asyncpg
import polars as pl

from connectors.connector import Connector
from connectors.frame import Normalised
from hub.ingest import (
    difference_store,
    inventory_store,
    organization_store,
    pharmacy_store,
    postal_store,
    scope_store,
)
from hub.ingest.batches import Batch, Moment
from hub.ingest.difference import Changed, UnsoundDifferenceError
from hub.ingest.matching import match_stage
from hub.ingest.resolver import Resolver, Staged
from hub.ingest.withholding import UNKNOWN_REGION, RowsFault, withhold
from schema.declare import Entity, Label
from schema.entities import InventoryChange, LocalItem, OnSale, Pharmacy, StockLot
from schema.entities.matched import MATCH_COLUMNS
from schema.inventory import LineOperation

_UNKNOWN_STORE = "门店不在门店名单内，请先送门店文件 no such store: send the file of stores first"
_ROW_OF_NO_STORE = Label(
    "有行无法辨认属哪家门店，本次不据此判断停售",
    "some rows cannot be told to belong to any store, so nothing ends by its absence from this file",
)


class StoreResolver(Resolver):
    """For files of stores: the division must exist."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the divisions."""
        self._header = headers["region_code"]
        self._regions = sorted(await pharmacy_store.known_regions(connection))

    def chunk(self, normalised: Normalised) -> Normalised:
        """Fault the stores of divisions that do not exist."""
        known = pl.col("region_code").is_in(self._regions)
        fault = RowsFault("row.unknown_region", "region_code", self._header, UNKNOWN_REGION)
        return withhold(normalised, Pharmacy, ~known, fault)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Stores tell of chains; a new pharmacy may be a partner of the post."""
        await organization_store.work_out(connection)
        await postal_store.relink_partners(connection, moment.recorded_at)


class StoreRowResolver(Resolver):
    """For files in which each row is about an item in a store; items climb the identity ladder."""

    #: the entity whose records carry the store
    placed: ClassVar[type[Entity]] = OnSale

    def __init__(self) -> None:
        super().__init__()
        self.added = {OnSale: ("province_code",), LocalItem: MATCH_COLUMNS}
        self.shared = frozenset({LocalItem})

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the sender's stores."""
        self._header = headers["store_code"]
        self._as_of = batch.as_of
        provinces = await pharmacy_store.provinces_of_pharmacies(connection, batch.sender_code)
        self._stores = pl.DataFrame(
            {"pharmacy_id": list(provinces), "province_code": list(provinces.values())},
            schema={"pharmacy_id": pl.Int64, "province_code": pl.String},
        )

    def chunk(self, normalised: Normalised) -> Normalised:
        """Find each row's store; keep one example of each item as the chunk describes it."""
        placed = normalised.records[self.placed].join(
            self._stores, on="pharmacy_id", how="left", maintain_order="left"
        )
        found = Normalised(normalised.records | {self.placed: placed}, normalised.withheld, normalised.faults)
        unknown = pl.col("province_code").is_null()
        fault = RowsFault("row.unknown_pharmacy", "store_code", self._header, _UNKNOWN_STORE)
        found = withhold(found, self.placed, unknown, fault)
        self._remember_withheld(found)
        items = found.records[LocalItem]
        described = [column for column in items.columns if column != "row_number"]
        example = items.unique(described, keep="first", maintain_order=True)
        records = {entity: self._staged(entity, table) for entity, table in found.records.items()}
        return Normalised(records | {LocalItem: example}, found.withheld, found.faults)

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Items that the file describes in two ways."""
        columns = tuple(c for c in staged[LocalItem] if c not in MATCH_COLUMNS)
        await pharmacy_store.fault_contradicting_items(connection, self.placed, columns)

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Send the items up the identity ladder."""
        await pharmacy_store.settle_items(connection, self.placed)
        await match_stage(connection, LocalItem, staged[LocalItem], self._as_of)

    def _remember_withheld(self, found: Normalised) -> None:
        """What the rows in quarantine mean for the file; nothing where absence means nothing."""

    def _staged(self, entity: type[Entity], table: pl.DataFrame) -> pl.DataFrame:
        """A table without the columns that only resolution needed."""
        needless = ("store_code",) if entity is OnSale else ("store_code", "province_code")
        return table.drop(needless, strict=False)


class StockTakeResolver(StoreRowResolver):
    """For stock-takes: full for each store in the file."""

    def __init__(self) -> None:
        super().__init__()
        self.full_within = {OnSale: "pharmacy_id"}
        self.spoken_within = {OnSale: "pharmacy_id"}
        self._withheld: set[int] = set()
        self._some_row_is_nowhere = False

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Items that the file describes in two ways; and the stores for which the file is complete."""
        await super().find_faults(connection, staged)
        await self._open_scope(connection)
        await pharmacy_store.narrow_scope(connection, self._withheld)
        if self._some_row_is_nowhere:
            await scope_store.empty_scope(connection, _ROW_OF_NO_STORE)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Note when the stores were last confirmed; changes of stock count from then on."""
        await pharmacy_store.confirm_stock_takes(connection, moment)
        counted = await inventory_store.counted_with_changes(connection, moment)
        await inventory_store.derive_levels(connection, counted)

    async def _open_scope(self, connection: asyncpg.Connection) -> None:
        await pharmacy_store.open_scope(connection)

    def _remember_withheld(self, found: Normalised) -> None:
        stores = found.withheld[OnSale].get_column("pharmacy_id")
        self._withheld.update(stores.drop_nulls())
        faulted = found.faults.filter(~pl.col("is_notice")).get_column("row_number").n_unique()
        self._some_row_is_nowhere |= faulted > len(stores.drop_nulls())


class StockTakeChangesResolver(StockTakeResolver):
    """For a stock-take of which only the rows are read that the one before does not have."""

    def __init__(self, connector: Connector, changed: Changed) -> None:
        super().__init__()
        self._connector = connector
        self._changed = changed
        self.kept = changed.kept

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Stage what the file before said in rows that are gone; UnsoundDifferenceError if it said nothing."""
        await super().prepare(connection, batch, headers)
        reader = StockTakeResolver()
        await reader.prepare(connection, self._changed.before, self._changed.gone.headers)
        await difference_store.open_gone(connection)
        chunks = self._changed.gone.chunks()
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            said = reader.chunk(self._connector.normalise(self._changed.context_before(), chunk))
            if not said.faults.get_column("is_notice").all():
                raise UnsoundDifferenceError
            await difference_store.copy_gone(connection, said.records[OnSale])

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """As for a whole stock-take. UnsoundDifferenceError where a row speaks against one that is not staged."""
        described = tuple(c for c in staged[LocalItem] if c not in MATCH_COLUMNS)
        if await difference_store.contradicts_kept_rows(connection, described):
            raise UnsoundDifferenceError
        await super().find_faults(connection, staged)

    async def _open_scope(self, connection: asyncpg.Connection) -> None:
        await difference_store.open_scope(connection, self._changed.before.id)


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
