"""One delivery, from bytes to facts: land, read, stage, resolve, guard, promote. Each step in its own module."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

import asyncpg

from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised, RefusedFileError
from connectors.readers import Table, open_table
from connectors.registry import CONNECTORS
from hub.clock import Clock
from hub.errors import BooksError, SenderNeededError, UnknownFeedError
from hub.ingest import batch_store, merge_store, stage_store
from hub.ingest.batches import Batch, BatchState, Books, Moment, Stop
from hub.ingest.guard import StopBatchError, check_rows, check_vanishing
from hub.ingest.landing import Landing
from hub.ingest.merge import Merge
from hub.ingest.resolve_pharmacy import RegistrationResolver, StockTakeResolver, StoreResolver
from hub.ingest.resolver import Resolver, Staged
from schema.declare import Entity, Label
from schema.entities import OnSale, Pharmacy, Product

#: told of each step and of the rows it has done so far
Progress = Callable[[str, int], None]

_RESOLVERS: dict[type[Entity], type[Resolver]] = {
    Product: RegistrationResolver,
    Pharmacy: StoreResolver,
    OnSale: StockTakeResolver,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery."""

    batch: Batch
    #: as it was called this time
    file_name: str
    #: the bytes were here before; nothing was done
    is_repeat: bool
    state: BatchState
    books: Books | None
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes that a feed's sender sends."""

    feed_code: str
    sender_code: str | None
    file_name: str
    transport_code: str
    #: the instant in the world that the data is about; None: when it was received
    as_of: datetime | None = None


def find_connector(feed_code: str) -> Connector:
    """The connector of a feed; UnknownFeedError names those there are."""
    if feed_code not in CONNECTORS:
        known = "、".join(CONNECTORS)
        raise UnknownFeedError(
            "feed.unknown",
            Label(
                f"没有名为 {feed_code} 的数据源；已有：{known}", f"no feed {feed_code}; there are: {known}"
            ),
        )
    return CONNECTORS[feed_code]


class Ingest:
    """Takes deliveries in, one after the other, over one connection."""

    def __init__(
        self, connection: asyncpg.Connection, landing: Landing, clock: Clock, progress: Progress | None = None
    ) -> None:
        self._connection = connection
        self._landing = landing
        self._clock = clock
        self._progress = progress or (lambda _step, _rows: None)

    async def take(self, delivery: Delivery, source: BinaryIO) -> Outcome:
        """Land the bytes and bring them as far as they go. The same bytes again are a recorded repeat."""
        connector = find_connector(delivery.feed_code)
        sender = delivery.sender_code or connector.manifest.default_sender
        if sender is None:
            raise SenderNeededError(
                "feed.sender_needed",
                Label(
                    f"数据源 {delivery.feed_code} 的编码由各发送方自定，请用 --sender 写明发送方代码",
                    f"codes of feed {delivery.feed_code} are each sender's own: name the sender with --sender",
                ),
            )
        landed = await asyncio.to_thread(self._landing.take, source)
        await batch_store.lock_ingest(self._connection)
        try:
            batch, is_repeat = await self._register(delivery, sender, landed.sha256, landed.byte_count)
            if is_repeat and batch.state is not BatchState.LANDED:
                return await self._repeat(batch, delivery.file_name)
            return await self._process(batch)
        finally:
            await batch_store.unlock_ingest(self._connection)

    async def resume(self) -> list[Outcome]:
        """Finish what a killed run left in landing."""
        await batch_store.lock_ingest(self._connection)
        try:
            left = await batch_store.unfinished(self._connection)
            return [await self._process(batch) for batch in left]
        finally:
            await batch_store.unlock_ingest(self._connection)

    async def _register(self, delivery: Delivery, sender: str, sha256: str, size: int) -> tuple[Batch, bool]:
        """Open the batch of new bytes, or find that of a repeat; either way the delivery is recorded."""
        received_at = self._clock()
        async with self._connection.transaction():
            known = await batch_store.same_bytes(self._connection, delivery.feed_code, sender, sha256)
            # a full file that returns to an earlier state of the world says something new
            if known is not None and await batch_store.promoted_since(self._connection, known):
                known = None
            batch = known or await batch_store.insert_batch(
                self._connection,
                feed_code=delivery.feed_code,
                sender_code=sender,
                file_name=delivery.file_name,
                sha256=sha256,
                byte_count=size,
                received_at=received_at,
                as_of=delivery.as_of or received_at,
            )
            await batch_store.insert_delivery(
                self._connection,
                batch_id=batch.id,
                file_name=delivery.file_name,
                received_at=received_at,
                transport_code=delivery.transport_code,
                is_repeat=known is not None,
            )
        return batch, known is not None

    async def _repeat(self, batch: Batch, file_name: str) -> Outcome:
        books, stop = await batch_store.fetch_result(self._connection, batch.id)
        return Outcome(batch, file_name, is_repeat=True, state=batch.state, books=books, stop=stop)

    async def _process(self, batch: Batch) -> Outcome:
        layout: str | None = None
        try:
            connector = find_connector(batch.feed_code)
            table = await asyncio.to_thread(
                open_table, self._landing.path_of(batch.sha256), connector.manifest.layouts
            )
            layout = table.layout.code
            async with self._connection.transaction():
                books = await _Promotion(self._connection, connector, batch, table, self._progress).run(
                    await self._recorded_at()
                )
        except RefusedFileError as refusal:
            return await self._stop(batch, BatchState.REFUSED, _refusal(batch, refusal), layout)
        except StopBatchError as stopped:
            return await self._stop(batch, stopped.state, stopped.stop, layout)
        return Outcome(batch, batch.file_name, False, BatchState.PROMOTED, books, None)

    async def _stop(self, batch: Batch, state: BatchState, stop: Stop, layout: str | None) -> Outcome:
        await batch_store.mark_stopped(self._connection, batch.id, state, stop, layout)
        return Outcome(batch, batch.file_name, False, state, None, stop)

    async def _recorded_at(self) -> datetime:
        """The present, but after all that is recorded already: the order of knowledge must not depend on a clock."""
        last = await batch_store.last_promotion(self._connection)
        now = self._clock()
        return now if last is None else max(now, last + timedelta(microseconds=1))


class _Promotion:
    """The steps of one batch within one transaction."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        connector: Connector,
        batch: Batch,
        table: Table,
        progress: Progress,
    ) -> None:
        self._connection = connection
        self._connector = connector
        self._batch = batch
        self._table = table
        self._progress = progress
        self._row_entity = connector.row_entity[table.layout.code]
        self._resolver = _RESOLVERS.get(self._row_entity, Resolver)()
        self._staged: Staged = {}
        self._read = 0
        self._skipped = 0

    async def run(self, recorded_at: datetime) -> Books:
        """Stage, resolve, guard, promote, balance. Raises StopBatchError, RefusedFileError or BooksError."""
        moment = Moment(self._batch.as_of, recorded_at, self._batch.id)
        await self._stage()
        check_rows(self._connector.manifest.guards, self._read)
        surviving = await self._resolve()
        closed = await self._promote(moment)
        await self._resolver.conclude(self._connection, self._batch, moment)
        return await self._balance(surviving, closed, moment)

    async def _stage(self) -> None:
        """Read, normalise and load, chunk by chunk; reading and normalising leave the event loop free."""
        await self._resolver.prepare(self._connection, self._batch, self._row_entity)
        await stage_store.open_fault_stage(self._connection)
        context = FileContext(self._table.layout.code, self._batch.sender_code, self._table.headers)
        chunks = self._table.chunks()
        while chunk := await asyncio.to_thread(_next, chunks):
            normalised = await asyncio.to_thread(self._normalise, context, chunk)
            for entity, records in normalised.records.items():
                if entity not in self._staged:
                    await self._open_stage(entity, records.columns)
                await stage_store.copy_records(self._connection, entity, records)
            await stage_store.copy_faults(self._connection, normalised.faults)
            self._count(chunk)

    def _normalise(self, context: FileContext, chunk: Chunk) -> Normalised:
        return self._resolver.chunk(self._connector.normalise(context, chunk))

    async def _open_stage(self, entity: type[Entity], columns: list[str]) -> None:
        added = self._resolver.added.get(entity, ())
        own = tuple(column for column in columns if column != "row_number" and column not in added)
        self._staged[entity] = (*own, *added)
        await stage_store.open_stage(self._connection, entity, self._staged[entity])

    def _count(self, chunk: Chunk) -> None:
        faulted = {fault.row_number for fault in chunk.faults}
        self._read += chunk.frame.height + len(faulted) + chunk.skipped
        self._skipped += chunk.skipped
        self._progress("read", self._read)

    async def _resolve(self) -> int:
        """Find the faults that only the whole file shows, and settle identities. Returns the rows that remain."""
        own = [entity for entity in self._staged if entity not in self._resolver.shared]
        for entity in own:
            await stage_store.fault_contradictions(self._connection, entity, self._staged[entity])
        await self._resolver.find_faults(self._connection, self._staged)
        for entity in own:
            await stage_store.drop_faulted(self._connection, entity)
        remaining = await stage_store.count_rows(self._connection, self._row_entity)
        for entity in own:
            await stage_store.keep_one_of_each(self._connection, entity)
        await self._resolver.settle(self._connection, self._staged)
        self._progress("resolve", remaining)
        return remaining

    async def _promote(self, moment: Moment) -> int:
        """Merge all stages into the facts. Returns how many facts ended by absence from a full file."""
        await merge_store.open_changed_rows(self._connection)
        is_late = await batch_store.is_late(self._connection, self._batch)
        closed = 0
        for entity, columns in self._staged.items():
            stated = tuple(column for column in columns if column not in entity.about.key)
            merge = Merge(entity, stated, is_late, self._resolver.full_within.get(entity))
            await merge_store.find_changes(self._connection, merge, moment)
            vanishing, standing = await merge_store.count_vanishing(self._connection, merge, moment)
            check_vanishing(self._connector.manifest.guards, vanishing, standing)
            await merge_store.apply_changes(self._connection, merge, moment)
            closed += vanishing
        self._progress("promote", self._read)
        return closed

    async def _balance(self, remaining: int, closed: int, moment: Moment) -> Books:
        """Close the books. BooksError where rows are missing: then nothing is promoted."""
        promoted = await merge_store.count_changed_rows(self._connection)
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
        await stage_store.keep_faults(self._connection, self._batch.id)
        await batch_store.mark_promoted(
            self._connection, self._batch.id, self._table.layout.code, books, moment.recorded_at
        )
        return books


def _next(chunks: Iterator[Chunk]) -> Chunk | None:
    return next(chunks, None)


def _refusal(batch: Batch, refusal: RefusedFileError) -> Stop:
    """The refusal with the file, row and column it is about."""
    row = f"，第 {refusal.row_number} 行 row {refusal.row_number}" if refusal.row_number else ""
    column = f"，列 column {refusal.column_name}" if refusal.column_name else ""
    return Stop(refusal.code, f"{batch.file_name}{row}{column}：{refusal.hint}")
