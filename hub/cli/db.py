"""`baogong db`: the database's schema."""

import typer

from hub.cli.listing import out
from hub.cli.runtime import prepare_database, read_settings, run
from hub.config import Settings
from hub.db.embedded import database

app = typer.Typer(no_args_is_help=True, add_completion=False, help="数据库 The database.")


@app.callback()
def db() -> None:
    """数据库 The database."""


@app.command("upgrade")
def upgrade() -> None:
    """升级数据库结构，登记数据源与行政区划 Migrate, write down feeds and administrative divisions."""
    run(_upgrade(read_settings()))
    out.print("数据库已是最新 the database is up to date")


async def _upgrade(settings: Settings) -> None:
    with database(settings) as url:
        await prepare_database(settings, url)
