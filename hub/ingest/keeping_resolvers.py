"""Resolution of files about places that keep medicines: which place, which medicine, and what has ended.

What pharmacies' and medical institutions' files have in common; `Keeping` says in what they differ.
"""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

import asyncpg
import polars as pl

from connectors.connector import Connector
from connectors.frame import Normalised
from hub.ingest import difference_store, keeping_store, organization_store, scope_store
from hub.ingest.batches import Batch, Moment
from hub.ingest.difference import Changed, UnsoundDifferenceError
from hub.ingest.keeping import INSTITUTIONS, Keeping
from hub.ingest.matching import match_stage
from hub.ingest.resolver import Resolver, Staged
from hub.ingest.withholding import UNKNOWN_REGION, RowsFault, withhold
from schema.declare import Entity
from schema.entities.matched import MATCH_COLUMNS


class PlaceResolver(Resolver):
    """For registers of places: the division must exist."""

    keeping: ClassVar[Keeping]

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the divisions."""
        self._header = headers["region_code"]
        self._regions = sorted(await keeping_store.known_regions(connection))

    def chunk(self, normalised: Normalised) -> Normalised:
        """Fault the places of divisions that do not exist."""
        known = pl.col("region_code").is_in(self._regions)
        fault = RowsFault("row.unknown_region", "region_code", self._header, UNKNOWN_REGION)
        return withhold(normalised, self.keeping.place, ~known, fault)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Registers of places name organisations."""
        await organization_store.work_out(connection)


class PlacedRowResolver(Resolver):
    """For files in which each row is about an item in a place; items climb the identity ladder."""

    keeping: ClassVar[Keeping]
    #: the entity whose records carry the place
    placed: ClassVar[type[Entity]]

    def __init__(self) -> None:
        super().__init__()
        self.added = {self.keeping.kept: ("province_code",), self.keeping.item: MATCH_COLUMNS}
        self.shared = frozenset({self.keeping.item})

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch the sender's places."""
        self._header = headers[self.keeping.place_code]
        self._as_of = batch.as_of
        provinces = await keeping_store.provinces_of_places(connection, self.keeping, batch.sender_code)
        self._places = pl.DataFrame(
            {self.keeping.place_id: list(provinces), "province_code": list(provinces.values())},
            schema={self.keeping.place_id: pl.Int64, "province_code": pl.String},
        )

    def chunk(self, normalised: Normalised) -> Normalised:
        """Find each row's place; keep one example of each item as the chunk describes it."""
        keeping = self.keeping
        placed = normalised.records[self.placed].join(
            self._places, on=keeping.place_id, how="left", maintain_order="left"
        )
        found = Normalised(normalised.records | {self.placed: placed}, normalised.withheld, normalised.faults)
        unknown = pl.col("province_code").is_null()
        fault = RowsFault(keeping.unknown, keeping.place_code, self._header, str(keeping.unknown_hint))
        found = withhold(found, self.placed, unknown, fault)
        self._remember_withheld(found)
        items = found.records[keeping.item]
        described = [column for column in items.columns if column != "row_number"]
        example = items.unique(described, keep="first", maintain_order=True)
        records = {entity: self._staged(entity, table) for entity, table in found.records.items()}
        return Normalised(records | {keeping.item: example}, found.withheld, found.faults)

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Items that the file describes in two ways."""
        await keeping_store.fault_contradicting_items(
            connection, self.keeping, self.placed, self._described(staged)
        )

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Send the items up the identity ladder."""
        await keeping_store.settle_items(connection, self.keeping, self.placed)
        await match_stage(connection, self.keeping.item, staged[self.keeping.item], self._as_of)

    def _described(self, staged: Staged) -> tuple[str, ...]:
        """The columns by which the file describes items."""
        return tuple(column for column in staged[self.keeping.item] if column not in MATCH_COLUMNS)

    def _remember_withheld(self, found: Normalised) -> None:
        """What the rows in quarantine mean for the file; nothing where absence means nothing."""

    def _staged(self, entity: type[Entity], table: pl.DataFrame) -> pl.DataFrame:
        """A table without the columns that only resolution needed."""
        code = self.keeping.place_code
        needless = (code,) if entity is self.keeping.kept else (code, "province_code")
        return table.drop(needless, strict=False)


class FullListResolver(PlacedRowResolver):
    """For lists that are full for each place in the file."""

    def __init__(self) -> None:
        super().__init__()
        self.full_within = {self.keeping.kept: self.keeping.place_id}
        self.spoken_within = {self.keeping.kept: self.keeping.place_id}
        self._withheld: set[int] = set()
        self._some_row_is_nowhere = False

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Items that the file describes in two ways; and the places for which the file is complete."""
        await super().find_faults(connection, staged)
        await self._open_scope(connection)
        await keeping_store.narrow_scope(connection, self.keeping, self._withheld)
        if self._some_row_is_nowhere:
            await scope_store.empty_scope(connection, self.keeping.nowhere)

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """Note when the places were last confirmed."""
        await keeping_store.confirm(connection, self.keeping, moment)

    async def _open_scope(self, connection: asyncpg.Connection) -> None:
        await keeping_store.open_scope(connection, self.keeping)

    def _remember_withheld(self, found: Normalised) -> None:
        places = found.withheld[self.keeping.kept].get_column(self.keeping.place_id)
        self._withheld.update(places.drop_nulls())
        faulted = found.faults.filter(~pl.col("is_notice")).get_column("row_number").n_unique()
        self._some_row_is_nowhere |= faulted > len(places.drop_nulls())


class ListChangesResolver(FullListResolver):
    """Mixed into the resolver of a full list: for one of which only the rows are read that the one before lacks."""

    #: the resolver of the whole list
    whole: ClassVar[type[FullListResolver]]

    def __init__(self, connector: Connector, changed: Changed) -> None:
        super().__init__()
        self._connector = connector
        self._changed = changed
        self.kept = changed.kept

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Stage what the file before said in rows that are gone; UnsoundDifferenceError if it said nothing."""
        await super().prepare(connection, batch, headers)
        reader = self.whole()
        await reader.prepare(connection, self._changed.before, self._changed.gone.headers)
        await difference_store.open_gone(connection, self.keeping)
        chunks = self._changed.gone.chunks()
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            said = reader.chunk(self._connector.normalise(self._changed.context_before(), chunk))
            if not said.faults.get_column("is_notice").all():
                raise UnsoundDifferenceError
            await difference_store.copy_gone(connection, self.keeping, said.records[self.keeping.kept])

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """As for a whole list. UnsoundDifferenceError where a row speaks against one that is not staged."""
        if await difference_store.contradicts_kept_rows(connection, self.keeping, self._described(staged)):
            raise UnsoundDifferenceError
        await super().find_faults(connection, staged)

    async def _open_scope(self, connection: asyncpg.Connection) -> None:
        await difference_store.open_scope(connection, self.keeping, self._changed.before.id)


class InstitutionResolver(PlaceResolver):
    """For registers of medical institutions."""

    keeping = INSTITUTIONS


class FormularyResolver(FullListResolver):
    """For formularies: full for each institution in the file."""

    keeping = INSTITUTIONS
    placed = INSTITUTIONS.kept


class FormularyChangesResolver(ListChangesResolver, FormularyResolver):
    """For a formulary of which only the rows are read that the one before does not have."""

    whole = FormularyResolver
