"""How many requests the graph answers at a time, how long each may take, and what becomes of those nobody waits for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
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
        try:
            async with self._turn(), asyncio.timeout(self._seconds):
                return await _while_connected(request, work())
        except TimeoutError as error:
            raise too_slow(self._seconds) from error

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._turns.locked() and self._waiting >= self._most_waiting:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._turns.acquire()
        except TimeoutError as error:
            raise _busy() from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()


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


async def _while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """The work's result; cancelled when the client hangs up, which cancels its statement in the database."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(_hangs_up(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _hangs_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _busy() -> RequestError:
    return RequestError(
        503,
        ErrorCode.BUSY,
        Label("同时查询过多，请稍后再试。", "too many queries at one time; try again"),
        _RETRY,
    )
