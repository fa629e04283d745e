"""Fixtures of the tests of the graph: hubs that serve it over HTTP."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.cli.runtime import connection_to
from hub.config import Settings
from schema.scopes import Scope
from tests.lib.databases import TEMPLATE
from tests.lib.graph import GraphCaller, ServedHub, served, take_samples
from tests.lib.hub import TestHub
from tests.lib.postgres import url_of

_SAMPLED = "hub_with_samples"


@pytest.fixture(scope="session")
def sampled_hubs() -> dict[str, Settings]:
    """The hubs that have taken the sample feeds in, by server."""
    return {}


@pytest.fixture(scope="session")
def sampled(
    server: str,
    template: Path,
    sampled_hubs: dict[str, Settings],
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    """A hub that has taken the sample feeds in; tests share it and only read."""
    if server not in sampled_hubs:
        folder = tmp_path_factory.mktemp("sampled")
        shutil.copytree(template, folder, dirs_exist_ok=True)
        settings = Settings(data_dir=folder, database_url=url_of(server, _SAMPLED))
        asyncio.run(_take_samples(server, settings))
        sampled_hubs[server] = settings
    return sampled_hubs[server]


async def _take_samples(server: str, settings: Settings) -> None:
    async with connection_to(server) as connection:
        await connection.execute(f"CREATE DATABASE {_SAMPLED} TEMPLATE {TEMPLATE}")
    async with connection_to(url_of(server, _SAMPLED)) as connection:
        await take_samples(TestHub(settings, connection))


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


@pytest.fixture
async def sample_hub_with_little(sample_hub: ServedHub) -> GraphCaller:
    """A caller of that hub who may read the divisions only."""
    return await sample_hub.caller(Scope.REGION_READ)
