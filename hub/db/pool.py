"""Connections: UTC everywhere, one name in pg_stat_activity."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from hub.errors import DatabaseError
from schema.declare import Label

#: PostgreSQL 15, as server_version_num
_OLDEST_SERVER = 150_000
#: settings of every session
SESSION = {"timezone": "UTC", "application_name": "baogong"}


async def connect(url: str) -> asyncpg.Connection:
    """One connection. DatabaseError where there is no server or it is too old."""
    try:
        connection = await asyncpg.connect(url, server_settings=SESSION)
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseError(
            "database.unreachable",
            Label(f"连不上数据库：{error}", f"cannot reach the database: {error}"),
        ) from error
    version = int(await connection.fetchval("SHOW server_version_num"))
    if version < _OLDEST_SERVER:
        await connection.close()
        raise DatabaseError(
            "database.too_old",
            Label(
                f"需要 PostgreSQL 15 或更新版本，这里是 {version}",
                f"PostgreSQL 15 or later needed, found {version}",
            ),
        )
    return connection


async def enter(connection: asyncpg.Connection, sealed: str) -> None:
    """Tell the store who asks, until the transaction ends (`schema.plan.values.Pass`)."""
    await connection.execute("SELECT set_config('hub.reach', $1, true)", sealed)


@asynccontextmanager
async def connection_to(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection, closed at the end."""
    connection = await connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def open_pool(url: str, size: int = 10) -> asyncpg.Pool:
    """A pool of at most `size` connections; close it."""
    return await asyncpg.create_pool(url, min_size=1, max_size=size, server_settings=SESSION)


async def sorts_by_code_points(url: str) -> bool:
    """Whether the database compares texts as the hub does: by code points, as in the locales C and C.UTF-8.

    In any other, beginnings of names and orders by name would be that locale's, and no two servers' the same.
    """
    async with connection_to(url) as connection:
        return bool(await connection.fetchval("SELECT 'B' < 'a'"))
