"""Fixtures of the tests of the graph: hubs that serve it over HTTP."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hub.cli.runtime import connection_to
from hub.config import Settings
from schema.scopes import Scope
from tests.lib.databases import COPIED, TEMPLATE, OwnDatabase, mark_of
from tests.lib.graph import GraphCaller, Running, ServedHub, SharedHub, served, served_beside, take_samples
from tests.lib.hub import TestHub
from tests.lib.postgres import url_of
from tests.lib.shared_run import SharedRun

_SAMPLED = "hub_with_samples"


@pytest.fixture(scope="session")
def sampled(server: str, template: Path, the_run: SharedRun) -> Settings:
    """A hub that has taken the sample feeds in; all tests of the run share it and only read."""

    def make(folder: Path) -> None:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        asyncio.run(_take_samples(server, settings_in(folder)))

    def settings_in(folder: Path) -> Settings:
        return Settings(data_dir=folder, database_url=url_of(server, _SAMPLED))

    return settings_in(the_run.once(f"sampled-{mark_of(server)}", make))


@pytest.fixture(scope="module")
def people_settings(
    server: str, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A hub whose people are the tests': each begins without any. (`template` is what it is copied from.)"""
    own = OwnDatabase(server, TEMPLATE)
    yield Settings(data_dir=tmp_path_factory.mktemp("people"), database_url=asyncio.run(own.make()))
    asyncio.run(own.drop())


async def _take_samples(server: str, settings: Settings) -> None:
    async with connection_to(server) as connection:
        await connection.execute(f"CREATE DATABASE {_SAMPLED} TEMPLATE {TEMPLATE} {COPIED}")
    async with connection_to(url_of(server, _SAMPLED)) as connection:
        await take_samples(TestHub(settings, connection))


@pytest.fixture(scope="session")
def running_hubs() -> Iterator[Callable[[Settings], Running]]:
    """Serves hubs, each once and until all tests are through."""
    running: dict[str | None, Running] = {}
    with ExitStack() as stack:

        def run(settings: Settings) -> Running:
            if settings.database_url not in running:
                running[settings.database_url] = stack.enter_context(served_beside(settings))
            return running[settings.database_url]

        yield run


@pytest.fixture
async def sample_hub(
    sampled: Settings, running_hubs: Callable[[Settings], Running]
) -> AsyncIterator[SharedHub]:
    """The hub with the samples, served."""
    async with running_hubs(sampled).met() as hub:
        yield hub


@pytest.fixture
async def graph(sample_hub: ServedHub) -> GraphCaller:
    """A caller of that hub who may read everything."""
    return await sample_hub.caller()


@pytest.fixture
async def own_hub(settings: Settings) -> AsyncIterator[ServedHub]:
    """A hub with the divisions only, served, whose database the test may damage."""
    async with served(settings) as hub:
        yield hub


@pytest.fixture
async def sample_hub_with_little(sample_hub: ServedHub) -> GraphCaller:
    """A caller of that hub who may read the divisions only."""
    return await sample_hub.caller(Scope.REGION_READ)
