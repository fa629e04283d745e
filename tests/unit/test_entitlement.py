"""What a token may hold: roles, scopes of one's own, and grants with a purpose and an end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from hub.access.entitlement import Entitlement, Grant, NotEntitledError, entitlement, held_scopes
from schema.reach import Reach
from schema.roles import scopes_of, shared_scopes

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOME, AWAY = Reach("440000"), Reach("430000")
PRICES, ORDERS = "procurement.price.confidential:read", "procurement.order:read"


@dataclass(frozen=True)
class Somebody:
    """A holder."""

    roles: frozenset[str] = frozenset({"health_commission"})
    scopes: frozenset[str] = frozenset()
    reach: Reach = HOME
    grants: Sequence[Grant] = ()


def grant(number: int = 7, reach: Reach | None = None, scopes: frozenset[str] = frozenset({PRICES})) -> Grant:
    """A grant that is over in a day."""
    return Grant(number, scopes, reach, "调查", "粤短缺〔2026〕1号", NOW + timedelta(days=1))


def test_who_names_no_scope_gets_all_of_roles_and_own() -> None:
    """And the rows of home."""
    somebody = Somebody(scopes=frozenset({"feed.raw:read"}))
    found = entitlement(somebody, frozenset(), NOW)
    expected = frozenset(scope.value for scope in scopes_of(["health_commission"])) | {"feed.raw:read"}
    assert Entitlement(expected, HOME) == found


def test_more_than_one_has_is_refused_whole() -> None:
    """Not trimmed silently."""
    with pytest.raises(NotEntitledError):
        entitlement(Somebody(), frozenset({ORDERS, PRICES}), NOW)


def test_a_grant_opens_nothing_to_who_does_not_ask_under_it() -> None:
    """Each use has its purpose."""
    with pytest.raises(NotEntitledError):
        entitlement(Somebody(grants=[grant()]), frozenset({PRICES}), NOW)


def test_under_a_grant_at_home_its_scopes_are_added() -> None:
    """The token says under which, and ends with it."""
    found = entitlement(Somebody(grants=[grant()]), frozenset({"grant:7", PRICES, ORDERS}), NOW)
    assert (frozenset({PRICES, ORDERS}), HOME, (7,)) == (found.scopes, found.reach, found.grants)
    assert NOW + timedelta(days=1) == found.not_after


def test_a_grant_of_others_rows_brings_no_scope_from_home() -> None:
    """Only what is the same for all goes along."""
    abroad = grant(reach=AWAY, scopes=frozenset({ORDERS}))
    found = entitlement(Somebody(grants=[abroad]), frozenset({"grant:7"}), NOW)
    assert (AWAY, frozenset({ORDERS, *shared_scopes()})) == (
        found.reach,
        found.scopes,
    )
    with pytest.raises(NotEntitledError):
        entitlement(Somebody(grants=[abroad]), frozenset({"grant:7", "pharmacy:read"}), NOW)


@pytest.mark.parametrize("asked", ["grant:8", "grant:07", "grant:-7", "grant:", "grant:7x"])
def test_a_grant_that_is_not_theirs_is_refused(asked: str) -> None:
    """Whatever is written there."""
    with pytest.raises(NotEntitledError):
        entitlement(Somebody(grants=[grant()]), frozenset({asked}), NOW)


def test_an_expired_grant_is_refused() -> None:
    """At its very instant."""
    with pytest.raises(NotEntitledError):
        entitlement(Somebody(grants=[grant()]), frozenset({"grant:7"}), NOW + timedelta(days=1))


def test_two_grants_at_once_are_refused() -> None:
    """Each has a purpose of its own, and an answer has one."""
    somebody = Somebody(grants=[grant(7), grant(8)])
    with pytest.raises(NotEntitledError):
        entitlement(somebody, frozenset({"grant:7", "grant:8"}), NOW)


def test_without_role_and_scope_there_is_nothing() -> None:
    """Deny by default."""
    assert frozenset() == held_scopes(Somebody(roles=frozenset()))
