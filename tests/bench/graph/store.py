"""The store that is measured: an embedded PostgreSQL with made data, kept between runs."""

import asyncio
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from hub.cli.runtime import prepare_database
from hub.config import Settings
from hub.db.embedded import database

_HERE = Path(__file__).parent
_DATA, _VIEWS = _HERE / "data.sql", _HERE / "node" / "views.sql"
#: whose content the folder's data was made of
_MARK = "made-of"

#: rows of each kind; there are 100 listings a product, 50 rows on sale a pharmacy
SIZES = {
    "small": {"products": 1_000, "organizations": 2_500, "pharmacies": 5_000},
    "full": {"products": 20_000, "organizations": 50_000, "pharmacies": 100_000},
}


@contextmanager
def store(folder: Path, size: str) -> Iterator[Settings]:
    """Settings of a hub whose database has the data of this size; the server runs while the context lasts.

    The data is made when the folder has none, or other data than would be made today.
    """
    mark = hashlib.sha256(_DATA.read_bytes()).hexdigest()
    made = folder / _MARK
    if folder.exists() and not (made.exists() and made.read_text("utf-8") == mark):
        shutil.rmtree(folder)
    own = Settings(data_dir=folder, database_url=None)
    with database(own) as url:
        settings = Settings(data_dir=folder, database_url=url)
        asyncio.run(_prepare(settings, url, None if made.exists() else SIZES[size]))
        made.write_text(mark, "utf-8")
        yield settings


async def _prepare(settings: Settings, url: str, missing: dict[str, int] | None) -> None:
    """Bring the schema up to date, make the data if it is missing, and the views that PostGraphile shows."""
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        # a migration cannot change columns that a view shows
        await connection.execute("DROP SCHEMA IF EXISTS live CASCADE")
        await prepare_database(settings, url)
        if missing is not None:
            await _fill(connection, missing)
            # once more: what is worked out of the facts, such as the search's documents
            await prepare_database(settings, url)
        await connection.execute(_VIEWS.read_text("utf-8"))
    finally:
        await connection.close()


async def _fill(connection: asyncpg.Connection, sizes: dict[str, int]) -> None:
    for name, rows in sizes.items():
        await connection.execute(f"SET bench.{name} = {rows}")
    await connection.execute(_DATA.read_text("utf-8"), timeout=3600)
    await connection.execute("VACUUM (ANALYZE, FREEZE)", timeout=3600)
    await connection.execute("CHECKPOINT")
