"""Writes the audit of one process: what comes while one commit runs is committed by the next, all in one row."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import structlog

from hub.audit.chain import Chain
from hub.audit.checkpoint import Checkpoint
from hub.audit.entry import Entry, Kind
from hub.audit.seal import Seal
from hub.audit.store import insert_checkpoint, insert_segment, newest_checkpoints
from hub.clock import CHINA, Clock
from hub.errors import AuditUnavailableError
from schema.plan.needs import FieldList

#: records that may wait; more are refused
MOST_WAITING = 4096
#: chains whose last checkpoints a new chain names, so that none of them can vanish whole
_NAMED_CHAINS = 16
_NAMED_DAYS = 183
#: lists of fields that are remembered as told
_MOST_KNOWN = 4096

#: what a store that cannot be reached or does not answer raises
_UNREACHABLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Batch:
    """Records that are committed together."""

    told: list[bytes] = field(default_factory=list)
    fields: list[FieldList] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """How the writer goes about it."""

    #: how long a commit may take
    seconds: float = 5.0
    #: time between two checkpoints, where there are records
    checkpoint_seconds: float = 60.0


class AuditWriter:
    """Takes entries from all requests of a process, and commits them in the order in which they come."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        seal: Seal,
        clock: Clock,
        settings: WriterSettings = WriterSettings(),
        new_chain_id: Callable[[datetime], str] | None = None,
    ) -> None:
        """`connect` opens the connection that is the writer's own."""
        self._connect = connect
        self._seal = seal
        self._clock = clock
        self._settings = settings
        self._new_chain_id = new_chain_id or chain_id_at
        self._connection: asyncpg.Connection | None = None
        self._chain: Chain | None = None
        self._known: set[str] = set()
        self._known_on: date | None = None
        self._batch = _Batch()
        self._is_woken = asyncio.Event()
        self._is_closing = False
        self._task: asyncio.Task[None] | None = None
        self._checkpoint: Checkpoint | None = None
        self._checkpoint_due = 0.0

    @property
    def checkpoint(self) -> str | None:
        """The last checkpoint, to be handed to callers."""
        return None if self._checkpoint is None else self._checkpoint.text

    async def keep(self, entry: Entry) -> None:
        """Record it; it is safe when this returns. Raises AuditUnavailableError: then nothing may go out."""
        batch = self._put(entry)
        await batch.done.wait()
        if batch.is_lost:
            raise AuditUnavailableError

    def note(self, entry: Entry) -> None:
        """Record it soon: what ends with it has gone out, or never will."""
        try:
            self._put(entry)
        except Exception:  # nothing waits for it; what is wrong with the audit is told to the next who does
            log.exception("audit.not_noted", kind=entry.kind, decision=entry.decision)

    async def start(self) -> None:
        """Begin a chain, and go on in the background. A store that is not there yet is tried again with each record."""
        with suppress(*_UNREACHABLE):
            await self._begin()
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Commit what waits, end the chain in good order, and sign it."""
        if self._task is None:
            return
        self._is_closing = True
        self._is_woken.set()
        await self._task
        self._task = None

    def _put(self, entry: Entry) -> _Batch:
        if self._is_closing or self._task is None or len(self._batch.told) >= MOST_WAITING:
            raise AuditUnavailableError
        batch = self._batch
        batch.told.append(_told({"at": self._clock(), **entry.told()}))
        batch.fields += entry.fields
        self._is_woken.set()
        return batch

    async def _run(self) -> None:
        while not self._is_closing or self._batch.told:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.checkpoint_seconds):
                    await self._is_woken.wait()
            self._is_woken.clear()
            try:
                await self._turn()
            except Exception:  # the writer goes on, or all would wait for ever
                log.exception("audit.defect")
        await self._end()

    async def _turn(self) -> None:
        """Commit what has come, and sign if it is time."""
        batch, self._batch = self._batch, _Batch()
        try:
            if batch.told:
                await self._commit(batch)
        except Exception as error:  # whatever it is: no audit, no data
            batch.is_lost = True
            await self._give_up(error)
        finally:
            batch.done.set()
        await self._sign_if_due()

    async def _commit(self, batch: _Batch) -> None:
        chain = await self._begun()
        await self._append(chain, self._told(batch))

    def _told(self, batch: _Batch) -> Iterator[bytes]:
        """The batch's records, before them the lists of fields that they name and that were not told today."""
        today = self._clock().astimezone(CHINA).date()
        if self._known_on != today or len(self._known) > _MOST_KNOWN:
            # told again each day, so that days can be pruned
            self._known_on, self._known = today, set()
        for fields in batch.fields:
            if fields.name not in self._known:
                self._known.add(fields.name)
                needs = orjson.Fragment(fields.text)
                yield _told({"at": self._clock(), "kind": Kind.FIELDS, "name": fields.name, "needs": needs})
        yield from batch.told

    async def _append(self, chain: Chain, records: Iterable[bytes]) -> None:
        lines = [b'{"n":%d,%b' % (number, told) for number, told in enumerate(records, chain.number + 1)]
        segment = chain.segment(lines)
        await insert_segment(self._connection, segment, self._clock(), self._settings.seconds)
        chain.append(segment)

    async def _begun(self) -> Chain:
        """The chain that goes on; a new one where the last commit is in doubt."""
        if self._chain is None or self._connection is None or self._connection.is_closed():
            async with asyncio.timeout(self._settings.seconds):
                await self._begin()
        assert self._chain is not None  # noqa: S101 - it has just begun
        return self._chain

    async def _begin(self) -> None:
        await self._hang_up()
        self._connection = await self._connect()
        now = self._clock()
        before = await newest_checkpoints(self._connection, now - timedelta(days=_NAMED_DAYS), _NAMED_CHAINS)
        chain = Chain(self._seal.digest, self._new_chain_id(now))
        opened = {
            "at": now,
            "kind": Kind.OPENED,
            "chain": chain.chain_id,
            **self._seal.described,
            "before": [each.text for each in before],
        }
        await self._append(chain, [_told(opened)])
        self._chain, self._known = chain, set()
        await self._sign()

    async def _sign_if_due(self) -> None:
        """Sign, if it is time and there is something new. A store that is gone is told of with the next record."""
        if self._chain is None or asyncio.get_running_loop().time() < self._checkpoint_due:
            return
        if self._checkpoint is not None and self._checkpoint.number == self._chain.number:
            return
        try:
            await self._sign()
        except _UNREACHABLE as error:
            await self._give_up(error)

    async def _sign(self) -> None:
        assert self._chain is not None  # noqa: S101 - the caller has looked
        checkpoint = await asyncio.to_thread(self._seal.checkpoint, self._chain, self._clock())
        await insert_checkpoint(self._connection, checkpoint, self._settings.seconds)
        self._checkpoint = checkpoint
        self._checkpoint_due = asyncio.get_running_loop().time() + self._settings.checkpoint_seconds

    async def _end(self) -> None:
        if self._chain is not None:
            closed = {"at": self._clock(), "kind": Kind.CLOSED}
            try:
                await self._append(self._chain, [_told(closed)])
                await self._sign()
            except _UNREACHABLE as error:
                await self._give_up(error)
        await self._hang_up()

    async def _give_up(self, error: BaseException) -> None:
        """Whether the commit was made cannot be known: this chain ends here, and the next one names it."""
        log.error("audit.unavailable", error=type(error).__name__, detail=str(error))
        self._chain = None
        await self._hang_up()

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_UNREACHABLE):
                await connection.close(timeout=1)


def _told(record: dict[str, Any]) -> bytes:
    """A record but for its number, which it gets when it is committed."""
    # a caller's text may hold U+0000, which PostgreSQL's jsonb refuses: one such line would hide all from who reads
    return orjson.dumps(record, option=orjson.OPT_UTC_Z)[1:].replace(rb"\u0000", rb"\ufffd")


def chain_id_at(now: datetime) -> str:
    """A name for a chain: when it began, and what no other has."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(6)}"
