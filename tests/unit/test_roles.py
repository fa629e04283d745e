"""Roles: what each opens, who may hold which together, and where confidential data is opened by role."""

import pytest

from schema.reach import COUNTRY, NOWHERE, Reach, owners_of
from schema.roles import Bound, RoleError, check_roles, roles, scopes_of
from schema.scopes import ADMINISTRATIVE, CONDITIONAL, Scope

CHAIN = Reach(None, owners_of(["sender:chain-a"]))
FITTING = {Bound.REGION: COUNTRY, Bound.ORGANIZATION: CHAIN, Bound.NOTHING: NOWHERE}
ADMINISTRATORS = ["system_administrator", "security_officer", "auditor"]


@pytest.mark.parametrize("code", roles())
def test_a_role_is_held_with_the_reach_it_is_bound_to_and_no_other(code: str) -> None:
    """A department has a division, an organisation its own rows, an administrator neither."""
    bound = roles()[code].bound
    check_roles([code], FITTING[bound])
    for other, reach in FITTING.items():
        if other is not bound:
            with pytest.raises(RoleError):
                check_roles([code], reach)


@pytest.mark.parametrize("one", ADMINISTRATORS)
@pytest.mark.parametrize("other", [*ADMINISTRATORS, "health_commission", "pharmacy"])
def test_an_administrator_holds_no_second_role(one: str, other: str) -> None:
    """Separation of duties, whatever the other role is."""
    if one != other:
        with pytest.raises(RoleError, match="互斥"):
            check_roles([one, other], NOWHERE)


def test_departments_may_hold_several_roles() -> None:
    """In a county one office may do the work of two."""
    check_roles(["health_commission", "drug_regulator"], Reach("440106"))
    both = scopes_of(["health_commission", "drug_regulator"])
    assert {Scope.PROCUREMENT_ORDER_READ, Scope.FEED_RAW_READ} <= both


def test_administrative_scopes_are_split_among_the_three() -> None:
    """Nobody proposes and approves, and whoever reads the audit does neither."""
    split = {code: scopes_of([code]) & ADMINISTRATIVE - {Scope.ACCESS_READ} for code in ADMINISTRATORS}
    assert {
        "system_administrator": {Scope.ACCESS_PROPOSE},
        "security_officer": {Scope.ACCESS_APPROVE},
        "auditor": {Scope.AUDIT_READ},
    } == split
    assert not any(role.scopes & ADMINISTRATIVE for role in roles().values() if not role.is_administrator)


def test_what_is_conditional_is_opened_by_role_to_its_own_department_alone() -> None:
    """Everybody else needs a grant."""
    assert {"healthcare_security"} == {code for code, role in roles().items() if role.scopes & CONDITIONAL}


def test_administrators_read_no_data() -> None:
    """They look after access, not after medicines."""
    for code in ADMINISTRATORS:
        assert roles()[code].scopes <= ADMINISTRATIVE


def test_an_unknown_role_is_told_with_those_that_exist() -> None:
    """So that whoever mistyped it finds the right one."""
    with pytest.raises(RoleError, match="health_commission"):
        check_roles(["health_comission"], COUNTRY)
