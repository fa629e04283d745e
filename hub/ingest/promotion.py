"""The steps of one batch within one transaction: stage, resolve, guard, promote, balance."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import asyncpg

from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised, fault_table
from connectors.manifest import Guards
from connectors.readers import Table
from hub.errors import BooksError
from hub.ingest import list_following, merge_store, quarantine_store, search, stage_store
from hub.ingest.batches import Batch, Books, Moment
from hub.ingest.guard import check_rows, check_vanishing
from hub.ingest.keeping_resolvers import FormularyResolver, InstitutionResolver
from hub.ingest.keys import SeenKeys, seen_keys
from hub.ingest.list_resolvers import ListResolver, ReserveResolver
from hub.ingest.merge import Merge
from hub.ingest.pharmacy_resolvers import (
    ChangeResolver,
    LineResolver,
    LotResolver,
    StockTakeResolver,
    StoreResolver,
)
from hub.ingest.postal_resolvers import ConsignmentResolver, PostalPlaceResolver
from hub.ingest.procurement import (
    DeliveryResolver,
    ListingResolver,
    PurchaseResolver,
    SettlementResolver,
)
from hub.ingest.quarantine import identities
from hub.ingest.registration_resolvers import (
    EventResolver,
    NameChangeResolver,
    RegistrationResolver,
    SubstanceResolver,
)
from hub.ingest.resolver import Resolver, Staged
from hub.ingest.resolvers import (
    MatchingResolver,
    PackCodeResolver,
    PackListResolver,
    ProductionResolver,
    WholeListResolver,
)
from schema.declare import Entity, Label
from schema.entities import (
    AuthorizationEvent,
    Consignment,
    DeliveryLine,
    EssentialMedicine,
    FiledPurchase,
    Institution,
    InstitutionMedicine,
    InsuranceEntry,
    InventoryChange,
    ListChange,
    Listing,
    OnSale,
    OrganizationNameChange,
    PackagedProduct,
    PackCode,
    PartnerPharmacy,
    Pharmacy,
    PostalOutlet,
    Product,
    ProductionReport,
    PurchaseLine,
    ReserveChange,
    ServiceArea,
    Settlement,
    StockLot,
    Substance,
    Substitution,
    SupplyNotice,
)

#: told of each step and of the rows it has done so far
Progress = Callable[[str, int], None]

_RESOLVERS: dict[type[Entity], type[Resolver]] = {
    Product: RegistrationResolver,
    AuthorizationEvent: EventResolver,
    Substance: SubstanceResolver,
    OrganizationNameChange: NameChangeResolver,
    Pharmacy: StoreResolver,
    OnSale: StockTakeResolver,
    StockLot: LotResolver,
    InventoryChange: ChangeResolver,
    Institution: InstitutionResolver,
    InstitutionMedicine: FormularyResolver,
    EssentialMedicine: WholeListResolver,
    InsuranceEntry: WholeListResolver,
    ListChange: ListResolver,
    ReserveChange: ReserveResolver,
    Substitution: WholeListResolver,
    PackagedProduct: PackListResolver,
    PackCode: PackCodeResolver,
    ProductionReport: ProductionResolver,
    SupplyNotice: ProductionResolver,
    FiledPurchase: MatchingResolver,
    Listing: ListingResolver,
    PurchaseLine: PurchaseResolver,
    DeliveryLine: DeliveryResolver,
    Settlement: SettlementResolver,
    PostalOutlet: PostalPlaceResolver,
    PartnerPharmacy: PostalPlaceResolver,
    ServiceArea: PostalPlaceResolver,
    Consignment: ConsignmentResolver,
}
#: layouts whose rows are resolved otherwise than those of their entity
_LAYOUT_RESOLVERS: dict[str, type[Resolver]] = {"on_sale_lines": LineResolver}


class Promotion:
    """The steps of one batch within one transaction."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        connector: Connector,
        batch: Batch,
        table: Table,
        progress: Progress,
        *,
        is_late: bool,
        resolver: Resolver | None = None,
    ) -> None:
        """`resolver` replaces the usual one of the file's layout."""
        self._connection = connection
        self._connector = connector
        self._batch = batch
        self._table = table
        self._progress = progress
        self._is_late = is_late
        self._row_entity = connector.row_entity[table.layout.code]
        usual = _RESOLVERS.get(self._row_entity, Resolver)
        self._resolver = resolver or _LAYOUT_RESOLVERS.get(table.layout.code, usual)()
        self._resolver.whole_part = table.layout.whole_part(batch.file_name)
        added = self._resolver.added.get(self._row_entity, ())
        #: columns by which a row in quarantine is known again
        self._row_key = tuple(column for column in self._row_entity.about.key if column not in added)
        self._staged: Staged = {}
        self._merges: list[Merge] = []
        #: entities of which keys may stand in the file more than once
        self._may_repeat: set[type[Entity]] = set()
        #: entities of which keys do
        self._repeating: list[type[Entity]] = []
        #: entities of which nothing stood before
        self._all_new: set[type[Entity]] = set()
        self._read = 0
        self._skipped = 0

    async def run(self, moment: Moment, guards: Guards | None) -> Books:
        """Stage, resolve, guard, promote, balance. Raises StopBatchError, RefusedFileError or BooksError.

        Without `guards` a person has seen the batch and released it.
        """
        await self._stage()
        if guards is not None:
            check_rows(guards, self._read)
        remaining = await self._resolve()
        closed = await self._promote(moment, guards)
        await self._resolver.conclude(self._connection, self._batch, moment)
        await list_following.follow(self._connection, moment)
        await search.follow(self._connection)
        books = await self._balance(remaining, closed)
        await self._settle(moment, self._batch.id)
        await stage_store.keep_faults(self._connection, self._batch.id)
        await quarantine_store.keep_rows(self._connection, self._batch.id, self._row_entity)
        return books

    async def replay(self, moment: Moment, cause_batch_id: int, *, reentry: bool = False) -> None:
        """Say again what the batch said when it was promoted: its guards and books are closed long since.

        What was in quarantine then and is understood now comes in. In a `reentry` nothing else does.
        """
        await self._stage()
        await self._resolve(moment if reentry else None)
        await self._promote(moment, None)
        await self._resolver.conclude(self._connection, self._batch, moment)
        await list_following.follow(self._connection, moment)
        await search.follow(self._connection)
        await self._settle(moment, cause_batch_id)

    async def _stage(self) -> None:
        """Read, normalise and load, chunk by chunk; reading and normalising leave the event loop free."""
        await stage_store.grant_memory(self._connection)
        await self._resolver.prepare(self._connection, self._batch, self._table.headers)
        self._read += self._resolver.kept
        await stage_store.open_fault_stage(self._connection)
        await quarantine_store.open_quarantine_stage(self._connection)
        with seen_keys() as seen:
            async for chunk, normalised in self._chunks():
                await self._stage_chunk(chunk, normalised, seen)
            self._may_repeat = seen.repeating()
        await stage_store.copy_faults(self._connection, fault_table(self._table.notices))
        if self._table.unknown_headers:
            await stage_store.note_unknown_columns(self._connection, self._table.unknown_headers)

    async def _stage_chunk(self, chunk: Chunk, normalised: Normalised, seen: SeenKeys) -> None:
        for entity, records in normalised.records.items():
            await self._fit_stage(entity, records.columns)
            await stage_store.copy_records(self._connection, entity, records)
            if entity not in self._resolver.shared:
                seen.add(entity, records.select(entity.about.key))
        await stage_store.copy_faults(self._connection, normalised.faults)
        about = identities(chunk, normalised, self._row_entity, self._row_key)
        await quarantine_store.stage_identities(self._connection, about)
        self._count(chunk)

    async def _chunks(self) -> AsyncIterator[tuple[Chunk, Normalised]]:
        """The file's chunks, one read ahead: while the database takes one, a thread makes the next."""
        chunks = self._table.chunks()
        ahead = asyncio.create_task(asyncio.to_thread(self._next, chunks))
        try:
            while (made := await ahead) is not None:
                ahead = asyncio.create_task(asyncio.to_thread(self._next, chunks))
                yield made
        finally:
            # the thread cannot be stopped; whatever it meets no longer matters
            await asyncio.gather(ahead, return_exceptions=True)

    def _next(self, chunks: Iterator[Chunk]) -> tuple[Chunk, Normalised] | None:
        chunk = next(chunks, None)
        if chunk is None:
            return None
        # JSON lines may bring a key for the first time in any chunk
        context = FileContext(
            self._table.layout.code, self._batch.sender_code, self._batch.as_of, dict(self._table.headers)
        )
        return chunk, self._resolver.chunk(self._connector.normalise(context, chunk))

    async def _fit_stage(self, entity: type[Entity], columns: list[str]) -> None:
        """Make the entity's stage, or add the columns that this chunk is the first to have."""
        added = self._resolver.added.get(entity, ())
        own = tuple(column for column in columns if column != "row_number" and column not in added)
        if entity not in self._staged:
            self._staged[entity] = (*own, *added)
            await stage_store.open_stage(self._connection, entity, self._staged[entity])
        new = tuple(column for column in own if column not in self._staged[entity])
        if new:
            self._staged[entity] += new
            await stage_store.widen_stage(self._connection, entity, new)

    def _count(self, chunk: Chunk) -> None:
        faulted = {fault.row_number for fault in chunk.faults}
        self._read += chunk.frame.height + len(faulted) + chunk.skipped
        self._skipped += chunk.skipped
        self._progress("read", self._read)

    async def _resolve(self, reentry: Moment | None = None) -> int:
        """Find the faults that only the whole file shows, and settle identities. Returns the rows that remain."""
        own = [entity for entity in self._staged if entity not in self._resolver.shared]
        self._repeating = repeating = [
            entity
            for entity in own
            if entity in self._may_repeat and await stage_store.find_repeated_keys(self._connection, entity)
        ]
        for entity in repeating:
            await stage_store.fault_contradictions(self._connection, entity, self._staged[entity])
        await self._resolver.find_faults(self._connection, self._staged)
        await quarantine_store.identify_staged(self._connection, self._row_entity, self._row_key)
        for entity in own:
            await stage_store.drop_faulted(self._connection, entity)
        if reentry is not None:
            await self._keep_what_waited(own, reentry)
        remaining = await stage_store.count_rows(self._connection, self._row_entity) + self._resolver.kept
        for entity in repeating:
            spare = await stage_store.keep_one_of_each(self._connection, entity)
            if spare and entity is self._row_entity:
                await stage_store.note_repeats(self._connection, spare)
        await self._resolver.settle(self._connection, self._staged)
        self._progress("resolve", remaining)
        return remaining

    async def _keep_what_waited(self, own: list[type[Entity]], moment: Moment) -> None:
        """Take out of the stages all that the batch said before."""
        within = self._resolver.full_within.get(self._row_entity)
        if within is not None:
            await quarantine_store.narrow_scope(self._connection, self._row_entity, self._batch, within)
        for entity in own:
            await quarantine_store.keep_open_rows(self._connection, entity, self._batch)
        for entity in self._resolver.shared:
            await quarantine_store.drop_standing(self._connection, entity, moment)

    async def _settle(self, moment: Moment, cause_batch_id: int) -> None:
        """Put on record which rows in quarantine came in, or were said rightly now."""
        await quarantine_store.settle(
            self._connection, self._row_entity, self._row_key, moment, cause_batch_id
        )

    async def _promote(self, moment: Moment, guards: Guards | None) -> int:
        """Merge all stages into the facts. Returns how many facts ended by absence from a full file."""
        closed = 0
        for entity, columns in self._staged.items():
            stated = tuple(column for column in columns if column not in entity.about.key)
            merge = self._merge_of(entity, stated)
            changes = await merge_store.find_changes(self._connection, merge, moment)
            if guards is not None and changes.vanishing and entity not in self._resolver.unguarded:
                standing = await merge_store.count_standing(self._connection, merge, moment)
                check_vanishing(guards, changes.vanishing, standing)
            await merge_store.apply_changes(self._connection, merge, changes, moment)
            self._merges.append(merge)
            if changes.are_all_new:
                self._all_new.add(entity)
            closed += changes.vanishing
        self._progress("promote", self._read)
        return closed

    def _merge_of(self, entity: type[Entity], stated: tuple[str, ...]) -> Merge:
        resolver = self._resolver
        return Merge(
            entity,
            stated,
            self._is_late or entity.about.of_many_feeds,
            resolver.full_within.get(entity),
            resolver.spoken_within.get(entity),
            ends=entity in resolver.ends,
            is_difference=resolver.kept > 0,
        )

    async def _count_changed_rows(self, remaining: int) -> int:
        """Rows that changed anything: all that remain, where each of them is about something new of its own."""
        if self._row_entity in self._all_new and self._row_entity not in self._repeating:
            return remaining
        return await merge_store.count_changed_rows(self._connection, self._merges)

    async def _balance(self, remaining: int, closed: int) -> Books:
        """The books. BooksError where rows are missing: then nothing is promoted."""
        promoted = await self._count_changed_rows(remaining)
        books = Books(
            read=self._read,
            promoted=promoted,
            unchanged=remaining - promoted,
            quarantined=await stage_store.count_quarantined(self._connection),
            skipped=self._skipped,
            closed=closed,
        )
        if not books.balance:
            raise BooksError(
                "batch.books",
                Label(
                    f"批次 {self._batch.id} 的行数不平：{books}",
                    f"rows of batch {self._batch.id} do not add up",
                ),
            )
        return books
