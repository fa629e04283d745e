"""`baogong publish`: releases of open data."""

from dataclasses import asdict
from typing import Annotated

import typer

from hub.cli.listing import out, print_json
from hub.cli.on_record import on_record
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.config import Settings
from hub.db.snapshot import open_snapshot
from hub.errors import NothingToReleaseError
from publish.release import EmptySnapshotError, Release, build_release
from schema.declare import Label

app = typer.Typer(no_args_is_help=True, add_completion=False, help="开放数据发布 Releases of open data.")


@app.callback()
def publish() -> None:
    """开放数据发布 Releases of open data."""


@app.command()
def release(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")] = False) -> None:
    """发布：由当前数据生成一版并切换 Build a release of what is known now and switch to it."""
    made = run(_release(read_settings()))
    if as_json:
        print_json(asdict(made))
        return
    out.print(f"已发布 released {made.id}（数据截至 data as of {made.data_as_of}）", highlight=False)
    for table, rows in made.row_counts.items():
        out.print(f"  {table:16} {rows:>10,}", highlight=False)


async def make_release(settings: Settings, url: str) -> Release:
    """Build a release from a snapshot of the store, and switch to it."""
    async with connection_to(url) as connection, open_snapshot(connection) as snapshot:
        try:
            return await build_release(snapshot, settings.release_dir)
        except EmptySnapshotError as error:
            raise NothingToReleaseError(
                "release.nothing",
                Label(
                    "还没有入库的数据，无可发布：请先 baogong feed ingest。",
                    "nothing is promoted yet: run baogong feed ingest first",
                ),
            ) from error


async def _release(settings: Settings) -> Release:
    async with ready_database(settings) as url, on_record(settings, url, "publish.release"):
        return await make_release(settings, url)
