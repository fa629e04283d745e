"""Databases for tests: one is migrated on each server, the others are copies of it."""

import asyncio
import hashlib
import os
from datetime import timedelta
from itertools import count
from pathlib import Path

import asyncpg

from hub.cli.runtime import prepare_database
from hub.config import Settings
from hub.db.migrate import upgrade
from tests.lib.hub import START, TestClock
from tests.lib.postgres import url_of
from tests.lib.shared_run import SharedRun

TEMPLATE = "hub_template"
#: migrated, with nothing in it
MIGRATED = "hub_migrated"
#: file by file, which takes half the time of copying by way of the log
COPIED = "STRATEGY file_copy"
_numbers = count(1)


class Templates:
    """The template of each server, made once a run, when first asked for."""

    def __init__(self, run: SharedRun) -> None:
        self._run = run

    def folder(self, server: str) -> Path:
        """The data folder that goes with the server's template, whose database is migrated and knows the divisions."""
        return self._run.once(f"template-{mark_of(server)}", lambda made: asyncio.run(_make(server, made)))


def mark_of(server: str) -> str:
    """A word for a server, to name things by."""
    return hashlib.sha256(server.encode()).hexdigest()[:12]


class OwnDatabase:
    """A database of its own, copied from another, dropped at the end of the context."""

    def __init__(self, server: str, template: str, options: str = "") -> None:
        self._server = server
        self._template = template
        self._options = options
        self._name = f"test_{os.getpid()}_{next(_numbers)}"

    async def __aenter__(self) -> str:
        return await self.make()

    async def __aexit__(self, *_: object) -> None:
        await self.drop()

    async def make(self) -> str:
        """Its URL."""
        await _run(
            self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template} {self._options} {COPIED}"
        )
        return url_of(self._server, self._name)

    async def drop(self) -> None:
        """End it, whoever is connected."""
        await _run(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


async def _make(server: str, folder: Path) -> None:
    await _run(server, f"CREATE DATABASE {MIGRATED}")
    await upgrade(url_of(server, MIGRATED))
    await _run(server, f"CREATE DATABASE {TEMPLATE} TEMPLATE {MIGRATED} {COPIED}")
    url = url_of(server, TEMPLATE)
    clock = TestClock(START - timedelta(days=1))
    await prepare_database(Settings(data_dir=folder, database_url=url), url, clock)


async def _run(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
