"""What a token may hold: the scopes of its holder's roles, their own, and those of the grant it is asked under."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schema.reach import Reach
from schema.roles import scopes_of, shared_scopes

#: how a client asks for a token under a grant, among the scopes it asks for
_GRANT = re.compile(r"grant:([1-9][0-9]{0,8})")


class NotEntitledError(Exception):
    """What is asked for is more than the holder has, or a grant that is not theirs, is over or was taken back."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Conditional sharing: what somebody may see beyond their roles, for a purpose, by an approval, for a time."""

    id: int
    scopes: frozenset[str]
    #: whose rows, where the grant is for others than the holder's own
    reach: Reach | None
    purpose: str
    approval_document: str
    #: UTC
    expires_at: datetime


class Holder(Protocol):
    """Who may have tokens: a client or a person."""

    @property
    def roles(self) -> frozenset[str]:
        """Codes of roles."""
        ...

    @property
    def scopes(self) -> frozenset[str]:
        """What it has beside its roles."""
        ...

    @property
    def reach(self) -> Reach:
        """Whose rows it sees."""
        ...

    @property
    def grants(self) -> Sequence[Grant]:
        """Grants that have not been taken back; expired ones too."""
        ...


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What goes into a token."""

    scopes: frozenset[str]
    reach: Reach
    grants: tuple[int, ...] = ()
    #: when the token has to be over at the latest, UTC
    not_after: datetime | None = None


def held_scopes(holder: Holder) -> frozenset[str]:
    """All that a holder has without a grant."""
    return holder.scopes | {scope.value for scope in scopes_of(holder.roles)}


def entitlement(holder: Holder, asked: frozenset[str], now: datetime) -> Entitlement:
    """What a token for these scopes holds; none asked for: all there is. Raises NotEntitledError.

    `grant:<id>` among them asks under a grant: its scopes are added to the holder's. A grant of others' rows gives a
    token for these rows, with its own scopes and those that all departments share: what the holder may do at home
    it may not do there. One grant at a time, since each has its own purpose.
    """
    named = [_GRANT.fullmatch(scope) for scope in asked]
    numbers = [int(match[1]) for match in named if match]
    wanted = frozenset(scope for scope in asked if not _GRANT.fullmatch(scope))
    has = (
        _with(holder, _grant(holder, numbers, now))
        if numbers
        else Entitlement(held_scopes(holder), holder.reach)
    )
    if not wanted <= has.scopes:
        raise NotEntitledError
    return Entitlement(wanted or has.scopes, has.reach, has.grants, has.not_after)


def is_grant(scope: str) -> bool:
    """Whether a scope asks under a grant, rather than for something."""
    return _GRANT.fullmatch(scope) is not None


def within(holder: Holder, asked: frozenset[str], now: datetime) -> frozenset[str]:
    """What of the scopes asked for a person has: applications ask for all they could use. A grant is all or nothing."""
    grants = frozenset(filter(is_grant, asked))
    try:
        has = entitlement(holder, grants, now).scopes
    except NotEntitledError:
        return frozenset()
    return frozenset() if not asked & has else (asked & has) | grants


def _grant(holder: Holder, numbers: Sequence[int], now: datetime) -> Grant:
    found = [grant for grant in holder.grants if grant.id in numbers and now < grant.expires_at]
    if len(numbers) != 1 or len(found) != 1:
        raise NotEntitledError
    return found[0]


def _with(holder: Holder, grant: Grant) -> Entitlement:
    home = held_scopes(holder)
    if grant.reach is None:
        return Entitlement(home | grant.scopes, holder.reach, (grant.id,), grant.expires_at)
    return Entitlement((home & shared_scopes()) | grant.scopes, grant.reach, (grant.id,), grant.expires_at)
