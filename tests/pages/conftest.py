"""One site of the sample and one browser for all tests of pages that only read."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from publish.manifest import Release
from tests.lib.site import build_sample, sample_store
from tests.lib.site_server import Site, served

#: what stands in every field of the store that is not open
CANARY, CANARY_NUMBER = "kanarienvogel", 731_907_319


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Release]:
    """A folder with the release of the sample, and that release."""
    folder = tmp_path_factory.mktemp("releases")
    store = sample_store()
    store.plant(CANARY, CANARY_NUMBER)
    return folder, asyncio.run(build_sample(folder, store))


@pytest.fixture(scope="session")
def site(sample: tuple[Path, Release]) -> Iterator[Site]:
    """The site of the sample."""
    with served(*sample) as site:
        yield site


@pytest.fixture(scope="session")
def sql_site(sample: tuple[Path, Release]) -> Iterator[Site]:
    """The process that answers SQL over the sample."""
    with served(*sample, is_sql=True) as site:
        yield site
