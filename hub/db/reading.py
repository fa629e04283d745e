"""A pool for single reading statements: whoever asks is handed the connection that was used last."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from hub.db.pool import SESSION

#: statements that a connection keeps prepared, and how long their texts may be; ours are long
_PREPARED, _PREPARED_BYTES = 256, 256 * 1024


class ReadingPool:
    """Connections of a pool that are kept at hand, the one used last first: it knows most statements already.

    One that was broken off, by an error or because nobody waits any more, goes back to the pool, which sets it right.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._at_hand: list[_Kept] = []
        #: who has none waits here, not at the pool: what is at hand never goes back to it
        self._turns = asyncio.Semaphore(pool.get_max_size())

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement."""
        async with self.acquire() as connection:
            found: list[Any] = await connection.fetch(statement, *values)
            return found

    async def fetchrow(self, statement: str, *values: Any) -> Any:
        """The first row of a statement."""
        async with self.acquire() as connection:
            return await connection.fetchrow(statement, *values)

    async def fetchval(self, statement: str, *values: Any) -> Any:
        """The first column of the first row of a statement. The way of most requests: without a context's cost."""
        kept = await self._take()
        try:
            prepared = kept.statements.get(statement) or await kept.prepare(statement)
            found = await prepared.fetchval(*values)
        except BaseException:
            await self._give_up(kept)
            raise
        self._keep(kept)
        return found

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        """A connection, for the time of the context."""
        kept = await self._take()
        try:
            yield kept.connection
        except BaseException:
            await self._give_up(kept)
            raise
        self._keep(kept)

    async def close(self) -> None:
        """Close all connections."""
        while self._at_hand:
            await self._pool.release(self._at_hand.pop().connection)
        await self._pool.close()

    async def _take(self) -> "_Kept":
        await self._turns.acquire()
        try:
            while self._at_hand:
                kept = self._at_hand.pop()
                if not kept.connection.is_closed():
                    return kept
                await self._pool.release(kept.connection)
            return _Kept(await self._pool.acquire())
        except BaseException:
            self._turns.release()
            raise

    def _keep(self, kept: "_Kept") -> None:
        self._at_hand.append(kept)
        self._turns.release()

    async def _give_up(self, kept: "_Kept") -> None:
        try:
            await asyncio.shield(self._pool.release(kept.connection))
        finally:
            self._turns.release()


class _Kept:
    """A connection, and the statements that it has prepared for as long as it is kept."""

    __slots__ = ("connection", "statements")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.statements: OrderedDict[str, PreparedStatement[Any]] = OrderedDict()

    async def prepare(self, statement: str) -> "PreparedStatement[Any]":
        """Prepare a statement; of many, those prepared last are kept."""
        prepared: PreparedStatement[Any] = await self.connection.prepare(statement)
        self.statements[statement] = prepared
        if len(self.statements) > _PREPARED:
            self.statements.popitem(last=False)
        return prepared


async def open_reading_pool(
    url: str, size: int, statement_seconds: float, role: str | None = None
) -> ReadingPool:
    """A pool of at most `size` connections; close it. The server ends statements that take longer than said.

    `role`: as which it reads, from the first moment of each session; None: as whoever it logs in as.
    """
    session = {
        **SESSION,
        "statement_timeout": str(max(1, round(statement_seconds * 1000))),
        # A statement's text tells what is asked, its parameters only with what: to plan it once is enough, and the
        # plan of a statement over all partitions costs more than its execution.
        "plan_cache_mode": "force_generic_plan",
        # where a server has it, a statement would be compiled anew each time it is run: longer than it runs
        "jit": "off",
        **({"role": role} if role else {}),
    }
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        server_settings=session,
        init=_meet_arrays,
        reset=_leave_as_it_is,
        statement_cache_size=_PREPARED,
        max_cacheable_statement_size=_PREPARED_BYTES,
    )
    return ReadingPool(pool)


async def _meet_arrays(connection: asyncpg.Connection) -> None:
    """Let the driver look array types up now: it would do so before the first statement that is given one."""
    await connection.prepare("SELECT $1::text[], $2::bigint[]")


async def _leave_as_it_is(_connection: asyncpg.Connection) -> None:
    """Single statements leave nothing behind in their session: giving a connection back costs no statement."""
