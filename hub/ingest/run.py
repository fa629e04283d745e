"""One delivery, from bytes to facts: land, read, stage, resolve, guard, promote. Each step in its own module."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

import asyncpg
import structlog

from connectors.connector import Connector
from connectors.frame import RefusedFileError
from connectors.landed import open_landed, stated_as_of
from connectors.manifest import Guards
from connectors.readers import Table
from connectors.readers.comparing import NotLinesError
from connectors.redaction.rules import mask_name
from connectors.registry import CONNECTORS
from connectors.transports.file_names import shown_name
from hub.clock import Clock
from hub.errors import HubError, NotHeldError, SenderNeededError, UnknownFeedError
from hub.ingest import batch_store, keeping_store, quarantine_store, stage_store
from hub.ingest.batches import Batch, BatchState, Books, Decision, Moment, Stop, Verdict
from hub.ingest.changes_store import tell_changes
from hub.ingest.difference import UnsoundDifferenceError, changed_rows
from hub.ingest.door import take_in
from hub.ingest.guard import StopBatchError
from hub.ingest.keeping_resolvers import FormularyChangesResolver, ListChangesResolver
from hub.ingest.landing import Landed, Landing
from hub.ingest.pharmacy_resolvers import StockTakeChangesResolver
from hub.ingest.promotion import Progress, Promotion
from hub.ingest.quarantine import LOOKUPS
from hub.ingest.recorded import TICK, recorded_at
from hub.ingest.resolver import Resolver
from hub.ingest.rules import rules_digest
from schema.declare import Entity, Label
from schema.entities import InstitutionMedicine, OnSale
from schema.refusals import BatchNotFound, BatchNotHeld

#: states of a batch whose bytes, sent again, are worth another try
_TRIED_AGAIN = (BatchState.LANDED, BatchState.FAILED, BatchState.REFUSED)
#: full lists that are compared with the one before, by what their rows are
_COMPARED: dict[type[Entity], type[ListChangesResolver]] = {
    OnSale: StockTakeChangesResolver,
    InstitutionMedicine: FormularyChangesResolver,
}

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
        manifest = find_connector(delivery.feed_code).manifest
        landed = await asyncio.to_thread(take_in, self._landing, manifest, source)
        return await self.take_landed(delivery, landed)

    async def take_landed(self, delivery: Delivery, landed: Landed) -> Outcome:
        """Bring bytes that are in landing already as far as they go."""
        sender = sender_of(delivery)
        delivery = replace(delivery, file_name=shown_name(delivery.file_name))
        if find_connector(delivery.feed_code).manifest.personal is not None:
            delivery = replace(delivery, file_name=mask_name(delivery.file_name))
        await batch_store.lock_ingest(self._connection)
        try:
            delivery = await self._dated(delivery, landed)
            batch, is_repeat = await self._register(delivery, sender, landed)
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

    async def decide(self, batch_id: int, decision: Decision, at_most: timedelta | None = None) -> Outcome:
        """Release a held batch, which promotes it without its guards, or reject it. NotHeldError otherwise.

        The decision and what comes of it are one transaction. `at_most`: how long to wait for other ingests.
        """
        await batch_store.lock_ingest(self._connection, at_most)
        try:
            batch = await self._held(batch_id)
            async with self._connection.transaction():
                await batch_store.insert_decision(self._connection, batch_id, decision)
                if decision.verdict is Verdict.RELEASE:
                    return await self._process(batch, guarded=False)
                stop = Stop("batch.rejected", f"{decision.decided_by}：{decision.reason}")
                return await self._stop(batch, BatchState.REJECTED, stop, batch.layout_code)
        finally:
            await batch_store.unlock_ingest(self._connection)

    async def _held(self, batch_id: int) -> Batch:
        batch = await batch_store.fetch_batch(self._connection, batch_id)
        if batch is None:
            raise NotHeldError(BatchNotFound(batch_id))
        if batch.state is not BatchState.HELD:
            raise NotHeldError(BatchNotHeld(batch_id, batch.state.value))
        return batch

    async def _dated(self, delivery: Delivery, landed: Landed) -> Delivery:
        """The delivery, as of the day that the file itself names, if it is of a layout whose files do."""
        manifest = find_connector(delivery.feed_code).manifest
        path = self._landing.path_of(landed.sha256)
        stated = await asyncio.to_thread(stated_as_of, path, manifest)
        return delivery if stated is None else replace(delivery, as_of=stated)

    async def _register(self, delivery: Delivery, sender: str, landed: Landed) -> tuple[Batch, bool]:
        """Open the batch of new bytes, or find that of a repeat; either way the delivery is recorded."""
        received_at = self._clock()
        async with self._connection.transaction():
            known = await batch_store.same_bytes(
                self._connection, delivery.feed_code, sender, landed.received_sha256
            )
            as_of = delivery.as_of or received_at
            if known is not None and (
                _is_kept_otherwise(known, landed) or await self._is_news(known, delivery.file_name, as_of)
            ):
                known = None
            batch = known or await batch_store.insert_batch(
                self._connection,
                feed_code=delivery.feed_code,
                sender_code=sender,
                file_name=delivery.file_name,
                landed=landed,
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
            if known is not None and self._is_full(known):
                await keeping_store.renew_confirmations(self._connection, known.id, as_of)
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

    def _is_full(self, batch: Batch) -> bool:
        """Whether a batch's file says all there is."""
        layouts = find_connector(batch.feed_code).manifest.layouts
        return any(layout.is_full for layout in layouts if layout.code == batch.layout_code)

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
        books = None if later else await self._promote_changes(batch, connector, table, moment, guards)
        if books is None:
            whole = self._promotion(batch, connector, table, is_late=bool(later))
            books = await whole.run(moment, guards)
        for other in later:
            await stage_store.drop_stages(self._connection)
            moment = Moment(other.as_of, moment.recorded_at + TICK, other.id)
            reopened = await self._open(other, connector)
            await self._promotion(other, connector, reopened, is_late=True).replay(moment, batch.id)
        moment = await self._let_in(batch, connector, table.layout.code, moment)
        await batch_store.mark_promoted(
            self._connection,
            batch.id,
            table.layout.code,
            books,
            promoted_at=moment.recorded_at,
            rules=rules_digest(),
        )
        await tell_changes(self._connection)
        return books

    async def _let_in(self, batch: Batch, connector: Connector, layout: str, moment: Moment) -> Moment:
        """Let in the rows in quarantine that name what the hub now knows, each at its own file's instant.

        The rows let in may be what others waited for: a division a store, the store its stock-take.
        """
        entity = connector.row_entity[layout]
        lookup = LOOKUPS.get(entity)
        if lookup is None:
            return moment
        sender = None if connector.manifest.default_sender else batch.sender_code
        for number in await quarantine_store.batches_waiting_for(self._connection, entity, lookup, sender):
            waiting = await batch_store.fetch_batch(self._connection, number)
            if waiting is None or waiting.layout_code is None:
                continue
            other = find_connector(waiting.feed_code)
            try:
                reopened = await self._open(waiting, other)
            except (RefusedFileError, OSError):
                # an old file that cannot be read any more must not keep the new one out; its rows wait on
                log.exception("quarantine.unreadable", batch=number)
                continue
            await stage_store.drop_stages(self._connection)
            moment = Moment(waiting.as_of, moment.recorded_at + TICK, number)
            promotion = self._promotion(waiting, other, reopened, is_late=True)
            await promotion.replay(moment, batch.id, reentry=True)
            moment = await self._let_in(waiting, other, waiting.layout_code, moment)
        return moment

    async def _promote_changes(
        self, batch: Batch, connector: Connector, table: Table, moment: Moment, guards: Guards | None
    ) -> Books | None:
        """Promote what of a full file is not in the one before it; None where the whole of it has to be read."""
        compared = _COMPARED.get(connector.row_entity[table.layout.code])
        if compared is None:
            return None
        changed = await changed_rows(self._connection, self._landing, connector, batch, table)
        if changed is None:
            return None
        log.info("ingest.compared", batch=batch.id, before=changed.before.id, kept=changed.kept)
        resolver = compared(connector, changed)
        promotion = self._promotion(batch, connector, changed.added, is_late=False, resolver=resolver)
        try:
            async with self._connection.transaction():
                return await promotion.run(moment, guards)
        except (UnsoundDifferenceError, NotLinesError) as reason:
            log.info("ingest.read_whole", batch=batch.id, reason=type(reason).__name__)
            return None

    async def _open(self, batch: Batch, connector: Connector) -> Table:
        path = self._landing.path_of(batch.sha256)
        return await asyncio.to_thread(open_landed, path, connector.manifest)

    def _promotion(
        self,
        batch: Batch,
        connector: Connector,
        table: Table,
        *,
        is_late: bool,
        resolver: Resolver | None = None,
    ) -> Promotion:
        return Promotion(
            self._connection, connector, batch, table, self._progress, is_late=is_late, resolver=resolver
        )

    async def _stop(self, batch: Batch, state: BatchState, stop: Stop, layout: str | None) -> Outcome:
        await batch_store.mark_stopped(self._connection, batch.id, state, stop, layout)
        return Outcome(batch, batch.file_name, False, state, None, stop)


def _is_kept_otherwise(known: Batch, landed: Landed) -> bool:
    """Whether the program now keeps of the same bytes what it did not when their batch came to nothing."""
    return known.state in _TRIED_AGAIN and known.sha256 != landed.sha256


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
