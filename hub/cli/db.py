"""`baogong db`: the database's schema."""

import typer

from hub.cli.listing import err, out
from hub.cli.runtime import prepare_database, read_settings, run
from hub.config import Settings
from hub.db.embedded import database
from hub.db.migrate import revisions
from hub.db.pool import sorts_by_code_points
from hub.errors import DatabaseError
from schema.declare import Label

#: a new database is refused; one that is in use goes on, for its texts can only be sorted anew in another
_COLLATION = Label(
    "数据库须按码位排序（C 或 C.UTF-8），否则按名称排序和“以…开头”的结果不对："
    "请用 createdb --template=template0 --locale=C.UTF-8 新建；已有数据用 pg_dump 导出、再导入新库。",
    "the database must sort by code points (locale C or C.UTF-8), or orders by name and `startsWith` are wrong: "
    "make it with createdb --template=template0 --locale=C.UTF-8, and bring over what an old one holds by pg_dump",
)

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
        if not await sorts_by_code_points(url):
            at, _ = await revisions(url)
            if at is None:
                raise DatabaseError("database.collation", _COLLATION)
            err.print(str(_COLLATION), style="yellow", markup=False, soft_wrap=True)
        await prepare_database(settings, url)
