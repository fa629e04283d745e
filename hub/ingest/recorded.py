"""When something is recorded: the present, but after all that is recorded already."""

from datetime import datetime, timedelta

import asyncpg

from hub.clock import Clock
from hub.ingest import batch_store

#: the least span between two instants of recorded time
TICK = timedelta(microseconds=1)


async def recorded_at(connection: asyncpg.Connection, clock: Clock) -> datetime:
    """The present, but after all that is recorded already: the order of knowledge must not depend on a clock."""
    last = await batch_store.last_recorded(connection)
    now = clock()
    return now if last is None else max(now, last + TICK)
