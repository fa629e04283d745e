"""Changes of access: two persons, nothing overwritten, no grant without a purpose. On a real database."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from hub.access.account_store import fetch_credentials
from hub.access.administration import Actor, Administration, Outcome, understood
from hub.access.holders import HolderKind
from hub.access.store import fetch_clients
from hub.errors import RefusedActError
from schema.reach import Reach
from tests.lib.hub import TestHub

ZHANG, LI, WANG = (Actor(name, "演示") for name in ("zhang", "li", "wang"))
CLIENT: dict[str, Any] = {
    "kind": "client_add",
    "holder": "gov-a",
    "name": "卫健委 演示",
    "standing": {"roles": ["health_commission"], "region": "440000"},
}
SENDER: dict[str, Any] = {"kind": "sender_set", "holder": "chain-a", "name": "演示连锁", "region": "440000"}
PRICES = "procurement.price.confidential:read"


def account(name: str, role: str) -> dict[str, Any]:
    """A person with one of the administrators' roles."""
    return {
        "kind": "account_add",
        "holder": name,
        "display_name": name,
        "organization_name": "演示单位",
        "standing": {"roles": [role]},
    }


def grant(hub: TestHub, **other: Any) -> dict[str, Any]:
    """A grant of confidential prices, for a month."""
    return {
        "kind": "grant_add",
        "holder_kind": "client",
        "holder": "gov-a",
        "scopes": [PRICES],
        "purpose": "价格调查",
        "approval_document": "演示〔2026〕1号",
        "expires_at": hub.clock() + timedelta(days=30),
    } | other


@pytest.fixture
def office(hub: TestHub) -> Administration:
    """The administration of a hub that nobody administers yet."""
    return Administration(hub.connection, hub.clock)


async def propose(office: Administration, hub: TestHub, what: dict[str, Any], by: Actor = ZHANG) -> Outcome:
    """Propose something, with the hash of some secret."""
    return await office.propose(understood(what, hub.clock()), by, "scrypt$1$1$1$a$b")


async def installed(office: Administration, hub: TestHub) -> None:
    """From now on zhang proposes and li approves."""
    await propose(office, hub, account("zhang", "system_administrator"))
    await propose(office, hub, account("li", "security_officer"))


def refused(told: pytest.ExceptionInfo[RefusedActError]) -> str:
    """The code of a refusal."""
    return told.value.code


async def test_while_nobody_can_approve_changes_take_effect_at_once(
    hub: TestHub, office: Administration
) -> None:
    """The hub is being installed; the record says so."""
    assert "at_once" == (await propose(office, hub, CLIENT)).state
    assert ["gov-a"] == [client.client_id for client in await fetch_clients(hub.connection)]


async def test_a_change_waits_for_a_second_person(hub: TestHub, office: Administration) -> None:
    """Until then nothing is there; then all of it is."""
    await installed(office, hub)
    outcome = await propose(office, hub, CLIENT)
    assert ("pending", []) == (outcome.state, await fetch_clients(hub.connection))
    await office.approve(outcome.change_id, LI)
    [client] = await fetch_clients(hub.connection)
    assert (frozenset({"health_commission"}), Reach("440000")) == (client.roles, client.reach)
    row = await hub.connection.fetchrow("SELECT * FROM access_change WHERE id = $1", outcome.change_id)
    assert ("approved", "zhang", "li") == (row["state_code"], row["proposed_by"], row["decided_by"])


async def test_where_a_sender_belongs_is_decided_by_two(hub: TestHub, office: Administration) -> None:
    """It says whose rows those are that tell no division themselves; who is registered again is so as said last."""
    await propose(office, hub, SENDER)
    await installed(office, hub)
    moved = await propose(office, hub, SENDER | {"region": "43"})
    assert "440000" == await hub.value("SELECT region_code FROM sender")
    await office.approve(moved.change_id, LI)
    assert "430000" == await hub.value("SELECT region_code FROM sender")


@pytest.mark.parametrize("wrong", [{"region": "990000"}, {"uscc": "91440101MA59XXXXX0"}, {"name": " "}])
async def test_a_sender_is_registered_where_there_is_a_division(
    hub: TestHub, office: Administration, wrong: dict[str, str]
) -> None:
    """And under a code that its check digit confirms; the refusal names the value."""
    with pytest.raises(RefusedActError) as told:
        await propose(office, hub, SENDER | wrong)
    assert (*wrong,) == (getattr(told.value.refusal, "field", None),)
    assert 0 == await hub.value("SELECT count(*) FROM sender")


async def test_nobody_approves_their_own_proposal(hub: TestHub, office: Administration) -> None:
    """Whatever roles they have."""
    await installed(office, hub)
    outcome = await propose(office, hub, CLIENT, LI)
    with pytest.raises(RefusedActError) as told:
        await office.approve(outcome.change_id, LI)
    assert "access.same_person" == refused(told)


async def test_a_change_is_decided_once(hub: TestHub, office: Administration) -> None:
    """What was rejected stays so."""
    await installed(office, hub)
    outcome = await propose(office, hub, CLIENT)
    await office.reject(outcome.change_id, LI)
    with pytest.raises(RefusedActError) as told:
        await office.approve(outcome.change_id, LI)
    assert ("access.decided", []) == (refused(told), await fetch_clients(hub.connection))


async def test_a_secrets_hash_is_kept_no_longer_than_the_proposal_waits(
    hub: TestHub, office: Administration
) -> None:
    """And it stands in nothing that the graph shows."""
    await installed(office, hub)
    outcome = await propose(office, hub, CLIENT)
    assert 1 == await hub.value("SELECT count(*) FROM access_change_secret")
    assert not await hub.value("SELECT count(*) FROM access_change WHERE content LIKE '%scrypt%'")
    await office.reject(outcome.change_id, LI)
    assert 0 == await hub.value("SELECT count(*) FROM access_change_secret")


async def test_what_is_taken_away_takes_effect_at_once(hub: TestHub, office: Administration) -> None:
    """Waiting for a second person would leave a thief inside."""
    await propose(office, hub, CLIENT)
    await installed(office, hub)
    outcome = await office.disable(HolderKind.CLIENT, "gov-a", ZHANG)
    [client] = await fetch_clients(hub.connection)
    assert ("at_once", hub.clock()) == (outcome.state, client.disabled_at)


async def test_the_last_security_officer_stays(hub: TestHub, office: Administration) -> None:
    """Else nothing could be approved any more, or one person could start the installation again."""
    await installed(office, hub)
    with pytest.raises(RefusedActError) as told:
        await office.disable(HolderKind.ACCOUNT, "li", ZHANG)
    assert "access.last_officer" == refused(told)
    second = await propose(office, hub, account("wang", "security_officer"))
    await office.approve(second.change_id, LI)
    await office.disable(HolderKind.ACCOUNT, "li", ZHANG)
    assert "pending" == (await propose(office, hub, CLIENT)).state


async def test_a_grant_holds_until_it_is_taken_back(hub: TestHub, office: Administration) -> None:
    """The client has it, with its purpose; then no longer."""
    await propose(office, hub, CLIENT)
    made = await propose(office, hub, grant(hub))
    [client] = await fetch_clients(hub.connection)
    [held] = client.grants
    assert (made.grant_id, frozenset({PRICES}), "价格调查") == (held.id, held.scopes, held.purpose)
    await office.revoke(held.id, WANG)
    [client] = await fetch_clients(hub.connection)
    assert () == client.grants
    with pytest.raises(RefusedActError) as told:
        await office.revoke(held.id, WANG)
    assert "access.no_grant" == refused(told)


async def test_a_persons_grants_are_read_with_the_account(hub: TestHub, office: Administration) -> None:
    """A division's rows that are not the person's own."""
    standing = {"roles": ["finance"], "region": "440000"}
    await propose(office, hub, {**account("wang", "finance"), "standing": standing})
    await propose(office, hub, grant(hub, holder_kind="account", holder="wang", region="43"))
    found = await fetch_credentials(hub.connection, "wang")
    assert found is not None
    [held] = found.account.grants
    assert held.reach is not None
    assert "430000" == held.reach.region_code


@pytest.mark.parametrize(
    ("damage", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"approval_document": ""}, "approval_document"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["audit:read"]}, "proposal"),
        ({"scopes": ["identity:judge"]}, "proposal"),
        ({"expires_at": None}, "expires_at"),
        ({"region": "44", "organization": ["sender:a"]}, "proposal"),
        ({"region": "4"}, "proposal"),
        ({"organization": ["a"]}, "proposal"),
        ({"more": 1}, "more"),
    ],
)
async def test_a_grant_without_what_it_needs_cannot_be_proposed(
    hub: TestHub, damage: dict[str, Any], field: str
) -> None:
    """The value that is missing or makes no sense is named."""
    with pytest.raises(RefusedActError) as told:
        understood(grant(hub, **damage), hub.clock())
    assert ("access.input", field) == (refused(told), getattr(told.value.refusal, "field", None))


@pytest.mark.parametrize("days", [-1, 0, 367])
async def test_a_grant_ends_within_a_year(hub: TestHub, days: int) -> None:
    """Neither in the past nor never."""
    with pytest.raises(RefusedActError):
        understood(grant(hub, expires_at=hub.clock() + timedelta(days=days)), hub.clock())


@pytest.mark.parametrize(
    "column", ["purpose = ' '", "approval_document = ''", "purpose = NULL", "expires_at = granted_at"]
)
async def test_the_database_too_keeps_no_grant_without_what_it_needs(
    hub: TestHub, office: Administration, column: str
) -> None:
    """Whoever writes the row."""
    await propose(office, hub, CLIENT)
    await propose(office, hub, grant(hub))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await hub.connection.execute(f"UPDATE access_grant SET {column}")


@pytest.mark.parametrize(
    "standing",
    [
        {},
        {"roles": ["nobody"], "region": "44"},
        {"roles": ["health_commission"]},
        {"roles": ["health_commission"], "organization": ["sender:a"]},
        {"roles": ["auditor"]},
        {"roles": ["health_commission"], "region": "44", "scopes": [PRICES]},
        {"roles": ["health_commission"], "region": "44", "scopes": ["access:approve"]},
        {"scopes": ["region:read"]},
        {"scopes": ["no:such"], "region": "44"},
    ],
)
async def test_a_client_that_cannot_be_is_refused(hub: TestHub, standing: dict[str, Any]) -> None:
    """No roles, unknown ones, a reach that does not fit, what takes a grant, what belongs to administrators."""
    with pytest.raises(RefusedActError) as told:
        understood({**CLIENT, "standing": standing}, hub.clock())
    assert "access.input" == refused(told)


async def test_two_administrators_in_one_person_are_refused(hub: TestHub) -> None:
    """Separation of duties."""
    both = {"roles": ["system_administrator", "auditor"]}
    with pytest.raises(RefusedActError, match="互斥"):
        understood({**account("wang", "auditor"), "standing": both}, hub.clock())


async def test_names_are_taken_once(hub: TestHub, office: Administration) -> None:
    """Also where the first is disabled."""
    await propose(office, hub, CLIENT)
    with pytest.raises(RefusedActError) as told:
        await propose(office, hub, CLIENT)
    assert "access.holder_taken" == refused(told)


async def test_nothing_is_given_to_nobody(hub: TestHub, office: Administration) -> None:
    """A grant needs its holder."""
    with pytest.raises(RefusedActError) as told:
        await propose(office, hub, grant(hub))
    assert "access.no_holder" == refused(told)
