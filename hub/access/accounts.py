"""People who may sign in."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.access.entitlement import Grant
from schema.reach import Reach

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
#: for so long somebody may sign in with a password that another made
INITIAL_PASSWORD_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; a row of `account`, without its secrets."""

    user_name: str
    display_name: str
    #: what people call the person's organisation
    organization_name: str
    #: what the person may do beside what their roles open
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
    #: codes of `schema/roles.yaml`
    roles: frozenset[str] = frozenset()
    #: those that have not been taken back
    grants: tuple[Grant, ...] = ()

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
