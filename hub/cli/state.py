"""`baogong state`: what this hub knows, to be compared with another."""

from dataclasses import asdict
from typing import Annotated

import typer

from hub.cli.listing import err, out, print_json, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.config import Settings
from hub.ingest.landing import Landing
from hub.ingest.state import StateDigest, state_digest

app = typer.Typer(no_args_is_help=True, help="系统状态 The state of this hub.")


@app.callback()
def state() -> None:
    """系统状态 The state of this hub."""


@app.command()
def digest(
    with_times: Annotated[
        bool,
        typer.Option(
            "--with-times",
            help="连同入库等时间一并比较，用于核对备份或副本 Compare recorded times too: for a backup or replica.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")] = False,
) -> None:
    """状态摘要：两套系统所知相同则摘要相同 One SHA-256 of all this hub knows; status 1 if landed bytes are missing."""
    found = run(_digest(read_settings(), with_times=with_times))
    if as_json:
        print_json(asdict(found))
    else:
        tables = [asdict(table) for table in found.tables]
        show(
            tables,
            {"name": "表 table", "rows": "行 rows", "sha256": "SHA-256"},
            as_json=False,
            empty="空 empty",
        )
        out.print(f"状态摘要 state {found.sha256}", highlight=False)
        for missing in found.missing:
            err.print(f"✗ 原始文件缺失或损坏 bytes missing or damaged: {missing}", style="red")
    if found.missing:
        raise typer.Exit(1)


async def _digest(settings: Settings, *, with_times: bool) -> StateDigest:
    async with ready_database(settings) as url, connection_to(url) as connection:
        return await state_digest(connection, Landing(settings.landing_dir), with_times=with_times)
