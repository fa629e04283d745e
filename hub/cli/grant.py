"""`baogong grant`: conditional sharing, for a purpose, by an approval document, until a day."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from hub.access.administration import Outcome, understood
from hub.access.grant_store import list_grants
from hub.access.holders import HolderKind
from hub.cli.access import print_outcome
from hub.cli.acting import By, Reason, acting
from hub.cli.feed import AsJson
from hub.cli.listing import Record, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import system_clock
from schema.scopes import Scope

_CHINA = ZoneInfo("Asia/Shanghai")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="有条件共享授权 Grants: what somebody may see beyond their roles, for a purpose and a time.",
)


@app.command()
def add(
    holder: Annotated[str, typer.Argument(help="客户端编号或用户名 Client id or user name.")],
    scope: Annotated[list[Scope], typer.Option(help="开放的读取权限，可多次 Scope it opens.")],
    purpose: Annotated[str, typer.Option(help="用途 What for.")],
    document: Annotated[str, typer.Option(help="批准文件 Document of the approval.")],
    until: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="到期日（中国时间当日 24 时止） Last day, in China."),
    ],
    reason: Reason = None,
    person: Annotated[bool, typer.Option(help="授予人员而非系统 To a person, not a client.")] = False,
    region: Annotated[
        str | None, typer.Option(help="开放哪个辖区的数据行；不写则仍限本来的范围 Whose rows; none: its own.")
    ] = None,
    organization: Annotated[
        list[str] | None, typer.Option(help="或哪个机构的数据行，可多次 Or whose organisation's.")
    ] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """授予；之后以 scope=grant:编号 申请令牌 Grant; tokens under it are asked for with scope=grant:N."""
    given: dict[str, object] = {
        "kind": "grant_add",
        "holder_kind": HolderKind.ACCOUNT if person else HolderKind.CLIENT,
        "holder": holder,
        "scopes": scope,
        "purpose": purpose,
        "approval_document": document,
        "expires_at": until.replace(hour=23, minute=59, second=59, tzinfo=_CHINA),
        "region": region,
        "organization": organization or None,
    }
    print_outcome(run(_add(given, by, reason)), as_json=as_json)


@app.command("list")
def list_all(
    everything: Annotated[
        bool, typer.Option("--all", help="含到期与收回的 Those that are over too.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="最多几条 At most so many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """列出授权 List grants that stand, newest first."""
    show(
        run(_list(limit, everything=everything)),
        {
            "id": "编号 no.",
            "holder_code": "持有者 holder",
            "scopes": "权限 scopes",
            "region_code": "辖区 region",
            "owners": "机构 organisation",
            "purpose": "用途 purpose",
            "approval_document": "批准文件 document",
            "expires_at": "到期 expires",
            "revoked_at": "收回 revoked",
        },
        as_json=as_json,
        empty="没有授权 no grants",
    )


@app.command()
def revoke(
    number: Annotated[int, typer.Argument(help="授权编号 Number of the grant.")],
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """收回授权，即时生效 Take a grant back, at once."""
    print_outcome(run(_revoke(number, by, reason)), as_json=as_json)


async def _add(given: dict[str, object], by: str | None, reason: str | None) -> Outcome:
    async with acting(by, reason, Scope.ACCESS_PROPOSE) as now:
        return await now.administration.propose(understood(given, system_clock()), now.actor)


async def _revoke(number: int, by: str | None, reason: str | None) -> Outcome:
    async with acting(by, reason, Scope.ACCESS_PROPOSE, Scope.ACCESS_APPROVE) as now:
        return await now.administration.revoke(number, now.actor)


async def _list(limit: int, *, everything: bool) -> list[Record]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return list(await list_grants(connection, system_clock(), limit, all_of_them=everything))
