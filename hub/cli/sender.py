"""`baogong sender`: who sends under which code, and where they are registered."""

from typing import Annotated

import typer

from hub.cli.listing import err, out, print_json, show
from hub.cli.on_record import on_record
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.ingest.sender_store import is_division, list_senders, register_senders
from schema.entities import Sender
from schema.identifiers import IdentifierError, check_uscc
from schema.regions import complete_code

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="发送方登记 Registry of senders: the division where rows belong that tell none themselves.",
)


@app.callback()
def senders() -> None:
    """发送方登记 Registry of senders."""


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="发送方代码 Sender code, as in deliveries.")],
    name: Annotated[str, typer.Argument(help="名称 Name.")],
    region: Annotated[
        str | None, typer.Option(help="登记区划代码，全国为 000000 Division it is registered in.")
    ] = None,
    uscc: Annotated[str | None, typer.Option(help="统一社会信用代码 Unified social credit code.")] = None,
    as_json: AsJson = False,
) -> None:
    """登记发送方；已登记者以本次为准 Register a sender, or register it anew."""
    try:
        sender = Sender(
            code=code,
            name=name,
            region_code=None if region is None else complete_code(region),
            uscc=None if uscc is None else check_uscc(uscc),
        )
    except IdentifierError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error
    if not run(_add(sender)):
        err.print(f"没有区划 {region} no such division", style="red", markup=False)
        raise typer.Exit(1)
    if as_json:
        print_json(sender.model_dump())
    else:
        out.print(
            f"已登记 registered {code}：{sender.region_code or '区划不明 division unknown'}",
            markup=False,
            highlight=False,
        )


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """列出已登记的发送方 List the senders on record."""
    show(
        run(_list()),
        {
            "code": "代码 code",
            "name": "名称 name",
            "region_code": "区划 division",
            "region_name": "",
            "uscc": "统一社会信用代码 USCC",
        },
        as_json=as_json,
        empty="没有登记的发送方：其数据归不到任何区划 no senders on record: their rows are of no division",
    )


async def _add(sender: Sender) -> bool:
    settings = read_settings()
    about = sender.model_dump(mode="json")
    async with (
        ready_database(settings) as url,
        connection_to(url) as connection,
        on_record(settings, url, "sender.add", **about),
    ):
        if sender.region_code is not None and not await is_division(connection, sender.region_code):
            return False
        await register_senders(connection, [sender])
        return True


async def _list() -> list[dict[str, object]]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await list_senders(connection)
