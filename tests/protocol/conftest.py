"""Fixtures of the tests of the graph: hubs that serve it over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from hub.cli.runtime import connection_to, prepare_database
from hub.config import Settings
from tests.lib.graph import GraphCaller, ServedHub, served, take_samples
from tests.lib.hub import TestClock, TestHub
from tests.lib.postgres import url_of

_SAMPLED = "hub_with_samples"


@pytest.fixture(scope="session")
def sampled(server: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A hub that has taken the sample feeds in; tests share it and only read."""
    url = url_of(server, _SAMPLED)
    settings = Settings(data_dir=tmp_path_factory.mktemp("sampled"), database_url=url)

    async def make() -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(f"CREATE DATABASE {_SAMPLED}")
        await connection.close()
        clock = TestClock()
        await prepare_database(settings, url, clock)
        async with connection_to(url) as connection:
            await take_samples(TestHub(settings, connection, clock))

    asyncio.run(make())
    return settings


@pytest.fixture
async def sample_hub(sampled: Settings) -> AsyncIterator[ServedHub]:
    """The hub with the samples, served."""
    async with served(sampled) as hub:
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
