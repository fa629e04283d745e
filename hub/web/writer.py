"""Carries out what people decide through the graph, by the same code as the command line."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg

from hub.access.account_store import fetch_credentials
from hub.access.accounts import Account
from hub.access.caller import Caller
from hub.access.clients import Client, ClientDirectory
from hub.access.entitlement import held_scopes
from hub.access.passwords import Passwords
from hub.audit.entry import Entry
from hub.audit.port import Audit
from hub.clock import Clock
from hub.errors import AuditUnavailableError, RefusedActError
from hub.ingest import identity_store, judgement_store
from hub.ingest.batches import Decision, Verdict
from hub.ingest.judging import KINDS, ItemName, Judging
from hub.ingest.landing import Landing
from hub.ingest.people import Person, person
from hub.ingest.run import Ingest
from hub.web.reach_check import ReachCheck
from hub.web.reader import StoreReader
from schema.graph.errors import ErrorCode, forbidden, graph_error
from schema.graph.writer import ACTS, Act, Judged
from schema.plan.conditions import MAX_PAGE
from schema.refusals import HubBusy, Refusal
from schema.scopes import Scope

#: how long an act waits for its turn among the acts of this process, and again for ingests of all processes
WAIT = timedelta(seconds=3)


class Desk:
    """Where the acts of all requests come by: one at a time, so that those that wait do not take all connections."""

    def __init__(
        self, pool: asyncpg.Pool, landing: Landing, clients: ClientDirectory, clock: Clock, audit: Audit
    ) -> None:
        self.audit = audit
        self.landing = landing
        self.clients = clients
        self.clock = clock
        self.passwords = Passwords()
        self._pool = pool
        self._turn = asyncio.Lock()

    async def may_still(self, caller: Caller, *any_of: Scope) -> bool:
        """Whether whoever asks holds one of these, as the hub's own tables say now, whatever the token's age.

        Of those whom another issuer vouches for, whose names have an `@`, the hub knows no more than the token says.
        """
        if "@" in caller.client_id:
            return True
        holder = await (self._account(caller.subject) if caller.is_person else self._client(caller.client_id))
        return holder is not None and bool(held_scopes(holder) & frozenset(any_of))

    async def _client(self, client_id: str) -> Client | None:
        await self.clients.refresh(client_id)
        return self.clients.get(client_id)

    async def _account(self, user_name: str) -> Account | None:
        async with self._pool.acquire() as connection:
            found = await fetch_credentials(connection, user_name)
        return None if found is None or found.account.disabled_at is not None else found.account

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection, when it is our turn. RefusedActError if that takes too long."""
        try:
            async with asyncio.timeout(WAIT.total_seconds()):
                await self._turn.acquire()
        except TimeoutError as error:
            raise RefusedActError(HubBusy(WAIT.total_seconds())) from error
        try:
            async with self._pool.acquire() as connection:
                yield connection
        finally:
            self._turn.release()


class StoreWriter:
    """The writer of one request."""

    def __init__(self, desk: Desk, caller: Caller, entry: Entry, reader: StoreReader) -> None:
        """`caller`: whose token it is. `entry`: the request, as the audit has it.

        `reader`: tells what the caller sees; an act may make that out of date.
        """
        self._desk = desk
        self._caller = caller
        self._entry = entry
        self._reader = reader
        self._reach = ReachCheck(reader)
        #: what an act of this request was told that waited in vain; those after it wait no more
        self._busy: HubBusy | None = None

    async def judge(
        self, kind: str, item: ItemName, approval_number: str | None, act: Act
    ) -> Judged | Refusal:
        """Say that an item is this medicine, or (None) no registered one."""
        try:
            about = {"kind": kind, "item": item, "approval_number": approval_number}
            async with self.acting(act, "judgeItem", about) as (connection, who):
                await self._reach.check_item(KINDS[kind], item)
                number = await self._judging(connection).judge(KINDS[kind], item, approval_number, who)
                return await _judged(connection, number)
        except RefusedActError as error:
            return self.told(error.refusal)

    async def withdraw(self, judgement_id: int, act: Act) -> Judged | Refusal:
        """Let a judgement stand no longer."""
        try:
            about = {"judgement": judgement_id}
            async with self.acting(act, "withdrawJudgement", about) as (connection, who):
                await self._reach.check_judgement(judgement_id)
                await self._judging(connection).withdraw(judgement_id, who)
                return await _judged(connection, judgement_id)
        except RefusedActError as error:
            return self.told(error.refusal)

    async def decide(self, batch_id: int, *, release: bool, act: Act) -> Refusal | None:
        """Release a held batch or reject it."""
        verdict, field = (Verdict.RELEASE, "releaseBatch") if release else (Verdict.REJECT, "rejectBatch")
        try:
            async with self.acting(act, field, {"batch": batch_id}) as (connection, who):
                await self._reach.check_batch(batch_id)
                ingest = Ingest(connection, self._desk.landing, self._desk.clock)
                decision = Decision(verdict, who.name, who.reason, self._desk.clock())
                await ingest.decide(batch_id, decision, WAIT)
        except RefusedActError as error:
            return self.told(error.refusal)
        return None

    @asynccontextmanager
    async def acting(
        self, act: Act, field: str, about: Mapping[str, Any]
    ) -> AsyncIterator[tuple[asyncpg.Connection, Person]]:
        """A connection to act over, and who acts; `about` goes on record before.

        RefusedActError, or a refusal of what the caller may do.
        """
        scope = ACTS[field]
        if not await self._desk.may_still(self._caller, scope):
            raise forbidden({f"Mutation.{field}": [[scope.value]]})
        if self._busy is not None:
            raise RefusedActError(self._busy)
        who = person(act.decided_by, act.reason, self._caller.subject)
        try:
            async with self._desk.connection() as connection:
                await self._record({"act": field, **about, "decided_by": who.name, "reason": who.reason})
                yield connection, who
        finally:
            self._reader.forget()

    async def _record(self, details: Mapping[str, Any]) -> None:
        """Before it is done: an act that cannot be recorded does not happen."""
        try:
            await self._desk.audit.keep(self._entry.act(details))
        except AuditUnavailableError as error:
            raise graph_error(ErrorCode.AUDIT_UNAVAILABLE, error.message.zh, error.message.en) from error

    def told(self, refusal: Refusal) -> Refusal:
        """The refusal; after one that waited in vain no act of this request waits any more."""
        if isinstance(refusal, HubBusy):
            self._busy = refusal
        return refusal

    def _judging(self, connection: asyncpg.Connection) -> Judging:
        return Judging(connection, self._desk.clock, WAIT)


async def _judged(connection: asyncpg.Connection, number: int) -> Judged:
    found = await judgement_store.judged_item(connection, number)
    if found is None:
        raise LookupError(f"judgement {number} was just made or withdrawn, and is not there")
    kind, key, _stands = found
    return Judged(number, kind, tuple(await identity_store.live_rows(connection, KINDS[kind], key, MAX_PAGE)))
