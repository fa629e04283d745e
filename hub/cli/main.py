"""`baogong`: the one command of the house."""

import typer

from hub.cli import client, demo, faults, feed, publish, pull, serve, state
from hub.cli.listing import out
from hub.cli.runtime import prepare_database, read_settings, run
from hub.config import Settings
from hub.db.embedded import database

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="保供：短缺药品保供稳价数据交换与开放 Data exchange and open data for medicines in short supply.",
)
db = typer.Typer(no_args_is_help=True, help="数据库 The database.")
app.add_typer(db, name="db")
app.add_typer(feed.app, name="feed")
feed.app.command()(faults.faults)
feed.app.command()(pull.pull)
feed.app.command()(pull.pulls)
app.add_typer(publish.app, name="publish")
app.add_typer(client.app, name="client")
app.add_typer(state.app, name="state")
app.command()(serve.serve)
app.command()(serve.site)
app.command()(serve.worker)
app.command()(demo.demo)


@db.command("upgrade")
def upgrade() -> None:
    """升级数据库结构，登记数据源与行政区划 Migrate, write down feeds and administrative divisions."""
    run(_upgrade(read_settings()))
    out.print("数据库已是最新 the database is up to date")


async def _upgrade(settings: Settings) -> None:
    with database(settings) as url:
        await prepare_database(settings, url)
