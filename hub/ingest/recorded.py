"""When something is recorded: the present, but after all that is recorded already; and that others hear of it."""

from datetime import datetime, timedelta

import asyncpg

from hub.clock import Clock
from hub.ingest import batch_store

#: the least span between two instants of recorded time
TICK = timedelta(microseconds=1)
#: the channel on which listeners hear that something was recorded
CHANGES_CHANNEL = "changes"


async def recorded_at(connection: asyncpg.Connection, clock: Clock) -> datetime:
    """The present, but after all that is recorded already: the order of knowledge must not depend on a clock."""
    last = await batch_store.last_recorded(connection)
    now = clock()
    return now if last is None else max(now, last + TICK)


async def tell_changes(connection: asyncpg.Connection) -> None:
    """Wake whoever waits for changes, once the transaction is committed. It says only that there may be some."""
    await connection.execute(f"NOTIFY {CHANGES_CHANNEL}")
