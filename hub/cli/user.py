"""`baogong user`: people who may sign in."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer

from hub.access.account_store import fetch_accounts
from hub.access.accounts import Account
from hub.access.holders import HolderKind
from hub.access.person_grants import account_record
from hub.cli.access import print_outcome
from hub.cli.acting import By, Reason
from hub.cli.listing import out, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.cli.standing import Organization, Region, Roles, Scopes, propose, standing, take_away

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]
UserName = Annotated[str, typer.Argument(help="用户名 User name.")]

app = typer.Typer(no_args_is_help=True, add_completion=False, help="账号 Accounts: people who may sign in.")


@app.callback()
def users() -> None:
    """账号 Accounts."""


@app.command()
def add(
    user_name: UserName,
    display_name: Annotated[str, typer.Option("--name", help="姓名 The person's name.")],
    organization_name: Annotated[str, typer.Option("--at", help="单位 The person's organisation.")],
    role: Roles = None,
    scope: Scopes = None,
    region: Region = None,
    organization: Organization = None,
    oidc_subject: Annotated[
        str | None,
        typer.Option(
            help="身份提供方中的标识（sub），不设密码 The person's sub at the OpenID provider: no password."
        ),
    ] = None,
    by: By = None,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """登记账号，安装期后须另一人批准；初始密码只显示这一次 Add an account; its first password is shown this once."""
    given = {
        "kind": "account_add",
        "holder": user_name,
        "display_name": display_name,
        "organization_name": organization_name,
        "oidc_subject": oidc_subject,
        "standing": standing(role, scope, region, organization),
    }
    outcome, initial = run(propose(given, by, reason))
    print_outcome(outcome, as_json=as_json, user_name=user_name, initial_password=initial)
    if initial is not None and not as_json:
        out.print(_HAND_OVER)


@app.command("set")
def set_standing(
    user_name: UserName,
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
        "kind": "account_set",
        "holder": user_name,
        "standing": standing(role, scope, region, organization),
    }
    outcome, _ = run(propose(given, by, reason))
    print_outcome(outcome, as_json=as_json, user_name=user_name)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """列出账号 List the accounts, the disabled ones too."""
    accounts = run(_with_database(fetch_accounts))
    show(
        [_listed(each) for each in accounts],
        {
            "user_name": "用户名 user",
            "display_name": "姓名 name",
            "organization_name": "单位 at",
            "region": "辖区 region",
            "organization": "机构 organisation",
            "roles": "角色 roles",
            "scopes": "权限 scopes",
            "second_factor": "验证器 second factor",
            "disabled_at": "停用于 disabled",
        },
        as_json=as_json,
        empty="没有账号 no accounts",
    )


def _listed(account: Account) -> dict[str, Any]:
    return {
        **account_record(account),
        "roles": " ".join(sorted(account.roles)),
        "scopes": " ".join(sorted(account.scopes)),
        "oidc_subject": account.oidc_subject,
        "second_factor": account.has_totp,
        "recovery_codes_left": account.recovery_codes_left,
        "password_is_initial": account.password_is_initial,
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
    }


@app.command("disable")
def disable_user(user_name: UserName, by: By = None, reason: Reason = None, as_json: AsJson = False) -> None:
    """停用账号，即时生效；所有登录随即结束 Disable an account, at once; whatever it is signed in to ends."""
    print_outcome(run(take_away(HolderKind.ACCOUNT, user_name, by, reason)), as_json=as_json)


@app.command("password")
def reset_password(
    user_name: UserName, by: By = None, reason: Reason = None, as_json: AsJson = False
) -> None:
    """重设为一次性初始密码，安装期后须另一人批准 Make a new first password; needs a second person."""
    given = {"kind": "account_reset", "holder": user_name, "password": True}
    outcome, initial = run(propose(given, by, reason))
    print_outcome(outcome, as_json=as_json, user_name=user_name, initial_password=initial)
    if not as_json:
        out.print(_HAND_OVER)


@app.command("totp-reset")
def reset_second_factor(
    user_name: UserName, by: By = None, reason: Reason = None, as_json: AsJson = False
) -> None:
    """解除验证器，下次登录重新绑定，安装期后须另一人批准 Forget the second factor; needs a second person."""
    given = {"kind": "account_reset", "holder": user_name, "second_factor": True}
    outcome, _ = run(propose(given, by, reason))
    print_outcome(outcome, as_json=as_json, user_name=user_name)


_HAND_OVER = (
    "初始密码请当面交给本人：七天内首次登录时须改密码并绑定验证器。"
    " Hand it over in person: at the first sign-in, within seven days, it is replaced,"
    " and a second factor enrolled."
)


async def _with_database(work: Callable[..., Awaitable[Result]], *arguments: Any) -> Result:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await work(connection, *arguments)
