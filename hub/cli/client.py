"""`baogong client`: systems that may ask for tokens."""

from typing import Annotated

import typer

from hub.access.clients import Client, new_client
from hub.access.store import ClientExistsError, insert_client
from hub.cli.listing import err, out, print_json
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import system_clock
from schema.scopes import READ_SCOPES, Scope

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="客户端 Clients: systems that may ask for tokens."
)


@app.callback()
def clients() -> None:
    """客户端 Clients."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="名称，例如部门与系统 What it is: department and system.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="权限，可多次 Scope, may be repeated; none: all that read.")
    ] = None,
    client_id: Annotated[
        str | None, typer.Option(help="客户端编号，缺省自动生成 Client id; default made.")
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(
            help="可推送其数据的发送方，与 feed:write 同用 Whose data it may push; goes with feed:write."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")] = False,
) -> None:
    """登记客户端；密钥只显示这一次 Add a client; its secret is shown this once."""
    try:
        client, secret = new_client(name, scope or READ_SCOPES, system_clock(), client_id, sender)
        run(_add(client))
    except (ValueError, ClientExistsError) as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error
    record = {
        "client_id": client.client_id,
        "client_secret": secret,
        "name": client.name,
        "scopes": sorted(client.scopes),
        "sender": client.sender_code,
    }
    if as_json:
        print_json(record)
        return
    for key, value in record.items():
        if value is None:
            continue
        shown = " ".join(value) if isinstance(value, list) else value
        out.print(f"{key:14} {shown}", markup=False, highlight=False, soft_wrap=True)
    out.print("请妥善保存密钥，系统只存其摘要 Keep the secret: the hub has only its hash.")


async def _add(client: Client) -> None:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        await insert_client(connection, client)
