"""Fixtures of the properties of stores: databases that are migrated and hold nothing."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.lib.databases import MIGRATED, OwnDatabase, Templates


@pytest.fixture(scope="module")
def databases(embedded: str, templates: Templates) -> Iterator[tuple[str, str]]:
    """Two migrated databases of the module's own."""
    templates.folder(embedded)
    one, other = OwnDatabase(embedded, MIGRATED), OwnDatabase(embedded, MIGRATED)
    yield asyncio.run(one.make()), asyncio.run(other.make())
    for each in (one, other):
        asyncio.run(each.drop())


@pytest.fixture(scope="module")
def database(embedded: str, templates: Templates) -> Iterator[str]:
    """A migrated database of the module's own."""
    templates.folder(embedded)
    own = OwnDatabase(embedded, MIGRATED)
    yield asyncio.run(own.make())
    asyncio.run(own.drop())
