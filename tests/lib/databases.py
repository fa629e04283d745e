"""Databases for tests: one is migrated on each server, the others are copies of it."""

import asyncio
from datetime import timedelta
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from hub.cli.runtime import prepare_database
from hub.config import Settings
from tests.lib.hub import START, TestClock
from tests.lib.postgres import url_of

TEMPLATE = "hub_template"
_numbers = count(1)


class Templates:
    """The template of each server, made when first asked for.

    It is kept over a change of server, as pytest makes the fixtures of a server anew when it comes back to it.
    """

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._made: dict[str, Path] = {}

    def folder(self, server: str) -> Path:
        """The data folder that goes with the server's template, whose database is migrated and knows the divisions."""
        if server not in self._made:
            folder = self._folders.mktemp("template")
            asyncio.run(_make(server, folder))
            self._made[server] = folder
        return self._made[server]


class OwnDatabase:
    """A database of its own, copied from another, dropped at the end of the context."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._name = f"test_{next(_numbers)}"

    async def __aenter__(self) -> str:
        return await self.make()

    async def __aexit__(self, *_: object) -> None:
        await self.drop()

    async def make(self) -> str:
        """Its URL."""
        await _run(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        return url_of(self._server, self._name)

    async def drop(self) -> None:
        """End it, whoever is connected."""
        await _run(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


async def _make(server: str, folder: Path) -> None:
    await _run(server, f"CREATE DATABASE {TEMPLATE}")
    url = url_of(server, TEMPLATE)
    clock = TestClock(START - timedelta(days=1))
    await prepare_database(Settings(data_dir=folder, database_url=url), url, clock)


async def _run(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
