"""Word that something was recorded: who says it, and who hears it."""

from collections.abc import Callable

import asyncpg

_CHANNEL = "changes"
#: what a connection that is asked whether it is still there may take
_ANSWER_SECONDS = 10.0


async def tell_changes(connection: asyncpg.Connection) -> None:
    """Wake whoever waits for changes, once the transaction is committed. It says only that there may be some."""
    await connection.execute(f"NOTIFY {_CHANNEL}")


async def hear_changes(connection: asyncpg.Connection, heard: Callable[..., None]) -> None:
    """Have `heard` called whenever there may be changes."""
    await connection.add_listener(_CHANNEL, heard)


async def hear_no_more(connection: asyncpg.Connection, heard: Callable[..., None]) -> None:
    """Undo `hear_changes`."""
    await connection.remove_listener(_CHANNEL, heard)


async def is_there(connection: asyncpg.Connection) -> None:
    """Ask whether a connection still answers. TimeoutError where it does not."""
    await connection.fetchval("SELECT 1", timeout=_ANSWER_SECONDS)
