"""`baogong sender`: who sends under which code, and where they are registered."""

from typing import Annotated

import typer

from hub.access.sender_store import list_senders
from hub.cli.access import print_outcome
from hub.cli.acting import By, Reason
from hub.cli.listing import show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.cli.standing import propose

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
    by: By = None,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """登记发送方，或改变登记；安装期后须另一人批准 Register a sender, or anew; needs a second person."""
    given = {"kind": "sender_set", "holder": code, "name": name, "region": region, "uscc": uscc}
    outcome, _ = run(propose(given, by, reason))
    print_outcome(outcome, as_json=as_json, sender=code)


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


async def _list() -> list[dict[str, object]]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await list_senders(connection)
