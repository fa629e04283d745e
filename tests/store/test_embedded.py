"""The embedded server: what it has of the machine's memory."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from hub.config import Settings
from hub.db.embedded import database


@pytest.fixture
def settings() -> Iterator[Settings]:
    """A data folder that the user of the server can reach."""
    folder = Path(tempfile.mkdtemp(prefix="baogong-test-"))
    folder.chmod(0o755)
    yield Settings(data_dir=folder, database_url=None)
    shutil.rmtree(folder, ignore_errors=True)


async def _run(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


async def test_its_pages_have_a_share_of_the_memory_and_not_more(embedded: str) -> None:
    """A sixteenth at most, unless that is less than PostgreSQL's own setting; and no line of our file is refused."""
    [(size,)] = await _run(
        embedded, "SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers'"
    )
    assert 128 << 20 <= size <= max(128 << 20, psutil.virtual_memory().total // 16)
    ours = "SELECT applied, error FROM pg_file_settings WHERE sourcefile LIKE '%/baogong.conf'"
    assert await _run(embedded, ours) == [(True, None)]


def test_what_an_operator_sets_goes_before_it(settings: Settings) -> None:
    """ALTER SYSTEM outlives the next start, and our line is not added a second time."""
    with database(settings) as url:
        asyncio.run(_run(url, "ALTER SYSTEM SET shared_buffers = '64MB'"))
    with database(settings) as url:
        assert asyncio.run(_run(url, "SHOW shared_buffers")) == [("64MB",)]
    lines = (settings.data_dir / "postgres/postgresql.conf").read_text("utf-8").splitlines()
    assert lines.count("include_if_exists = 'baogong.conf'") == 1
