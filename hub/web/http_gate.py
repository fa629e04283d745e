"""How many requests the graph answers at a time, how long each may take, and what becomes of those nobody waits for."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

from hub.web.http_request import RequestError
from schema.declare import Label
from schema.graph.errors import ErrorCode

Result = TypeVar("Result")

#: how many wait for each that is answered
_WAITING_FOR_EACH = 4
#: how long one waits for its turn
_WAIT_SECONDS = 3.0
#: how long a request is worked on before somebody looks whether its client is still there
_LOOK_AFTER_SECONDS = 0.05
_RETRY = {"Retry-After": "2"}


class Gate:
    """Lets at most `most` requests in at a time; some wait for a moment, the others are told to come back."""

    def __init__(self, most: int, seconds: float) -> None:
        """`seconds`: what one request may take once it is in."""
        self._turns = asyncio.Semaphore(most)
        self._waiting = 0
        self._most_waiting = _WAITING_FOR_EACH * most
        self._seconds = seconds

    async def run(self, request: Request, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Do the work in its turn. Raises RequestError (busy, too slow) and ClientDisconnect; then it was cancelled."""
        if self._turns.locked():
            await self._wait()
        else:
            await self._turns.acquire()
        try:
            async with asyncio.timeout(self._seconds):
                return await _while_connected(request, work)
        except TimeoutError as error:
            raise too_slow(self._seconds) from error
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


async def _while_connected(request: Request, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """The work's result; cancelled when the client hangs up, which cancels its statement in the database."""
    watch = _Watch(request)
    try:
        return await work()
    except asyncio.CancelledError:
        if watch.is_alone:
            raise ClientDisconnect from None
        raise
    finally:
        watch.end()


class _Watch:
    """Cancels the task that it was made in when the client hangs up. Most work is done before it begins to look."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._task = asyncio.current_task()
        self._looking: asyncio.Task[None] | None = None
        self._start = asyncio.get_running_loop().call_later(_LOOK_AFTER_SECONDS, self._look)
        #: whether the client has gone
        self.is_alone = False

    def end(self) -> None:
        """Look no longer."""
        self._start.cancel()
        if self._looking is not None:
            self._looking.cancel()
        if self.is_alone and self._task is not None:
            self._task.uncancel()

    def _look(self) -> None:
        self._looking = asyncio.create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        if self._task is not None:
            self.is_alone = True
            self._task.cancel()


def _busy() -> RequestError:
    return RequestError(
        503,
        ErrorCode.BUSY,
        Label("同时查询过多，请稍后再试。", "too many queries at one time; try again"),
        _RETRY,
    )
