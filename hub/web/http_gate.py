"""How many requests the graph answers at a time, how long each may take, and what becomes of those nobody waits for."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

from starlette.requests import ClientDisconnect, Request

from hub.web.http_request import RequestError
from schema.declare import Label
from schema.graph.errors import ErrorCode

Result = TypeVar("Result")

#: how many wait for each that is answered
_WAITING_FOR_EACH = 4
#: how long one waits for its turn
_WAIT_SECONDS = 3.0
#: how long a request waits or is worked on before somebody looks whether its client is still there
_LOOK_AFTER_SECONDS = 0.05
_RETRY = {"Retry-After": "2"}


class Gate:
    """Lets at most `most` requests in at a time; some wait for a moment, the others are told to come back."""

    def __init__(self, most: int, seconds: float) -> None:
        """`seconds`: what one request may take, its wait for a turn included."""
        self._turns = asyncio.Semaphore(most)
        self._waiting = 0
        self._most_waiting = _WAITING_FOR_EACH * most
        self._seconds = seconds

    async def run(self, request: Request, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Do the work in its turn. Raises RequestError (busy, too slow) and ClientDisconnect; then it was cancelled."""
        return await _watched(request, lambda: self._in_turn(work), self._seconds)

    async def _in_turn(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        if self._turns.locked():
            await self._wait()
        else:
            await self._turns.acquire()
        try:
            return await work()
        finally:
            self._turns.release()

    async def _wait(self) -> None:
        if self._waiting >= self._most_waiting:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._turns.acquire()
        except TimeoutError as error:
            raise _busy() from error
        finally:
            self._waiting -= 1


def too_slow(seconds: float) -> RequestError:
    """The answer took longer than it may."""
    return RequestError(
        504,
        ErrorCode.TIMEOUT,
        Label(
            f"查询超过 {seconds:g} 秒，已中止；请缩小 first、加条件，或拆成几次查询。",
            f"stopped after {seconds:g} s: ask for smaller pages, with a filter, or in several queries",
        ),
    )


async def _watched(
    request: Request, work: Callable[[], Coroutine[Any, Any, Result]], seconds: float
) -> Result:
    """The work's result. When the client hangs up or it is late it is cancelled, and with it its statement."""
    watch = _Watch(request, seconds)
    try:
        return await work()
    except asyncio.CancelledError:
        if watch.reason is None or not watch.is_alone:
            raise
        raise watch.reason from None
    finally:
        watch.end()


class _Watch:
    """Cancels the task that it was made in when the client hangs up, or has waited long enough.

    Most work is done before it begins to look: until then it costs one timer.
    """

    def __init__(self, request: Request, seconds: float) -> None:
        self._request = request
        self._seconds = seconds
        # there is one wherever something is awaited
        self._task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._loop = asyncio.get_running_loop()
        self._looking: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(min(_LOOK_AFTER_SECONDS, seconds), self._look)
        #: why it has cancelled, if it has
        self.reason: Exception | None = None

    @property
    def is_alone(self) -> bool:
        """Whether nobody else has cancelled the task."""
        return self._task.cancelling() == 1

    def end(self) -> None:
        """Look no longer."""
        self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()
        if self.reason is not None:
            self._task.uncancel()

    def _look(self) -> None:
        left = max(0.0, self._seconds - _LOOK_AFTER_SECONDS)
        self._timer = self._loop.call_later(left, self._cancel, too_slow(self._seconds))
        self._looking = self._loop.create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self._cancel(ClientDisconnect())

    def _cancel(self, reason: Exception) -> None:
        if self.reason is None:
            self.reason = reason
            self._task.cancel()


def _busy() -> RequestError:
    return RequestError(
        503,
        ErrorCode.BUSY,
        Label("同时查询过多，请稍后再试。", "too many queries at one time; try again"),
        _RETRY,
    )
