"""Fixtures that tests of the store share. Each such test runs on every PostgreSQL that is here."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from hub.cli.runtime import prepare_database
from hub.config import Settings
from tests.lib.hub import START, TestClock, TestHub
from tests.lib.postgres import debian_server, embedded_server, url_of

_numbers = count(1)
#: tests of what the hub says over HTTP and SFTP, whichever PostgreSQL stands behind it: one server is enough
_ONE_SERVER = (
    "test_push",
    "test_pull_http",
    "test_pull_sftp",
    "test_graph_abuse",
    "test_graph_refusals",
    "test_persons_stay_out",
    "test_post_transports",
)
_TEMPLATE = "hub_template"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second server where it shows nothing more, to keep the suite short."""
    spared = [item for item in items if item.path.stem in _ONE_SERVER and "[debian" in item.name]
    config.hook.pytest_deselected(items=spared)
    left_out = set(spared)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def embedded() -> Iterator[str]:
    """The URL of the embedded server."""
    with embedded_server() as url:
        yield url


@pytest.fixture(scope="session", params=["embedded", "debian"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a server: first the embedded one, then Debian's."""
    if request.param == "embedded":
        yield request.getfixturevalue("embedded")
        return
    with debian_server() as url:
        yield url


@pytest.fixture(scope="session")
def template(server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Makes a migrated database with the divisions on the server; gives the data folder that goes with it."""
    folder = tmp_path_factory.mktemp("template")

    async def make() -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(f"CREATE DATABASE {_TEMPLATE}")
        await connection.close()
        url = url_of(server, _TEMPLATE)
        clock = TestClock(START - timedelta(days=1))
        await prepare_database(Settings(data_dir=folder, database_url=url), url, clock)

    asyncio.run(make())
    return folder


@pytest.fixture
async def empty_database(server: str) -> AsyncIterator[str]:
    """The URL of a database with nothing in it."""
    async with _database(server, "template0") as url:
        yield url


@pytest.fixture
async def settings(server: str, template: Path, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a hub whose database is migrated and knows the divisions."""
    shutil.copytree(template, tmp_path / "data")
    async with _database(server, _TEMPLATE) as url:
        yield Settings(data_dir=tmp_path / "data", database_url=url)


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[TestHub]:
    """A hub for one test."""
    assert settings.database_url is not None
    connection = await asyncpg.connect(settings.database_url, server_settings={"timezone": "UTC"})
    try:
        yield TestHub(settings, connection)
    finally:
        await connection.close()


class _database:  # noqa: N801  (reads as a verb where it is used)
    """A database of its own, dropped at the end."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._name = f"test_{next(_numbers)}"

    async def __aenter__(self) -> str:
        await self._run(f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        return url_of(self._server, self._name)

    async def __aexit__(self, *_: object) -> None:
        await self._run(f"DROP DATABASE {self._name} WITH (FORCE)")

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self._server)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
