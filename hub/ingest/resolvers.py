"""Resolution of each kind of file: which store, which medicine."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg
import polars as pl

from connectors.connector import Connector
from connectors.frame import FAULT_COLUMNS, Normalised
from hub.ingest import difference_store, identity_store, pharmacy_store, scope_store
from hub.ingest.batches import Batch, Moment
from hub.ingest.difference import Changed, UnsoundDifferenceError
from hub.ingest.ladder import match_item
from hub.ingest.resolver import Resolver, Staged
from schema.declare import Entity, Label
from schema.entities import MATCHED, LocalItem, OnSale, Pharmacy, ProductionReport, SupplyNotice
from schema.entities.matched import MATCH_COLUMNS, Matched

_UNKNOWN_STORE = "门店不在门店名单内，请先送门店文件 no such store: send the file of stores first"
_ROW_OF_NO_STORE = Label(
    "有行无法辨认属哪家门店，本次不据此判断停售",
    "some rows cannot be told to belong to any store, so nothing ends by its absence from this file",
)
_ROW_OF_LIST = Label(
    "有行未能读懂，可能正是不再出现的条目，本次不据此判断退出目录",
    "some rows were not understood and may be what seems absent, so nothing leaves the list by this file",
)
_UNKNOWN_REGION = "没有此行政区划代码 no such division"


class StoreResolver(Resolver):
    """For files of stores: the division must exist."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the divisions."""
        self._header = headers["region_code"]
        self._regions = sorted(await pharmacy_store.known_regions(connection))

    def chunk(self, normalised: Normalised) -> Normalised:
        """Fault the stores of divisions that do not exist."""
        known = pl.col("region_code").is_in(self._regions)
        fault = _Fault("row.unknown_region", "region_code", self._header, _UNKNOWN_REGION)
        return _withhold(normalised, Pharmacy, ~known, fault)


class StockTakeResolver(Resolver):
    """For stock-takes: full for each store in the file; items climb the identity ladder."""

    def __init__(self) -> None:
        super().__init__()
        self.added = {OnSale: ("province_code",), LocalItem: MATCH_COLUMNS}
        self.shared = frozenset({LocalItem})
        self.full_within = {OnSale: "pharmacy_id"}
        self._withheld: set[int] = set()
        self._some_row_is_nowhere = False

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the sender's stores."""
        self._header = headers["store_code"]
        provinces = await pharmacy_store.provinces_of_pharmacies(connection, batch.sender_code)
        self._stores = pl.DataFrame(
            {"pharmacy_id": list(provinces), "province_code": list(provinces.values())},
            schema={"pharmacy_id": pl.Int64, "province_code": pl.String},
        )

    def chunk(self, normalised: Normalised) -> Normalised:
        """Find each row's store; keep one example of each item as the chunk describes it."""
        placed = normalised.records[OnSale].join(
            self._stores, on="pharmacy_id", how="left", maintain_order="left"
        )
        found = Normalised(normalised.records | {OnSale: placed}, normalised.withheld, normalised.faults)
        unknown = pl.col("province_code").is_null()
        fault = _Fault("row.unknown_pharmacy", "store_code", self._header, _UNKNOWN_STORE)
        found = _withhold(found, OnSale, unknown, fault)
        self._remember_withheld(found)
        items = found.records[LocalItem]
        described = [column for column in items.columns if column != "row_number"]
        return Normalised(
            {
                # one item's rows side by side are neighbours in every index: a sixth faster to insert
                OnSale: found.records[OnSale].drop("store_code").sort("item_id", "pharmacy_id"),
                LocalItem: items.unique(described, keep="first", maintain_order=True),
            },
            found.withheld,
            found.faults,
        )

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Items that the file describes in two ways; and the stores for which the file is complete."""
        columns = tuple(c for c in staged[LocalItem] if c not in MATCH_COLUMNS)
        await pharmacy_store.fault_contradicting_items(connection, columns)
        await self._open_scope(connection)
        await pharmacy_store.narrow_scope(connection, self._withheld)
        if self._some_row_is_nowhere:
            await scope_store.empty_scope(connection, _ROW_OF_NO_STORE)

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Send the items up the identity ladder."""
        await pharmacy_store.settle_items(connection)
        await _match_stage(connection, LocalItem, staged[LocalItem])

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Note when the stores were last confirmed."""
        await pharmacy_store.confirm_stock_takes(connection, moment)

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


class WholeListResolver(Resolver):
    """For a list that comes whole: what its sender's newest one no longer names has left it."""

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Remember whose list it is."""
        self._sender_code = batch.sender_code

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Open the whole list as scope; a row in quarantine is not absent, but nobody knows which one it is."""
        self.full_within = dict.fromkeys(staged, "sender_code")
        await scope_store.open_list_scope(connection, self._sender_code)
        if await scope_store.has_faults(connection):
            await scope_store.empty_scope(connection, _ROW_OF_LIST)


class ProductionResolver(Resolver):
    """For reports and notices of production: each climbs the identity ladder, the holder is a witness."""

    def __init__(self) -> None:
        super().__init__()
        self.added = {ProductionReport: MATCH_COLUMNS, SupplyNotice: MATCH_COLUMNS}

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Send reports and notices up the identity ladder."""
        for entity in (ProductionReport, SupplyNotice):
            if entity in staged:
                await _match_stage(connection, entity, staged[entity])


class RegistrationResolver(Resolver):
    """For registration: a new or changed medicine may settle or unsettle what an item is."""

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Send the items it may concern up the ladder again."""
        for entity in MATCHED:
            judged = await identity_store.items_to_judge_anew(connection, entity)
            known = await identity_store.fetch_known(connection, (item for item, _ in judged))
            findings = {item.id: match_item(item, known) for item, _ in judged}
            changed = {
                item.id: findings[item.id] for item, at in judged if findings[item.id].product_id != at
            }
            await identity_store.relink(connection, entity, changed, moment.recorded_at)


async def _match_stage(
    connection: asyncpg.Connection, entity: type[Matched], columns: tuple[str, ...]
) -> None:
    """Send a stage's items up the identity ladder."""
    items = await identity_store.staged_items(connection, entity, columns)
    known = await identity_store.fetch_known(connection, items)
    findings = {item.id: match_item(item, known) for item in items}
    await identity_store.stage_findings(connection, entity, findings)


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with some rows."""

    code: str
    #: column of the records that has the offending text
    column: str
    #: the same as the file heads it
    header: str
    hint: str


def _withhold(normalised: Normalised, entity: type[Entity], where: pl.Expr, fault: _Fault) -> Normalised:
    """Fault the rows of `entity` that satisfy `where`, and take them out of all records."""
    rows = normalised.records[entity].filter(where)
    if rows.is_empty():
        return normalised
    faults = rows.select(
        pl.col("row_number").cast(pl.Int32),
        pl.lit(fault.code).alias("code"),
        pl.lit(value=False).alias("is_notice"),
        pl.lit(fault.header).alias("column_name"),
        pl.col(fault.column).alias("found_text"),
        pl.lit(fault.hint).alias("hint"),
    ).select(list(FAULT_COLUMNS))
    bad = pl.col("row_number").is_in(rows.get_column("row_number").implode())
    return Normalised(
        {e: table.filter(~bad) for e, table in normalised.records.items()},
        {
            e: pl.concat([normalised.withheld[e], table.filter(bad)], how="diagonal")
            for e, table in normalised.records.items()
        },
        pl.concat([normalised.faults, faults]),
    )
