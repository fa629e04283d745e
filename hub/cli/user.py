"""`baogong user`: people who may sign in."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer

from hub.access.account_acts import add_account, disable, reset_password, reset_second_factor
from hub.access.account_store import AccountExistsError, fetch_accounts
from hub.access.accounts import Account, new_account
from hub.access.events import log_nothing
from hub.access.person_grants import account_record
from hub.cli.listing import err, out, print_json, show
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import system_clock
from schema.reach import Reach, owners_of
from schema.regions import complete_code
from schema.scopes import READ_SCOPES, Scope

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
    scope: Annotated[
        list[Scope] | None, typer.Option(help="权限，可多次 Scope, may be repeated; none: all that read.")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(help="辖区区划代码，全国为 000000 Division whose rows are seen; 000000: all."),
    ] = None,
    organization: Annotated[
        list[str] | None,
        typer.Option(help="只看本机构数据，如 sender:chain-a，可多次 Only rows of this organisation."),
    ] = None,
    oidc_subject: Annotated[
        str | None, typer.Option(help="身份提供方中的标识（sub） The person's sub at the OpenID provider.")
    ] = None,
    password: Annotated[
        bool, typer.Option(help="是否设初始密码 Whether to make an initial password.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """登记账号；初始密码只显示这一次 Add an account; its initial password is shown this once."""
    try:
        account = new_account(
            user_name,
            display_name,
            organization_name,
            scope or READ_SCOPES,
            _reach(region, organization),
            system_clock(),
            oidc_subject,
        )
        if not password and oidc_subject is None:
            raise ValueError("不设密码时须写明 --oidc-subject / without a password, give --oidc-subject")  # noqa: TRY301
        initial = run(_with_database(_add, account, password))
    except (ValueError, AccountExistsError) as error:
        text = "用户名或标识已被占用 taken already: " if isinstance(error, AccountExistsError) else ""
        err.print(f"{text}{error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    _print_secret({**account_record(account), "scopes": sorted(account.scopes)}, initial, as_json=as_json)


async def _add(connection: Any, account: Account, with_password: bool) -> str | None:
    return await add_account(connection, account, log_nothing, with_password=with_password)


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
        "scopes": " ".join(sorted(account.scopes)),
        "oidc_subject": account.oidc_subject,
        "second_factor": account.has_totp,
        "recovery_codes_left": account.recovery_codes_left,
        "password_is_initial": account.password_is_initial,
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
    }


@app.command("disable")
def disable_user(user_name: UserName) -> None:
    """停用账号；所有登录随即结束 Disable an account; whatever it is signed in to ends."""
    run(_with_database(disable, user_name, system_clock(), log_nothing))
    out.print(f"已停用 disabled {user_name}", markup=False, highlight=False)


@app.command("password")
def password_of(user_name: UserName, as_json: AsJson = False) -> None:
    """重设为一次性初始密码；所有登录随即结束 Make a new initial password; whatever is signed in ends."""
    initial = run(_with_database(reset_password, user_name, system_clock(), log_nothing))
    _print_secret({"user_name": user_name}, initial, as_json=as_json)


@app.command("totp-reset")
def totp_reset(user_name: UserName) -> None:
    """解除验证器，下次登录重新绑定 Forget the second factor: the next sign-in enrols anew."""
    run(_with_database(reset_second_factor, user_name, system_clock(), log_nothing))
    out.print(f"已解除 reset {user_name}", markup=False, highlight=False)


def _print_secret(record: dict[str, Any], initial: str | None, *, as_json: bool) -> None:
    record = record | ({} if initial is None else {"initial_password": initial})
    if as_json:
        print_json(record)
        return
    for key, value in record.items():
        if value is not None:
            shown = " ".join(value) if isinstance(value, list) else value
            out.print(f"{key:18} {shown}", markup=False, highlight=False, soft_wrap=True)
    if initial is not None:
        out.print(
            "请当面交给本人：七天内首次登录时须改密码并绑定验证器。"
            " Hand it over in person: at the first sign-in, within seven days, it is replaced,"
            " and a second factor enrolled."
        )


def _reach(region: str | None, organization: list[str] | None) -> Reach:
    """The rows a person may see, which has to be said. Raises ValueError."""
    if (region is None) == (not organization):
        raise ValueError(
            "须以 --region（全国为 000000）或 --organization 说明可见的数据行"
            " / say which rows are seen: --region or --organization"
        )
    return Reach(complete_code(region)) if region else Reach(None, owners_of(organization or []))


async def _with_database(work: Callable[..., Awaitable[Result]], *arguments: Any) -> Result:
    async with ready_database(read_settings()) as url, connection_to(url) as connection:
        return await work(connection, *arguments)
