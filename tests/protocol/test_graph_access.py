"""Who is asked about access through the graph: me, what a document would be refused, and changes by two people."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt

from hub.access.administration import Actor, Administration, understood
from hub.access.keys import ALGORITHM, KeyFolder
from hub.clock import system_clock
from schema.reach import Reach, owners_of
from schema.scopes import Scope
from tests.lib.graph import GraphCaller, Json, ServedHub

ME = "{ me { clientId subject scopes region organization grants { id } refused(document: $document) { name needs } } }"
PROPOSE = """
mutation ($input: ProposeAccessInput!) { proposeAccess(input: $input) {
  change { id stateCode proposedBy content } grant { id purpose } secret
  errors { __typename ... on UserError { code path message } ... on HolderTaken { holder } } } }
"""
DECIDE = """
mutation ($input: DecideAccessInput!) { decideAccess(input: $input) {
  change { stateCode decidedBy } errors { __typename ... on UserError { code } } } }
"""
TAKE = """
mutation ($input: TakeAccessAwayInput!) { takeAccessAway(input: $input) {
  change { stateCode changeKindCode } errors { __typename ... on UserError { code } } } }
"""
ADD_CLIENT = {
    "addClient": {
        "clientId": "gov-a",
        "name": "医保局 演示",
        "standing": {"roles": ["healthcare_security"], "region": "440000"},
    }
}


async def person(hub: ServedHub, name: str, role: str, *scopes: Scope) -> GraphCaller:
    """A person with an administrator's role, signed in."""
    office = Administration(hub.connection, system_clock)
    what = {
        "kind": "account_add",
        "holder": name,
        "display_name": name,
        "organization_name": "演示单位",
        "standing": {"roles": [role]},
    }
    outcome = await office.propose(understood(what, system_clock()), Actor("installer", "演示"), "x")
    if outcome.state == "pending":
        await office.approve(outcome.change_id, Actor("second", "演示"))
    return GraphCaller(hub.http, token(hub, name, *scopes))


def token(hub: ServedHub, name: str, *scopes: Scope) -> str:
    """What the issuer gives the query page for somebody who signed in there."""
    now, key = system_clock(), KeyFolder(hub.settings.key_dir, system_clock).current
    claims = {
        "iss": hub.settings.hub_origin,
        "aud": hub.settings.hub_origin,
        "sub": name,
        "client_id": "baogong-page",
        "scope": " ".join(scopes),
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
        "jti": secrets.token_hex(8),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}, claims, key)


async def done(caller: GraphCaller, document: str, given: Json) -> Json:
    """The payload of the one mutation of a document."""
    answer = (await caller.post({"query": document, "variables": {"input": given}})).json()
    assert "errors" not in answer, answer
    [payload] = answer["data"].values()
    found: Json = payload
    return found


@pytest.fixture
async def zhang(own_hub: ServedHub) -> GraphCaller:
    """A system administrator."""
    return await person(own_hub, "zhang", "system_administrator", Scope.ACCESS_PROPOSE, Scope.ACCESS_READ)


@pytest.fixture
async def li(own_hub: ServedHub, zhang: GraphCaller) -> GraphCaller:
    """A security officer."""
    return await person(own_hub, "li", "security_officer", Scope.ACCESS_APPROVE, Scope.ACCESS_READ)


async def test_me_tells_whose_rows_and_what_a_document_would_be_refused(own_hub: ServedHub) -> None:
    """Also what filters need; nothing of the document is run."""
    chain = Reach(None, owners_of(["sender:chain-a"]))
    caller = await own_hub.caller(Scope.PHARMACY_READ, reach=chain)
    document = """{
        onSale(filter: {stockPacks: {gte: 1}}) { nodes { availabilityCode } }
        product(approvalNumber: "国药准字H44029001") { nameZh }
    }"""
    query = f"query ($document: String!) {ME}"
    me = (await caller.post({"query": query, "variables": {"document": document}})).json()["data"]["me"]
    assert (["pharmacy:read"], None, ["sender:chain-a"], []) == (
        me["scopes"],
        me["region"],
        me["organization"],
        me["grants"],
    )
    assert {
        "Product.nameZh": [["registration:read"]],
        "Query.product": [["registration:read"]],
        "OnSaleFilter.stockPacks": [["pharmacy.stock:read"]],
    } == {each["name"]: each["needs"] for each in me["refused"]}


async def test_a_document_that_cannot_be_is_told_of(own_hub: ServedHub) -> None:
    """As it would be if it were run."""
    caller = await own_hub.caller(Scope.REGION_READ)
    query = f"query ($document: String!) {ME}"
    answer = (await caller.post({"query": query, "variables": {"document": "{ nothing }"}})).json()
    assert "nothing" in answer["errors"][0]["message"]


async def test_a_client_is_added_by_two_people(
    own_hub: ServedHub, zhang: GraphCaller, li: GraphCaller
) -> None:
    """One proposes and is shown the secret, the other approves; then the client gets its token."""
    proposed = await done(zhang, PROPOSE, {"proposal": ADD_CLIENT, "reason": "演示"})
    assert ("pending", "zhang", []) == (
        proposed["change"]["stateCode"],
        proposed["change"]["proposedBy"],
        proposed["errors"],
    )
    secret = proposed["secret"]
    assert secret not in proposed["change"]["content"]
    ask: dict[str, Any] = {"data": {"grant_type": "client_credentials"}, "auth": ("gov-a", secret)}
    assert 401 == (await own_hub.http.post("/oauth/token", **ask)).status_code
    decision = {"changeId": proposed["change"]["id"], "verdict": "APPROVE", "reason": "演示"}
    approved = await done(li, DECIDE, decision)
    assert ("approved", "li") == (approved["change"]["stateCode"], approved["change"]["decidedBy"])
    again = await done(li, DECIDE, decision)
    assert [{"__typename": "ChangeDecided", "code": "access.decided"}] == again["errors"]


async def test_a_grant_needs_purpose_document_and_expiry(zhang: GraphCaller, li: GraphCaller) -> None:
    """The schema wants them, and empty ones are refused by name."""
    grant = {
        "holder": {"clientId": "gov-a"},
        "scopes": ["procurement.price.confidential:read"],
        "purpose": " ",
        "approvalDocument": "演示〔2026〕1号",
        "expiresAt": (system_clock() + timedelta(days=3)).isoformat(),
    }
    told = await done(zhang, PROPOSE, {"proposal": {"addGrant": grant}, "reason": "演示"})
    [error] = told["errors"]
    assert ("InvalidInput", "access.input", ["input", "purpose"]) == (
        error["__typename"],
        error["code"],
        error["path"],
    )
    missing = {key: value for key, value in grant.items() if key != "approvalDocument"}
    given = {"input": {"proposal": {"addGrant": missing}, "reason": "演示"}}
    answer = (await zhang.post({"query": PROPOSE, "variables": given})).json()
    assert "approvalDocument" in answer["errors"][0]["message"]


async def test_whoever_is_disabled_acts_no_more(
    own_hub: ServedHub, zhang: GraphCaller, li: GraphCaller
) -> None:
    """The token is worthless within seconds."""
    taken = await done(li, TAKE, {"what": {"userName": "zhang"}, "reason": "演示"})
    assert ("at_once", "account_disable") == (
        taken["change"]["stateCode"],
        taken["change"]["changeKindCode"],
    )
    await asyncio.sleep(2)
    given = {"input": {"proposal": ADD_CLIENT, "reason": "演示"}}
    assert 401 == (await zhang.post({"query": PROPOSE, "variables": given})).status_code
    assert not await own_hub.connection.fetchval("SELECT count(*) FROM oauth_client")


async def test_systems_decide_nothing_about_access(own_hub: ServedHub) -> None:
    """Even one whose token has the scope, by whatever way it got it."""
    caller = await own_hub.caller(Scope.ACCESS_PROPOSE, Scope.ACCESS_READ)
    given = {"input": {"proposal": ADD_CLIENT, "reason": "演示"}}
    answer = (await caller.post({"query": PROPOSE, "variables": given})).json()
    assert ["FORBIDDEN_FIELD"] == [error["extensions"]["code"] for error in answer["errors"]]


async def test_one_of_several_is_taken_away(zhang: GraphCaller) -> None:
    """Two at once are no sentence."""
    given = {"input": {"what": {"userName": "li", "grantId": 3}, "reason": "演示"}}
    answer = (await zhang.post({"query": TAKE, "variables": given})).json()
    assert "data" not in answer or answer["data"] is None
