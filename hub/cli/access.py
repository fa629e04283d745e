"""`baogong access`: changes of access that wait for a second person, and those that were decided."""

from typing import Annotated

import typer

from hub.access import change_store
from hub.access.administration import Outcome
from hub.cli.acting import By, Reason, acting
from hub.cli.feed import AsJson
from hub.cli.listing import Record, out, print_json, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from schema.roles import roles
from schema.scopes import Scope

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="权限变更：一人提出、另一人批准 Changes of access: one person proposes, another approves.",
)
_Number = Annotated[int, typer.Argument(help="变更编号 Number of the change.")]


@app.command("list")
def list_all(
    pending: Annotated[bool, typer.Option(help="只列待批的 Only those that wait.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="最多几条 At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """列出权限变更，新的在前 List changes of access, newest first."""
    show(
        run(_list("pending" if pending else None, limit)),
        {
            "id": "编号 no.",
            "change_kind_code": "类别 kind",
            "subject_code": "对象 subject",
            "state_code": "状态 state",
            "proposed_by": "提出人 by",
            "reason": "理由 reason",
            "proposed_at": "时间 at",
            "decided_by": "审批人 decided by",
            "content": "内容 content",
        },
        as_json=as_json,
        empty="没有权限变更 no changes of access",
    )


@app.command()
def approve(number: _Number, reason: Reason = None, by: By = None, as_json: AsJson = False) -> None:
    """批准他人提出的变更 Approve what somebody else proposed."""
    print_outcome(run(_decide(number, by, reason, approve=True)), as_json=as_json)


@app.command()
def reject(number: _Number, reason: Reason = None, by: By = None, as_json: AsJson = False) -> None:
    """否决变更 Let a proposal come to nothing."""
    print_outcome(run(_decide(number, by, reason, approve=False)), as_json=as_json)


@app.command("roles")
def list_roles(as_json: AsJson = False) -> None:
    """列出角色及其权限 List the roles and what each opens."""
    show(
        [
            {
                "role": role.code,
                "label": str(role.label),
                "bound": role.bound,
                "scopes": " ".join(sorted(role.scopes)),
            }
            for role in roles().values()
        ],
        {"role": "角色 role", "label": "名称 name", "bound": "范围 bound to", "scopes": "权限 scopes"},
        as_json=as_json,
        empty="",
    )


def print_outcome(outcome: Outcome, *, as_json: bool, **more: str | None) -> None:
    """Tell what became of a change, and what is shown only this once."""
    record = {"change": outcome.change_id, "state": outcome.state, "grant": outcome.grant_id, **more}
    shown = {key: value for key, value in record.items() if value is not None}
    if as_json:
        print_json(shown)
        return
    for key, value in shown.items():
        out.print(f"{key:14} {value}", markup=False, highlight=False, soft_wrap=True)
    out.print(_TOLD[outcome.state], highlight=False)


_TOLD = {
    "pending": "待另一人批准 Waits for another person: baogong access approve.",
    "at_once": "已即时生效 It took effect at once.",
    "approved": "已批准生效 It takes effect.",
    "rejected": "已否决 It comes to nothing.",
}


async def _decide(number: int, by: str | None, reason: str | None, *, approve: bool) -> Outcome:
    async with acting(by, reason, Scope.ACCESS_APPROVE) as now:
        decide = now.administration.approve if approve else now.administration.reject
        return await decide(number, now.actor)


async def _list(state: str | None, limit: int) -> list[Record]:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return list(await change_store.list_changes(connection, state, limit))
