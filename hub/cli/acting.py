"""Who acts on the command line: somebody who signs in, or whoever installs the hub while nobody can approve yet."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from hub.access.accounts import Account
from hub.access.administration import Actor, Administration
from hub.access.entitlement import held_scopes
from hub.access.events import Record
from hub.access.sealing import load_or_create_seal
from hub.access.sign_in import Attempt, SignIn, Step
from hub.access.sign_in_errors import SignInError
from hub.audit.access_events import access_recorder
from hub.audit.entry import Transport
from hub.audit.opening import open_audit
from hub.cli.runtime import connection_to, read_settings, ready_database
from hub.clock import system_clock
from hub.config import Settings
from hub.db.pool import open_pool
from hub.errors import ActingError
from hub.ingest.people import person
from schema.declare import Label
from schema.scopes import Scope

By = Annotated[
    str | None,
    typer.Option(
        "--by", help="以谁的账号办理，会要求登录；安装期可不写 Whose account acts; asks to sign in."
    ),
]
Reason = Annotated[
    str | None, typer.Option("--reason", help="理由，必填；安装期可不写 Why; needed but while installing.")
]

_INSTALLER = "安装 installation"
_ADDRESS = "command line"


@dataclass(frozen=True, slots=True)
class Acting:
    """An administration, and who acts."""

    administration: Administration
    actor: Actor


@asynccontextmanager
async def acting(by: str | None, reason: str | None, *any_of: Scope) -> AsyncIterator[Acting]:
    """An administration for somebody who holds one of these scopes. Raises ActingError, RefusedActError."""
    settings = read_settings()
    async with (
        ready_database(settings) as url,
        connection_to(url) as connection,
        open_audit(settings, url, system_clock) as audit,
    ):
        record = access_recorder(audit, Transport.COMMAND)
        administration = Administration(connection, system_clock, record)
        if not await administration.is_installed():
            who = person(by or _INSTALLER, reason or _INSTALLER)
        else:
            account = await _signed_in(settings, url, by, record)
            if not held_scopes(account) & frozenset(any_of):
                raise _refused(
                    f"{account.user_name} 没有权限 {' 或 '.join(any_of)}。",
                    f"{account.user_name} does not hold {' or '.join(any_of)}",
                )
            who = person(account.user_name, reason or "")
        yield Acting(administration, Actor(who.name, who.reason))


async def _signed_in(settings: Settings, url: str, by: str | None, record: Record) -> Account:
    """The account of whoever acts, with password and one-time code. Raises ActingError."""
    if by is None:
        raise _refused("须以 --by 写明办理人的账号。", "say with --by whose account acts")
    pool = await open_pool(url, 2)
    try:
        seal = load_or_create_seal(settings.key_dir)
        idle, lifetime = settings.sign_in_idle, settings.sign_in_lifetime
        sign_in = SignIn(pool, seal, system_clock, record, idle, lifetime)
        attempt = Attempt(_ADDRESS, None)
        session = await sign_in.session(await sign_in.password(by, _asked("密码 Password"), attempt))
        if session is None or session.step is not Step.SECOND_FACTOR:
            raise _refused(
                f"{by} 须先在网页上登录一次，设定密码与验证器。",
                f"{by} has to sign in once in the browser first, to set password and second factor",
            )
        await sign_in.second_factor(session, _asked("验证码 One-time code"), attempt)
        await sign_in.end(session, attempt)
    except SignInError as error:
        raise ActingError(error.reason.code, error.reason.message) from error
    else:
        return session.account
    finally:
        await pool.close()


def _asked(prompt: str) -> str:
    """What somebody types unseen; a line of standard input where that is no terminal."""
    if sys.stdin.isatty():
        answer: str = typer.prompt(prompt, hide_input=True, err=True)
        return answer
    return sys.stdin.readline().rstrip("\n")


def _refused(zh: str, en: str) -> ActingError:
    return ActingError("access.acting", Label(zh, en))
