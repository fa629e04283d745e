"""People who may sign in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.access.apps import APPS
from schema.reach import Reach
from schema.scopes import WRITE_SCOPES, Scope

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
MAX_NAME = 100
#: for so long somebody may sign in with a password that another made
INITIAL_PASSWORD_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; a row of `account`, without its secrets."""

    user_name: str
    display_name: str
    #: what people call the person's organisation
    organization_name: str
    #: what the person may do; the one place: roles are turned into it
    scopes: frozenset[str]
    #: which rows the person may see
    reach: Reach
    #: UTC
    created_at: datetime
    #: made by somebody else, to be replaced at the first sign-in
    password_is_initial: bool
    #: UTC
    password_changed_at: datetime
    #: whether a second factor is enrolled
    has_totp: bool = False
    recovery_codes_left: int = 0
    #: `sub` at the OpenID provider
    oidc_subject: str | None = None
    #: UTC; from then on nothing is issued
    disabled_at: datetime | None = None

    def initial_password_expired(self, now: datetime) -> bool:
        """Whether the password that was handed over has been left lying too long."""
        return self.password_is_initial and now - self.password_changed_at > INITIAL_PASSWORD_LIFETIME


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves that a person is who they say; stays in `hub.access`."""

    account: Account
    password_hash: str | None = field(repr=False)
    totp_sealed: bytes | None = field(repr=False)
    totp_last_step: int | None
    recovery_digests: list[bytes] = field(repr=False)


def new_account(
    user_name: str,
    display_name: str,
    organization_name: str,
    scopes: Iterable[str],
    reach: Reach,
    now: datetime,
    oidc_subject: str | None = None,
) -> Account:
    """An account that is not stored yet. Raises ValueError for what cannot be."""
    if not USER_NAME.fullmatch(user_name) or user_name in APPS:
        raise ValueError(
            "用户名为 2 至 32 个小写字母、数字和 . _ -"
            f" / a user name is 2 to 32 lower-case letters, digits, dots, dashes: {user_name!r}"
        )
    for text in (display_name, organization_name):
        if not text.strip() or len(text) > MAX_NAME or not text.isprintable():
            raise ValueError(f"姓名或机构为空、过长或含不可见字符 / not a name: {text!r}")
    wanted = frozenset(str(scope) for scope in scopes)
    if unknown := wanted - {str(scope) for scope in Scope}:
        raise ValueError(f"没有这样的权限范围 / no such scope: {', '.join(sorted(unknown))}")
    if wanted & WRITE_SCOPES:
        raise ValueError("推送数据只能用客户端 / only a client may push")
    return Account(
        user_name=user_name,
        display_name=display_name,
        organization_name=organization_name,
        scopes=wanted,
        reach=reach,
        created_at=now,
        password_is_initial=True,
        password_changed_at=now,
        oidc_subject=oidc_subject,
    )
