"""`baogong client`: systems that may ask for tokens."""

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hub.access.clients import Client
from hub.access.holders import HolderKind
from hub.access.signatures import import_key
from hub.access.store import fetch_clients, insert_key, list_keys, revoke_key
from hub.cli.access import print_outcome
from hub.cli.acting import By, Reason
from hub.cli.listing import err, out, print_json, show
from hub.cli.on_record import on_record
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.cli.standing import Organization, Region, Roles, Scopes, propose, standing, take_away
from hub.clock import system_clock
from schema.scopes import READ_SCOPES

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]
ClientId = Annotated[str, typer.Argument(help="客户端编号 Client id.")]

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
    role: Roles = None,
    scope: Scopes = None,
    region: Region = None,
    organization: Organization = None,
    client_id: Annotated[
        str | None, typer.Option(help="客户端编号，缺省自动生成 Client id; default made.")
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(
            help="可推送其数据的发送方，与 feed.…:write 同用 Whose data it may push; goes with a feed's scope."
        ),
    ] = None,
    bound: Annotated[
        bool,
        typer.Option(
            "--bound",
            help="只发与密钥绑定的令牌（DPoP 或客户端证书） Only tokens bound to a key: DPoP or a certificate.",
        ),
    ] = False,
    by: By = None,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """登记客户端，安装期后须另一人批准；密钥只显示这一次 Add a client; its secret is shown this once.

    不写角色与权限则可读一切无条件开放的数据 Without role and scope it reads all that takes no grant.
    """
    given = {
        "kind": "client_add",
        "holder": secrets.token_hex(8) if client_id is None else client_id,
        "name": name,
        "sender": sender,
        "bound": bound,
        "standing": standing(role, scope or (None if role else sorted(READ_SCOPES)), region, organization),
    }
    outcome, secret = run(propose(given, by, reason))
    print_outcome(outcome, as_json=as_json, client_id=str(given["holder"]), client_secret=secret)
    if not as_json:
        out.print("请妥善保存密钥，系统只存其摘要 Keep the secret: the hub has only its hash.")


@app.command("set")
def set_standing(
    client_id: ClientId,
    role: Roles = None,
    scope: Scopes = None,
    region: Region = None,
    organization: Organization = None,
    by: By = None,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """改变角色与范围，安装期后须另一人批准 Another standing; needs a second person."""
    given = {
        "kind": "client_set",
        "holder": client_id,
        "standing": standing(role, scope, region, organization),
    }
    outcome, _ = run(propose(given, by, reason))
    print_outcome(outcome, as_json=as_json, client_id=client_id)


@app.command("disable")
def disable(client_id: ClientId, by: By = None, reason: Reason = None, as_json: AsJson = False) -> None:
    """停用客户端，即时生效 Disable a client, at once."""
    print_outcome(run(take_away(HolderKind.CLIENT, client_id, by, reason)), as_json=as_json)


@app.command("list")
def list_clients(as_json: AsJson = False) -> None:
    """列出客户端 List the clients, the disabled ones too."""
    show(
        [_listed(each) for each in run(_with_database(fetch_clients))],
        {
            "client_id": "客户端 client",
            "name": "名称 name",
            "roles": "角色 roles",
            "scopes": "另有权限 scopes",
            "region": "辖区 region",
            "organization": "机构 organisation",
            "sender": "发送方 sender",
            "disabled_at": "停用于 disabled",
        },
        as_json=as_json,
        empty="没有客户端 no clients",
    )


def _listed(client: Client) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "name": client.name,
        "roles": " ".join(sorted(client.roles)),
        "scopes": " ".join(sorted(client.scopes)),
        "region": client.reach.region_code,
        "organization": " ".join(client.reach.owner_texts or []),
        "sender": client.sender_code,
        "bound": client.must_bind,
        "created_at": client.created_at,
        "disabled_at": client.disabled_at,
    }


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
    about = {"client": client_id, "key": key_id}
    if not run(_act("client.key.add", about, insert_key, client_id, key_id, pem, system_clock())):
        _fail(f"没有客户端 {client_id}，或公钥已登记过 no such client, or the key is known already")
    if as_json:
        print_json({"client_id": client_id, "key_id": key_id})
    else:
        out.print(f"key_id         {key_id}", markup=False, highlight=False, soft_wrap=True)


@key.command("list")
def list_keys_of_all(as_json: AsJson = False) -> None:
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
    if not run(_act("client.key.revoke", {"key": key_id}, revoke_key, key_id, system_clock())):
        _fail(f"没有公钥 no key {key_id}")
    out.print(f"已吊销 revoked {key_id}", markup=False, highlight=False, soft_wrap=True)


def _fail(message: str) -> None:
    err.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


async def _with_database(work: Callable[..., Awaitable[Result]], *arguments: Any) -> Result:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await work(connection, *arguments)


async def _act(
    act: str, about: dict[str, Any], work: Callable[..., Awaitable[Result]], *arguments: Any
) -> Result:
    settings = read_settings()
    async with (
        ready_database(settings) as url,
        connection_to(url) as connection,
        on_record(settings, url, act, **about),
    ):
        return await work(connection, *arguments)
