"""`baogong client`: systems that may ask for tokens."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hub.access.clients import Client, new_client
from hub.access.signatures import import_key
from hub.access.store import ClientExistsError, insert_client, insert_key, list_keys, revoke_key
from hub.cli.listing import err, out, print_json, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import system_clock
from schema.reach import Reach, owners_of
from schema.regions import complete_code
from schema.scopes import READ_SCOPES, Scope

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="客户端 Clients: systems that may ask for tokens."
)


key = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="客户端的签名公钥 Public keys by which clients sign what they push.",
)
app.add_typer(key, name="key")


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
    region: Annotated[
        str | None, typer.Option(help="辖区区划代码，全国为 000000 Division whose rows it sees; 000000: all.")
    ] = None,
    organization: Annotated[
        list[str] | None,
        typer.Option(help="只看本机构数据，如 sender:chain-a，可多次 Only rows of this organisation."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """登记客户端；密钥只显示这一次 Add a client; its secret is shown this once."""
    try:
        client, secret = new_client(
            name, scope or READ_SCOPES, _reach(region, organization), system_clock(), client_id, sender
        )
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
        "region": client.reach.region_code,
        "organization": None if client.reach.owners is None else sorted(map(str, client.reach.owners)),
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


def _reach(region: str | None, organization: list[str] | None) -> Reach:
    """The rows a client may see, which has to be said. Raises ValueError."""
    if (region is None) == (not organization):
        raise ValueError(
            "须以 --region（全国为 000000）或 --organization 说明可见的数据行"
            " / say which rows it sees: --region or --organization"
        )
    return Reach(complete_code(region)) if region else Reach(None, owners_of(organization or []))


@key.command("add")
def add_key(
    client_id: Annotated[str, typer.Argument(help="客户端编号 Client id.")],
    path: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="PEM 公钥文件 File of a public key in PEM.")
    ],
    as_json: AsJson = False,
) -> None:
    """登记公钥；此后该客户端推送须签名（RFC 9421） Add a key; from then on the client must sign its pushes."""
    try:
        key_id, pem = import_key(path.read_bytes())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if not run(_with_database(insert_key, client_id, key_id, pem, system_clock())):
        _fail(f"没有客户端 {client_id}，或公钥已登记过 no such client, or the key is known already")
    if as_json:
        print_json({"client_id": client_id, "key_id": key_id})
    else:
        out.print(f"key_id         {key_id}", markup=False, highlight=False, soft_wrap=True)


@key.command("list")
def list_all(as_json: AsJson = False) -> None:
    """列出公钥 List the keys, the revoked ones too."""
    show(
        run(_with_database(list_keys)),
        {
            "key_id": "公钥编号 key",
            "client_id": "客户端 client",
            "created_at": "登记于 added",
            "revoked_at": "吊销于 revoked",
        },
        as_json=as_json,
        empty="没有登记公钥 no keys",
    )


@key.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="公钥编号 Key id.")]) -> None:
    """吊销公钥；该客户端没有别的公钥时不能再推送 Revoke a key; without another one the client cannot push any more."""
    if not run(_with_database(revoke_key, key_id, system_clock())):
        _fail(f"没有公钥 no key {key_id}")
    out.print(f"已吊销 revoked {key_id}", markup=False, highlight=False, soft_wrap=True)


def _fail(message: str) -> None:
    err.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


async def _with_database(work: Callable[..., Awaitable[Result]], *arguments: Any) -> Result:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await work(connection, *arguments)


async def _add(client: Client) -> None:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        await insert_client(connection, client)
