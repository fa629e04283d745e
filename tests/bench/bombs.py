"""How long it takes to refuse each hostile document: `python -m tests.bench.bombs`; CPU, the best of five."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from hub.access.tokens import Caller
from hub.ingest.landing import Landing
from hub.web.engine import Asked, GraphEngine
from schema.scopes import READ_SCOPES
from tests.lib.bombs import BOMBS


async def _best(engine: GraphEngine, document: str) -> float:
    caller = Caller("bench", frozenset(READ_SCOPES), datetime.max.replace(tzinfo=UTC), "bench")
    times = []
    for _ in range(5):
        start = time.process_time()
        await engine.answer(Asked(document, None, {}, False), caller)
        times.append(time.process_time() - start)
    return min(times)


async def main() -> None:
    """Measure all."""
    pool = asyncpg.create_pool()  # never opened: nothing of this reaches a database
    engine = GraphEngine(pool, Landing(Path()))
    for name, (document, _code) in BOMBS.items():
        sys.stdout.write(f"{1e3 * await _best(engine, document):7.1f} ms  {len(document):7} bytes  {name}\n")


if __name__ == "__main__":
    asyncio.run(main())
