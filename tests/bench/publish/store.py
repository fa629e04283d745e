"""The store that releases are built from: an embedded PostgreSQL with made data, kept between runs."""

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

_DATA = Path(__file__).parent / "data.sql"
#: whose content the folder's data was made of
_MARK = "made-of"

#: there are 50 rows on sale a pharmacy
SIZES = {
    "small": {"products": 2_000, "pharmacies": 2_000},
    "medium": {"products": 20_000, "pharmacies": 20_000},
    "full": {"products": 20_000, "pharmacies": 100_000},
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
    with database(Settings(data_dir=folder, database_url=None)) as url:
        settings = Settings(data_dir=folder, database_url=url)
        asyncio.run(_prepare(settings, url, None if made.exists() else SIZES[size]))
        made.write_text(mark, "utf-8")
        yield settings


async def _prepare(settings: Settings, url: str, missing: dict[str, int] | None) -> None:
    await prepare_database(settings, url)
    if missing is None:
        return
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        for name, rows in missing.items():
            await connection.execute(f"SET bench.{name} = {rows}")
        await connection.execute(_DATA.read_text("utf-8"), timeout=3600)
        await connection.execute("VACUUM (ANALYZE, FREEZE)", timeout=3600)
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
