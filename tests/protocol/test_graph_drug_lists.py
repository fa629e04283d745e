"""Lists through the graph: a day as known then, versions compared, proposals of two persons, reserves by scope."""

from typing import Any

import pytest

from schema.scopes import READ_SCOPES, Scope
from tests.lib.drug_lists import DIGOXIN, NITROPRUSSIDE, line, register, reserve, version
from tests.lib.graph import GraphCaller, Json, ServedHub
from tests.lib.hub import TestHub

FIRST, SECOND = "2026-01-01", "2026-02-01"
ACTS = (Scope.LIST_PROPOSE, Scope.LIST_PUBLISH, Scope.LIST_PROPOSAL_READ)
ON_THAT_DAY = """query ($number: String!, $day: DateTime!, $knownAt: DateTime) { at(asOf: $day, knownAt: $knownAt) {
  drugListEntries(filter: {matches: {some: {approvalNumber: {eq: $number}}}, list: {regionCode: {eq: "440000"}}}) {
    nodes { nameZh list { version { effectiveOn } } } } } }"""
DIFF = """query ($from: ID!, $to: ID!) { listDiff(from: $from, to: $to) {
  fromVersion { effectiveOn } toVersion { effectiveOn }
  added { before { nameZh } after { nameZh matches { totalCount } } change { directionCode reasonCode } }
  removed { before { nameZh } after { nameZh } change { directionCode reasonCode reasonText } }
  changed { before { reasonCode } after { reasonCode } } } }"""
PROPOSE = """mutation ($input: ProposeListVersionInput!) { done: proposeListVersion(input: $input) {
  proposal { id added removed proposedBy decision { verdictCode } }
  errors { __typename ... on UserError { message code path }
    ... on ListFileFaulty { faults { rowNumber code column found } } } } }"""
DECIDED = """{ proposal { decision { verdictCode decidedBy batch { id } } version { documentTitle } }
  errors { __typename ... on UserError { message code path } ... on ListProposalDecided { verdictCode } } }"""
PUBLISH = (
    f"mutation ($input: DecideListProposalInput!) {{ done: publishListProposal(input: $input) {DECIDED} }}"
)
REJECT = (
    f"mutation ($input: DecideListProposalInput!) {{ done: rejectListProposal(input: $input) {DECIDED} }}"
)


def proposal(*names: str, **changes: Any) -> Json:
    """The input that proposes a version with these medicines."""
    document = {"documentTitle": "演示公告", "effectiveOn": SECOND, "regionCode": "440000"}
    of_list = {"senderCode": "gd", "listKind": "短缺药品清单", "listName": "演示短缺药品清单"}
    medicines = [{"nameZh": name} for name in names]
    return {**document, **of_list, "drugList": medicines, "proposedBy": "张演示", "reason": "会商", **changes}


def decision(number: int) -> Json:
    """The input of a decision."""
    return {"proposalId": number, "decidedBy": "李演示", "reason": "已复核"}


@pytest.fixture
async def listed(own_hub: ServedHub) -> TestHub:
    """The served hub with a register and two versions of a list, and what was known between them."""
    hub = TestHub(own_hub.settings, own_hub.connection)
    await hub.take("registration", register())
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    hub.clock.turn(days=1)
    out = line("硝普钠", "调出|市场供应充足、能够形成有效竞争", day=SECOND)
    await hub.take(
        "drug_lists",
        version(["鱼精蛋白"], SECOND, line("地高辛", "在列|临床必需", day=SECOND), out),
        sender="gd",
    )
    return hub


async def names_on(caller: GraphCaller, number: str, day: str, **known: str) -> list[str]:
    """The entries that mean a medicine on a day."""
    found = await caller.data(ON_THAT_DAY, number=number, day=f"{day}T00:00:00+08:00", **known)
    return [node["nameZh"] for node in found["at"]["drugListEntries"]["nodes"]]


async def test_whether_a_medicine_was_on_the_list_on_a_day_as_known_then(
    own_hub: ServedHub, listed: TestHub
) -> None:
    """One question: before its day a change holds not yet, and what is known now was not always known."""
    caller = await own_hub.caller(*READ_SCOPES)
    between = (listed.clock.now.replace(hour=12)).isoformat()
    assert ["硝普钠"] == await names_on(caller, NITROPRUSSIDE, "2026-01-31")
    assert [] == await names_on(caller, NITROPRUSSIDE, "2026-02-01")
    assert [] == await names_on(caller, NITROPRUSSIDE, "2025-12-31")
    assert ["硝普钠"] == await names_on(caller, NITROPRUSSIDE, "2026-02-01", knownAt="2026-03-01T12:00:00Z")
    assert ["地高辛"] == await names_on(caller, DIGOXIN, "2026-02-01", knownAt=between)


async def test_versions_are_compared_both_ways(own_hub: ServedHub, listed: TestHub) -> None:
    """Added, removed with its reasons, said otherwise; the other way round what was removed is added."""
    caller = await own_hub.caller(*READ_SCOPES)
    versions = await caller.data("{ drugListVersions(orderBy: [{field: EFFECTIVE_ON}]) { nodes { id } } }")
    old, new = [node["id"] for node in versions["drugListVersions"]["nodes"]]
    found = (await caller.data(DIFF, **{"from": old, "to": new}))["listDiff"]
    assert (FIRST, SECOND) == (found["fromVersion"]["effectiveOn"], found["toVersion"]["effectiveOn"])
    assert [
        {
            "before": None,
            "after": {"nameZh": "鱼精蛋白", "matches": {"totalCount": 1}},
            "change": {"directionCode": "in", "reasonCode": "not_stated"},
        }
    ] == found["added"]
    [removed] = found["removed"]
    assert ({"nameZh": "硝普钠"}, "market_supplied", "市场供应充足、能够形成有效竞争") == (
        removed["before"],
        removed["change"]["reasonCode"],
        removed["change"]["reasonText"],
    )
    assert [
        {"before": {"reasonCode": "not_stated"}, "after": {"reasonCode": "clinically_necessary"}}
    ] == found["changed"]
    back = (await caller.data(DIFF, **{"from": new, "to": old}))["listDiff"]
    assert ["硝普钠"] == [each["after"]["nameZh"] for each in back["added"]]


async def test_versions_of_different_lists_are_not_compared(own_hub: ServedHub, listed: TestHub) -> None:
    """They have nothing to do with each other; one that is not there has no difference."""
    await listed.take("drug_lists", version(["地高辛"], region="440100"), sender="gd")
    caller = await own_hub.caller(*READ_SCOPES)
    ids = [row[0] for row in await listed.rows("SELECT DISTINCT ON (list_id) id FROM drug_list_version")]
    answer = await caller.ask(DIFF, **{"from": str(ids[0]), "to": str(ids[1])})
    assert "BAD_ARGUMENT" == answer["errors"][0]["extensions"]["code"]
    assert {"listDiff": None} == await caller.data(DIFF, **{"from": "1", "to": str(ids[0])})


async def test_two_callers_publish_a_version(own_hub: ServedHub, listed: TestHub) -> None:
    """Whoever proposed cannot, under whatever name; the second one can, and the list is another at once."""
    one, two = [await own_hub.caller(*READ_SCOPES, *ACTS) for _ in range(2)]
    made = (await one.data(PROPOSE, input=proposal("地高辛", "青霉胺", effectiveOn="2026-03-01")))["done"]
    assert [] == made["errors"]
    assert (1, 1, None) == tuple(made["proposal"][name] for name in ("added", "removed", "decision"))
    number = made["proposal"]["id"]
    refused = (await one.data(PUBLISH, input=decision(number)))["done"]
    assert ["ListSamePerson"] == [error["__typename"] for error in refused["errors"]]
    done = (await two.data(PUBLISH, input=decision(number)))["done"]
    assert ([], "publish") == (done["errors"], done["proposal"]["decision"]["verdictCode"])
    again = (await two.data(REJECT, input=decision(number)))["done"]
    assert [("ListProposalDecided", "publish")] == [
        (error["__typename"], error["verdictCode"]) for error in again["errors"]
    ]
    found = await one.data("{ drugListEntries(orderBy: [{field: NAME_ZH}]) { nodes { nameZh } } }")
    assert ["地高辛", "青霉胺"] == [node["nameZh"] for node in found["drugListEntries"]["nodes"]]


async def test_what_is_wrong_with_a_proposal_is_told_by_row(own_hub: ServedHub, listed: TestHub) -> None:
    """With the value and what stands there; nothing is kept."""
    caller = await own_hub.caller(*READ_SCOPES, *ACTS)
    given = proposal("地高辛", drugList=[{"nameZh": "地高辛"}, {"nameZh": "硝普钠", "reason": "某种原因"}])
    [error] = (await caller.data(PROPOSE, input=given))["done"]["errors"]
    assert "ListFileFaulty" == error["__typename"]
    assert [{"rowNumber": 2, "code": "cell.word", "column": "reason", "found": "某种原因"}] == error["faults"]
    assert 0 == await listed.value("SELECT count(*) FROM list_proposal")


@pytest.mark.parametrize("document", [PROPOSE, PUBLISH, REJECT])
async def test_acts_need_their_scopes(own_hub: ServedHub, document: str) -> None:
    """Reading lists opens none of them."""
    caller = await own_hub.caller(*READ_SCOPES, Scope.LIST_PROPOSAL_READ)
    given = proposal("地高辛") if document is PROPOSE else decision(1)
    answer = await caller.ask(document, input=given)
    assert "FORBIDDEN_FIELD" == answer["errors"][0]["extensions"]["code"]


async def test_reserves_are_shown_to_nobody_without_their_scope(own_hub: ServedHub, listed: TestHub) -> None:
    """Neither from their root, nor through a medicine, nor by a filter; with the scope they are there."""
    await listed.take("reserve_lists", reserve("硝普钠"), sender="gd-reserve")
    caller = await own_hub.caller(*READ_SCOPES)
    for document in (
        "{ reserveEntries { totalCount } }",
        f'{{ product(approvalNumber: "{NITROPRUSSIDE}") {{ reserveMatches {{ totalCount }} }} }}',
        "{ products(filter: {reserveMatches: {some: {}}}) { totalCount } }",
        "{ changes(of: [RESERVE_ENTRY]) { nodes { __typename } } }",
    ):
        answer = await caller.ask(document)
        assert "FORBIDDEN_FIELD" == answer["errors"][0]["extensions"]["code"], document
    keeper = await own_hub.caller(*READ_SCOPES, Scope.RESERVE_READ)
    found = await keeper.data("{ reserveEntries { nodes { nameZh quantity holderName } } }")
    assert [{"nameZh": "硝普钠", "quantity": "100.000000", "holderName": "演示医药公司"}] == found[
        "reserveEntries"
    ]["nodes"]
