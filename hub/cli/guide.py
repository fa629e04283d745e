"""Writes docs/graph.md (`make docs`). The answers in it are those of a hub that has taken the sample feeds in."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from hub.access.caller import Caller
from hub.access.clients import Client, ClientDirectory
from hub.access.store import fetch_sealer
from hub.audit.entry import Entry, Kind, Transport
from hub.audit.port import NoAudit
from hub.cli.demo import sample_deliveries
from hub.cli.feed import take_all
from hub.cli.runtime import prepare_database, ready_database
from hub.clock import system_clock
from hub.config import Settings
from hub.db.pool import open_pool
from hub.ingest.landing import Landing
from hub.web.engine import Asked, GraphEngine
from hub.web.examples import Example, shipped_examples
from hub.web.guide import guide
from hub.web.writer import Desk
from schema.reach import COUNTRY
from schema.scopes import READ_SCOPES

#: what the hub's clock says, so that it is another with each run
_BY_THE_CLOCK = frozenset({"recordedAt", "validFrom", "validTo", "confirmedAt"})


async def written(settings: Settings, url: str) -> str:
    """The guide, with answers of an empty database that takes the sample feeds in."""
    await prepare_database(settings, url)
    await take_all(settings, url, sample_deliveries())
    pool = await open_pool(url)
    try:
        landing = Landing(settings.landing_dir)
        clients = ClientDirectory(_no_clients, system_clock)
        async with pool.acquire() as connection:
            sealer = await fetch_sealer(connection)
        desk = Desk(pool, landing, clients, system_clock, NoAudit())
        engine = GraphEngine(pool, landing, desk, sealer)
        examples = shipped_examples()
        return guide(examples, {each.name: await _answer(engine, each) for each in examples})
    finally:
        await pool.close()


async def _no_clients() -> list[Client]:
    return []


async def _answer(engine: GraphEngine, example: Example) -> Any:
    caller = Caller(
        client_id="guide",
        scopes=frozenset(READ_SCOPES),
        expires_at=system_clock() + timedelta(hours=1),
        token_id="guide",  # noqa: S106 - no secret
        reach=COUNTRY,
        issuer="guide",
        subject="guide",
    )
    asked = Asked(example.text, None, dict(example.variables), True)
    answer = await engine.answer(asked, caller, Entry(Kind.REQUEST, Transport.HUB))
    return shortened(json.loads(answer.body))


def shortened(answer: Any) -> Any:
    """An answer with the first of each list only, without places of pages, and without what the clock said."""
    if isinstance(answer, Mapping):
        return {
            key: "…" if key in _BY_THE_CLOCK and value is not None else shortened(value)
            for key, value in answer.items()
            if key != "pageInfo"
        }
    if isinstance(answer, list):
        return [*map(shortened, answer[:1]), *["…"][: len(answer) - 1]]
    return answer


async def _main() -> str:
    with tempfile.TemporaryDirectory(prefix="baogong-guide-") as name:
        folder = Path(name)
        # the embedded server's own user has to reach it
        folder.chmod(0o755)
        settings = Settings(data_dir=folder)
        async with ready_database(settings) as url:
            return await written(settings, url)


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(_main()))
