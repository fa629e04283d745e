"""One delivery, from bytes to facts: land, read, stage, resolve, guard, promote. Each step in its own module."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import asyncpg
import structlog

from connectors.connector import Connector
from connectors.frame import RefusedFileError
from connectors.readers import Table, open_table
from connectors.registry import CONNECTORS
from hub.clock import Clock
from hub.errors import HubError, NotHeldError, SenderNeededError, UnknownFeedError
from hub.ingest import batch_store, stage_store
from hub.ingest.batches import Batch, BatchState, Books, Decision, Moment, Stop, Verdict
from hub.ingest.guard import StopBatchError
from hub.ingest.landing import Landed, Landing
from hub.ingest.promotion import Progress, Promotion
from hub.ingest.recorded import TICK, recorded_at
from schema.declare import Label

#: states of a batch whose bytes, sent again, are worth another try
_TRIED_AGAIN = (BatchState.LANDED, BatchState.FAILED, BatchState.REFUSED)

log = structlog.get_logger(__name__)


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


def sender_of(delivery: Delivery) -> str:
    """Who sends: whoever is named, else the feed's default. Raises UnknownFeedError or SenderNeededError."""
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
    return sender


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
        sender_of(delivery)  # told before the bytes are copied
        landed = await asyncio.to_thread(self._landing.take, source)
        return await self.take_landed(delivery, landed)

    async def take_landed(self, delivery: Delivery, landed: Landed) -> Outcome:
        """Bring bytes that are in landing already as far as they go."""
        sender = sender_of(delivery)
        await batch_store.lock_ingest(self._connection)
        try:
            batch, is_repeat = await self._register(delivery, sender, landed.sha256, landed.byte_count)
            if is_repeat and batch.state not in _TRIED_AGAIN:
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

    async def decide(self, batch_id: int, decision: Decision) -> Outcome:
        """Release a held batch, which promotes it without its guards, or reject it. NotHeldError otherwise."""
        await batch_store.lock_ingest(self._connection)
        try:
            batch = await batch_store.fetch_batch(self._connection, batch_id)
            if batch is None or batch.state is not BatchState.HELD:
                state = "不存在 unknown" if batch is None else batch.state.value
                raise NotHeldError(
                    "batch.not_held",
                    Label(f"批次 {batch_id} 未被扣留（{state}）。", f"batch {batch_id} is not held"),
                )
            await batch_store.insert_decision(self._connection, batch_id, decision)
            if decision.verdict is Verdict.RELEASE:
                return await self._process(batch, guarded=False)
            stop = Stop("batch.rejected", f"{decision.decided_by}：{decision.reason}")
            return await self._stop(batch, BatchState.REJECTED, stop, batch.layout_code)
        finally:
            await batch_store.unlock_ingest(self._connection)

    async def _register(self, delivery: Delivery, sender: str, sha256: str, size: int) -> tuple[Batch, bool]:
        """Open the batch of new bytes, or find that of a repeat; either way the delivery is recorded."""
        received_at = self._clock()
        async with self._connection.transaction():
            known = await batch_store.same_bytes(self._connection, delivery.feed_code, sender, sha256)
            as_of = delivery.as_of or received_at
            if known is not None and await self._is_news(known, delivery.file_name, as_of):
                known = None
            batch = known or await batch_store.insert_batch(
                self._connection,
                feed_code=delivery.feed_code,
                sender_code=sender,
                file_name=delivery.file_name,
                sha256=sha256,
                byte_count=size,
                received_at=received_at,
                as_of=as_of,
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

    async def _is_news(self, known: Batch, file_name: str, as_of: datetime) -> bool:
        """Whether bytes that came before say something new.

        A full file does when it speaks of an earlier instant, or returns to a state that was left in between;
        and an increment that comes again under the name of a whole file.
        """
        layouts = {layout.code: layout for layout in find_connector(known.feed_code).manifest.layouts}
        layout = layouts.get(known.layout_code or "")
        if layout is None:
            return False
        whole, was_whole = layout.whole_part(file_name), layout.whole_part(known.file_name)
        if whole and whole != was_whole:
            return True
        if not (layout.is_full or was_whole):
            return False
        return as_of < known.as_of or await batch_store.promoted_between(self._connection, known, as_of)

    async def _repeat(self, batch: Batch, file_name: str) -> Outcome:
        books, stop = await batch_store.fetch_result(self._connection, batch.id)
        return Outcome(batch, file_name, is_repeat=True, state=batch.state, books=books, stop=stop)

    async def _process(self, batch: Batch, *, guarded: bool = True) -> Outcome:
        layout: str | None = None
        try:
            connector = find_connector(batch.feed_code)
            table = await self._open(batch, connector)
            layout = table.layout.code
            async with self._connection.transaction():
                books = await self._promote(batch, connector, table, guarded=guarded)
        except RefusedFileError as refusal:
            return await self._stop(batch, BatchState.REFUSED, _refusal(batch, refusal), layout)
        except StopBatchError as stopped:
            return await self._stop(batch, stopped.state, stopped.stop, layout)
        except Exception as error:
            # one batch that trips a defect must not keep all that come after it from being taken in
            if self._connection.is_closed():
                raise
            log.exception("batch.failed", batch=batch.id)
            return await self._stop(batch, BatchState.FAILED, _failure(batch, error), layout)
        return Outcome(batch, batch.file_name, False, BatchState.PROMOTED, books, None)

    async def _promote(self, batch: Batch, connector: Connector, table: Table, *, guarded: bool) -> Books:
        """Promote a batch. If others spoke about later instants already, let them speak again after it.

        A late file may change what later ones only repeated, and repetitions are not stored. So history comes
        out as if all files had come in their order.
        """
        codes_are_global = connector.manifest.default_sender is not None
        later = await batch_store.promoted_about_later(
            self._connection, batch, None if codes_are_global else batch.sender_code
        )
        moment = Moment(batch.as_of, await recorded_at(self._connection, self._clock), batch.id)
        guards = connector.manifest.guards if guarded else None
        books = await self._promotion(batch, connector, table, is_late=bool(later)).run(moment, guards)
        for other in later:
            await stage_store.drop_stages(self._connection)
            moment = Moment(other.as_of, moment.recorded_at + TICK, other.id)
            reopened = await self._open(other, connector)
            await self._promotion(other, connector, reopened, is_late=True).replay(moment)
        await batch_store.mark_promoted(
            self._connection, batch.id, table.layout.code, books, moment.recorded_at
        )
        return books

    async def _open(self, batch: Batch, connector: Connector) -> Table:
        path = self._landing.path_of(batch.sha256)
        return await asyncio.to_thread(open_table, path, connector.manifest.layouts)

    def _promotion(self, batch: Batch, connector: Connector, table: Table, *, is_late: bool) -> Promotion:
        return Promotion(self._connection, connector, batch, table, self._progress, is_late=is_late)

    async def _stop(self, batch: Batch, state: BatchState, stop: Stop, layout: str | None) -> Outcome:
        await batch_store.mark_stopped(self._connection, batch.id, state, stop, layout)
        return Outcome(batch, batch.file_name, False, state, None, stop)


def _refusal(batch: Batch, refusal: RefusedFileError) -> Stop:
    """The refusal with the file, row and column it is about."""
    row = f"，第 {refusal.row_number} 行 row {refusal.row_number}" if refusal.row_number else ""
    column = f"，列 column {refusal.column_name}" if refusal.column_name else ""
    return Stop(refusal.code, f"{batch.file_name}{row}{column}：{refusal.hint}")


def _failure(batch: Batch, error: Exception) -> Stop:
    """What the sender is told of a defect; the log has the rest."""
    if isinstance(error, HubError):
        return Stop(error.code, str(error))
    return Stop(
        "batch.internal",
        f"{batch.file_name}：系统处理此文件时出错（{type(error).__name__}），已记录；文件已保存，修复后可重送。"
        " The hub failed on this file; that is on record and the file is kept: send it again once it is mended.",
    )
