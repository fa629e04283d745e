"""Subscriptions: pages of changes as they come, each read by the subscriber's own statement under its own rules."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

from hub.access.caller import Caller
from hub.access.revocations import Standing
from hub.audit.entry import Entry
from hub.audit.port import Audit
from hub.clock import Clock
from hub.web.engine import Answer, Asked, GraphEngine, PushedPage, refused, refused_fields
from hub.web.http_gate import too_slow
from hub.web.http_request import GraphRequest, RequestError
from hub.web.listener import ChangeListener
from hub.web.masking import masked_error
from hub.web.recording import settle
from hub.web.trusted import TrustedDocuments
from schema.declare import Label
from schema.graph.errors import ErrorCode
from schema.graph.prepared import RefusedError
from schema.graph.pushed import Pushed

#: connections that stand open for subscriptions, of one client and of all
MAX_OF_CLIENT = 20
MAX_CONNECTIONS = 1_000


class EndedError(Exception):
    """The subscription ends, not for a fault of the document."""

    #: as the record has it
    code = ErrorCode.EXPIRED


class ExpiredError(EndedError):
    """The token has expired: whoever comes with a new one may go on from the last cursor."""


class RevokedError(EndedError):
    """The token was revoked before its time."""

    code = ErrorCode.REVOKED


class GoingAwayError(EndedError):
    """The hub stops."""

    code = ErrorCode.BUSY


class Subscriptions:
    """What WebSocket and server-sent events have in common."""

    def __init__(
        self,
        engine: GraphEngine,
        trusted: TrustedDocuments,
        listener: ChangeListener,
        standing: Standing,
        clock: Clock,
        audit: Audit,
        *,
        most: int,
        seconds: float,
    ) -> None:
        """`most`: pages that are read at a time; all others wait. `seconds`: what one query may take."""
        self._engine = engine
        self._trusted = trusted
        self._listener = listener
        self._standing = standing
        standing.when_changed(listener.wake)
        self._clock = clock
        #: where it is recorded what went to whom
        self.audit = audit
        self._turns = asyncio.Semaphore(most)
        self._seconds = seconds
        self._open: Counter[str] = Counter()

    def asked(self, request: GraphRequest, *, queries_only: bool = False) -> Asked:
        """What a request asks to run. Raises RequestError."""
        document, _ = self._trusted.document(request)
        return Asked(document, request.operation_name, request.variables, queries_only)

    def opened(self, asked: Asked, caller: Caller, entry: Entry) -> Pushed | None:
        """The subscription asked for; None where it is a query or a mutation. Raises RefusedError."""
        try:
            return self._engine.subscription(asked, caller, entry)
        except RefusedError as error:
            entry.refused_fields = refused_fields(error)
            raise
        except Exception as error:
            raise RefusedError(masked_error(error)) from error

    async def answer(self, asked: Asked, caller: Caller, entry: Entry) -> Answer:
        """The one answer of a query or a mutation. Raises RequestError where it takes too long."""
        try:
            async with asyncio.timeout(self._seconds), self._turns:
                answer = await self._engine.answer(asked, caller, entry)
        except TimeoutError as error:
            raise too_slow(self._seconds) from error
        except asyncio.CancelledError:
            entry.abandon()
            self.audit.note(entry)
            raise
        except Exception as error:
            answer = refused(masked_error(error))
        settle(entry, answer)
        return answer

    async def pages(
        self, pushed: Pushed, caller: Caller, entry: Entry, place: str, beat: float | None = None
    ) -> AsyncIterator[PushedPage | None]:
        """Pages after a place, for ever, each recorded; None whenever nothing came for `beat` seconds.

        Nothing is kept for a subscriber who is slow: its next page is read when it has taken the one before. Raises
        EndedError, RefusedError and AuditUnavailableError.
        """
        while True:
            woken = self._listener.next_wake()
            self._check(caller)
            page = await self._page(pushed, place)
            place = page.last
            if page.has_changes:
                await self.audit.keep(entry.page(page.rows))
                yield page
            while not page.has_more and not await self._is_woken(woken, caller, beat):
                self._check(caller)
                yield None

    def check_room(self, caller: Caller) -> None:
        """Refuse one connection more than there may be. Raises RequestError."""
        if self._open[caller.client_id] >= MAX_OF_CLIENT or self._open.total() >= MAX_CONNECTIONS:
            raise RequestError(
                429,
                ErrorCode.BUSY,
                Label(
                    f"订阅连接过多，每个客户端至多 {MAX_OF_CLIENT} 个。",
                    f"too many connections for subscriptions: a client has at most {MAX_OF_CLIENT}",
                ),
                {"Retry-After": "5"},
            )

    @contextmanager
    def room(self, caller: Caller) -> Iterator[None]:
        """Count a connection for as long as it is open."""
        self._open[caller.client_id] += 1
        try:
            yield
        finally:
            self._open[caller.client_id] -= 1
            if not self._open[caller.client_id]:
                del self._open[caller.client_id]

    @contextmanager
    def until_end(self, entry: Entry) -> Iterator[Entry]:
        """Record the end of a subscription, as what it is told by then; nothing goes out with it."""
        ended = entry.ended()
        try:
            yield ended
        finally:
            self.audit.note(ended)

    def seconds_left(self, caller: Caller) -> float:
        """Until the token expires."""
        return (caller.expires_at - self._clock()) / timedelta(seconds=1)

    async def until_over(self, caller: Caller) -> None:
        """Return when the token expires, or is revoked before."""
        try:
            async with asyncio.timeout(self.seconds_left(caller)):
                await self._standing.until_revoked(caller)
        except TimeoutError:
            return

    async def _page(self, pushed: Pushed, place: str) -> PushedPage:
        """The page after a place; whatever else comes out of it is masked here, at the last door."""
        try:
            async with self._turns:
                return await self._engine.page_after(pushed, place)
        except RefusedError:
            raise
        except Exception as error:
            raise RefusedError(masked_error(error)) from error

    def _check(self, caller: Caller) -> None:
        if self._listener.is_closed:
            raise GoingAwayError
        if self.seconds_left(caller) <= 0:
            raise ExpiredError
        if self._standing.is_revoked(caller):
            raise RevokedError

    async def _is_woken(self, woken: asyncio.Event, caller: Caller, beat: float | None) -> bool:
        """Wait for changes; False where the beat, or the token's end, came first."""
        left = self.seconds_left(caller)
        try:
            async with asyncio.timeout(left if beat is None else min(beat, left)):
                await woken.wait()
        except TimeoutError:
            return False
        return True
