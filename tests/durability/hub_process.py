"""A hub that is there to be killed: takes one command, tells each step that it begins (`@ <step>`), and how it ends."""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import hub.cli.publish
import hub.jobs.pull
from connectors.transports.sources import load_sources
from connectors.transports.spool import Spool
from hub.cli.feed import take_all
from hub.cli.publish import make_release
from hub.cli.runtime import connection_to, ready_database
from hub.clock import Clock
from hub.config import Settings
from hub.errors import NotHeldError
from hub.ingest import batch_store
from hub.ingest.batches import Decision, Verdict
from hub.ingest.landing import Landing
from hub.ingest.pharmacy_resolvers import StockTakeResolver
from hub.ingest.promotion import Promotion
from hub.ingest.registration_resolvers import RegistrationResolver
from hub.ingest.resolver import Resolver
from hub.ingest.run import Delivery, Ingest
from hub.ingest.state import state_digest
from hub.jobs.pull import pull_source
from hub.observe import configure_logging
from tests.lib.hub import TestClock
from tests.lib.sources import HTTP_SECRET

#: what begins each step: where it is found, under what name
STEPS: tuple[tuple[str, Any, str], ...] = (
    ("land", Landing, "incoming"),
    ("register", Ingest, "_register"),
    ("open", Ingest, "_open"),
    ("compare", Ingest, "_promote_changes"),
    ("stage", Promotion, "_stage"),
    ("resolve", Promotion, "_resolve"),
    ("promote", Promotion, "_promote"),
    ("conclude", Resolver, "conclude"),
    ("conclude", StockTakeResolver, "conclude"),
    ("conclude", RegistrationResolver, "conclude"),
    ("balance", Promotion, "_balance"),
    ("mark", batch_store, "mark_promoted"),
    ("stop", batch_store, "mark_stopped"),
    ("decide", batch_store, "insert_decision"),
    ("page", Spool, "keep"),
    ("pull", hub.jobs.pull, "insert_pull"),
    ("release", hub.cli.publish, "build_release"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The one command of this process."""

    settings: Settings
    command: dict[str, Any]
    clock: Clock


def announced(pipe: Connection, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, telling of its beginning."""

    @wraps(function)
    def telling(*arguments: Any, **named: Any) -> Any:
        pipe.send(f"@ {step}")
        return function(*arguments, **named)

    return telling


async def perform(asked: Asked, pipe: Connection) -> str:
    """Carry the command out; the digest of the state it leaves."""
    async with ready_database(asked.settings) as url:
        await _WORK[asked.command["what"]](asked, url)
        pipe.send("@ digest")
        async with connection_to(url) as connection:
            landing = Landing(asked.settings.landing_dir)
            found = await state_digest(connection, landing, with_times=True)
    return f"{found.sha256} {len(found.missing)} {released(asked.settings.release_dir)}"


def released(folder: Path) -> str:
    """The current release and the digest of what it says of itself."""
    current = folder / "current"
    if not current.exists():
        return "-"
    manifest = sha256((current / "manifest.json").read_bytes()).hexdigest()
    return f"{current.resolve().name}:{manifest}"


async def _ingest(asked: Asked, url: str) -> None:
    deliveries = [
        (
            Delivery(
                file["feed"],
                file["sender"],
                Path(file["path"]).name,
                "folder",
                file["as_of"],
            ),
            Path(file["path"]),
        )
        for file in asked.command["files"]
    ]
    await take_all(asked.settings, url, deliveries, asked.clock)


async def _decide(asked: Asked, url: str) -> None:
    """Release the one batch that is held; whoever does so twice is told that it is not held any more."""
    async with connection_to(url) as connection:
        decision = Decision(Verdict.RELEASE, "演示审核员", "半数门店停业盘点", asked.clock())
        held = await connection.fetchval("SELECT batch_id FROM batch_decision UNION SELECT id FROM batch"
                                         " WHERE state_code = 'held'")  # fmt: skip
        try:
            await Ingest(connection, Landing(asked.settings.landing_dir), asked.clock).decide(held, decision)
        except NotHeldError:
            return


async def _pull(asked: Asked, url: str) -> None:
    [source] = load_sources(asked.settings.data_dir / "sources.yaml")
    async with connection_to(url) as connection:
        await Ingest(connection, Landing(asked.settings.landing_dir), asked.clock).resume()
        await pull_source(asked.settings, connection, source, HTTP_SECRET, asked.clock)


async def _publish(asked: Asked, url: str) -> None:
    await make_release(asked.settings, url)


_WORK = {"ingest": _ingest, "decide": _decide, "pull": _pull, "publish": _publish}


def serve_one(pipe: Connection, log: Path) -> None:
    """Wait for the command, in a process group of its own, and carry it out. Complaints go to the log."""
    os.setsid()
    with log.open("ab") as complaints:
        os.dup2(complaints.fileno(), sys.stderr.fileno())
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        del os.environ[name]
    configure_logging()
    for step, where, name in STEPS:
        setattr(where, name, announced(pipe, step, getattr(where, name)))
    try:
        asked = pipe.recv()
    except EOFError:
        return
    settings = Settings(data_dir=asked["data"], database_url=asked["url"])
    clock = TestClock(asked["command"]["now"])
    pipe.send("@ start")
    pipe.send(f"= {asyncio.run(perform(Asked(settings, asked['command'], clock), pipe))}")
