"""Carries out what people decide through the graph, by the same code as the command line."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg

from hub.access.clients import ClientDirectory
from hub.clock import Clock
from hub.errors import RefusedActError
from hub.ingest import identity_store, judgement_store
from hub.ingest.batches import Decision, Verdict
from hub.ingest.judging import KINDS, ItemName, Judging
from hub.ingest.landing import Landing
from hub.ingest.people import Person, person
from hub.ingest.run import Ingest
from schema.graph.errors import forbidden
from schema.graph.types import MAX_PAGE
from schema.graph.writer import Act, Judged
from schema.refusals import HubBusy, Refusal
from schema.scopes import Scope

#: how long an act waits for its turn among the acts of this process, and again for ingests of all processes
WAIT = timedelta(seconds=3)

#: the field by which an act is asked for, and its scope
_JUDGE = ("judgeItem", Scope.IDENTITY_JUDGE)
_WITHDRAW = ("withdrawJudgement", Scope.IDENTITY_JUDGE)
_RELEASE = ("releaseBatch", Scope.FEED_DECIDE)
_REJECT = ("rejectBatch", Scope.FEED_DECIDE)


class Desk:
    """Where the acts of all requests come by: one at a time, so that those that wait do not take all connections."""

    def __init__(self, pool: asyncpg.Pool, landing: Landing, clients: ClientDirectory, clock: Clock) -> None:
        self.landing = landing
        self.clients = clients
        self.clock = clock
        self._pool = pool
        self._turn = asyncio.Lock()

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

    def __init__(self, desk: Desk, client_id: str, forget: Callable[[], None]) -> None:
        """`client_id`: whose token it is. `forget`: called when what the request read may be so no longer."""
        self._desk = desk
        self._client_id = client_id
        self._forget = forget

    async def judge(
        self, kind: str, item: ItemName, approval_number: str | None, act: Act
    ) -> Judged | Refusal:
        """Say that an item is this medicine, or (None) no registered one."""
        try:
            async with self._acting(act, *_JUDGE) as (connection, who):
                number = await self._judging(connection).judge(KINDS[kind], item, approval_number, who)
                return await _judged(connection, number)
        except RefusedActError as error:
            return error.refusal

    async def withdraw(self, judgement_id: int, act: Act) -> Judged | Refusal:
        """Let a judgement stand no longer."""
        try:
            async with self._acting(act, *_WITHDRAW) as (connection, who):
                await self._judging(connection).withdraw(judgement_id, who)
                return await _judged(connection, judgement_id)
        except RefusedActError as error:
            return error.refusal

    async def decide(self, batch_id: int, *, release: bool, act: Act) -> Refusal | None:
        """Release a held batch or reject it."""
        verdict, rule = (Verdict.RELEASE, _RELEASE) if release else (Verdict.REJECT, _REJECT)
        try:
            async with self._acting(act, *rule) as (connection, who):
                ingest = Ingest(connection, self._desk.landing, self._desk.clock)
                decision = Decision(verdict, who.name, who.reason, self._desk.clock())
                await ingest.decide(batch_id, decision, WAIT)
        except RefusedActError as error:
            return error.refusal
        return None

    @asynccontextmanager
    async def _acting(
        self, act: Act, field: str, scope: Scope
    ) -> AsyncIterator[tuple[asyncpg.Connection, Person]]:
        await self._check_client(field, scope)
        who = person(act.decided_by, act.reason, self._client_id)
        try:
            async with self._desk.connection() as connection:
                yield connection, who
        finally:
            self._forget()

    async def _check_client(self, field: str, scope: Scope) -> None:
        """The client may still do this, as the table of clients says now, whatever the token's age."""
        await self._desk.clients.refresh(self._client_id)
        client = self._desk.clients.get(self._client_id)
        if client is None or scope not in client.scopes:
            raise forbidden({f"Mutation.{field}": [[scope.value]]})

    def _judging(self, connection: asyncpg.Connection) -> Judging:
        return Judging(connection, self._desk.clock, WAIT)


async def _judged(connection: asyncpg.Connection, number: int) -> Judged:
    found = await judgement_store.judged_item(connection, number)
    if found is None:
        raise LookupError(f"judgement {number} was just made or withdrawn, and is not there")
    kind, key, _stands = found
    return Judged(number, kind, tuple(await identity_store.live_rows(connection, KINDS[kind], key, MAX_PAGE)))
