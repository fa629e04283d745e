"""What people do through the graph: judgements and decisions, over HTTP, on a store of their own."""

import asyncio
from typing import Any

import asyncpg
import pytest

from hub.ingest import batch_store
from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import GraphCaller, Json, ServedHub
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, HOLDER, monthly_report, stock_take, stores

SODIUM, DIGOXIN = "国药准字H20059001", "国药准字H11029007"
NAMELESS = "S1,A9,演示商品,1盒,,5,1"
ITEMS = [f"S1,A{n},注射用硝普钠,50mg,{SODIUM},12.50,3" for n in range(10)]
ALL = (*READ_SCOPES, Scope.IDENTITY_JUDGE, Scope.FEED_DECIDE)
ERROR = """errors { __typename ... on UserError { message code path }
  ... on ItemIncomplete { itemKind expected } ... on ItemNotFound { itemKind item }
  ... on ProductNotFound { approvalNumber } ... on JudgementStands { judgementId judgement { decidedBy } }
  ... on HubBusy { waitedSeconds } }"""
JUDGE = f"""mutation ($input: JudgeItemInput!) {{ judgeItem(input: $input) {{
  judgement {{ id itemKind itemKey verdictCode decidedBy reason product {{ approvalNumber }} withdrawal {{ reason }} }}
  items {{ ... on LocalItem {{ itemCode matchCode matchMethodCode matchEvidence product {{ approvalNumber }} }}
    ... on ProductionReport {{ reportMonth matchCode }} }} {ERROR} }} }}"""
TWICE = """mutation ($input: JudgeItemInput!) {
  one: judgeItem(input: $input) { errors { __typename } } two: judgeItem(input: $input) { errors { __typename } } }"""
WITHDRAW = """mutation ($input: WithdrawJudgementInput!) { withdrawJudgement(input: $input) {
  judgement { id withdrawal { decidedBy reason } } items { ... on LocalItem { matchCode matchMethodCode } }
  errors { __typename ... on UserError { message code path } ... on JudgementNotFound { judgementId }
    ... on JudgementWithdrawn { judgementId judgement { withdrawal { decidedBy } } } } } }"""
DECIDED = """{ batch { id stateCode stopReason rowsUnchanged factsClosed decision { verdictCode decidedBy reason } }
  errors { __typename ... on UserError { message code path } ... on BatchNotFound { batchId }
    ... on BatchNotHeld { batchId stateCode batch { decision { verdictCode } } } } }"""
RELEASE = f"mutation ($input: DecideBatchInput!) {{ done: releaseBatch(input: $input) {DECIDED} }}"
REJECT = f"mutation ($input: DecideBatchInput!) {{ done: rejectBatch(input: $input) {DECIDED} }}"
LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"
ON_SALE = f"SELECT count(*) FROM on_sale WHERE {LIVE}"


def judgement(**changes: Any) -> Json:
    """The input that judges the item which waits."""
    by = {"decidedBy": "演示审核员", "reason": "包装盒上的批准文号"}
    item = {"kind": "LOCAL_ITEM", "item": ["chain-a", "A9"]}
    return {**item, "verdict": "PRODUCT", "approvalNumber": SODIUM, **by, **changes}


def decision(batch: int) -> Json:
    """The input of a decision."""
    return {"batchId": batch, "decidedBy": "值班员甲", "reason": "已电话核实"}


@pytest.fixture
async def chain(own_hub: ServedHub) -> TestHub:
    """The served hub with two approvals, a store, and an item that waits."""
    hub = TestHub(own_hub.settings, own_hub.connection)
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    await hub.take("pharmacy", stock_take(NAMELESS), sender="chain-a")
    return hub


@pytest.fixture
async def held(own_hub: ServedHub) -> tuple[TestHub, int]:
    """The served hub, and a batch in which half of what was on sale is gone."""
    hub = TestHub(own_hub.settings, own_hub.connection)
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    await hub.take("pharmacy", stock_take(*ITEMS), sender="chain-a")
    return hub, (await hub.take("pharmacy", stock_take(*ITEMS[:5]), sender="chain-a")).batch.id


async def refused(caller: GraphCaller, document: str, given: Json) -> Json:
    """The one error in a payload in which nothing else is."""
    [payload] = (await caller.data(document, input=given)).values()
    [error] = payload.pop("errors")
    assert not any(payload.values())
    assert isinstance(error, dict)
    return error


async def test_a_judgement_is_answered_with_what_it_changed(own_hub: ServedHub, chain: TestHub) -> None:
    """The judgement and the item as it now is; who did it by name and by client."""
    caller = await own_hub.caller(*ALL)
    done = (await caller.data(JUDGE, input=judgement()))["judgeItem"]
    [item] = done["items"]
    assert [] == done["errors"]
    assert ("A9", "linked", "judgement", {"approvalNumber": SODIUM}) == (
        item["itemCode"],
        item["matchCode"],
        item["matchMethodCode"],
        item["product"],
    )
    made = done["judgement"]
    client = await chain.value("SELECT client_id FROM oauth_client")
    assert f"演示审核员（客户端 {client}）" == made["decidedBy"]
    assert made["decidedBy"] in item["matchEvidence"]
    assert (1, "product", {"approvalNumber": SODIUM}, None) == (
        made["id"],
        made["verdictCode"],
        made["product"],
        made["withdrawal"],
    )


async def test_the_effect_is_in_the_graph_at_once(own_hub: ServedHub, chain: TestHub) -> None:
    """The next query of anybody sees it; the store has what the command line would have written."""
    caller = await own_hub.caller(*ALL)
    await caller.data(JUDGE, input=judgement(verdict="NONE", approvalNumber=None))
    reader = await own_hub.caller(Scope.PHARMACY_READ)
    found = await reader.data("{ localItems { edges { node { matchCode } } } }")
    assert {"localItems": {"edges": [{"node": {"matchCode": "none"}}]}} == found
    assert [("local_item", "none", "包装盒上的批准文号")] == await chain.rows(
        "SELECT item_kind, verdict_code, reason FROM judgement"
    )


async def test_an_item_may_be_named_by_the_identifier_of_a_row(own_hub: ServedHub, chain: TestHub) -> None:
    """As the graph's pages give it; a number that is nobody's, and a text that is no number, are told of."""
    caller = await own_hub.caller(*ALL)
    found = await caller.data("{ localItems { edges { node { id } } } }")
    row = found["localItems"]["edges"][0]["node"]["id"]
    wrong = str(int(row) ^ 1)
    for given, kind in (
        (wrong, "ItemNotFound"),
        ("A9", "InvalidInput"),
        ("9" * 19, "InvalidInput"),
        ("", "InvalidInput"),
    ):
        error = await refused(caller, JUDGE, judgement(item=None, itemId=given))
        assert (kind, ["input", "itemId"]) == (error["__typename"], error["path"])
    done = (await caller.data(JUDGE, input=judgement(item=None, itemId=row)))["judgeItem"]
    assert ["linked"] == [item["matchCode"] for item in done["items"]]


async def test_a_judgement_of_a_report_shows_all_its_months(own_hub: ServedHub, chain: TestHub) -> None:
    """One judgement, two rows, newest first."""
    row: Json = {
        "统一社会信用代码": HOLDER,
        "持有人": "演示制药（甲）有限公司",
        "批准文号": "国药准字H20059999",
    }
    row |= {
        "通用名": "演示药",
        "规格": "50mg",
        "计划产量": 1,
        "实际产量": 1,
        "单位": "万支",
        "供应状态": "正常",
    }
    months = ({"报告期": month, **row} for month in ("2025-12", "2026-01"))
    await chain.take("production", monthly_report(*months), sender="nmpa")
    caller = await own_hub.caller(*ALL)
    item = ["nmpa", HOLDER, "国药准字H20059999", "50mg"]
    done = (await caller.data(JUDGE, input=judgement(kind="PRODUCTION_REPORT", item=item)))["judgeItem"]
    assert {("2025-12-01", "linked"), ("2026-01-01", "linked")} == {
        (each["reportMonth"], each["matchCode"]) for each in done["items"]
    }


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"item": ["chain-a"]},
            {"__typename": "ItemIncomplete", "itemKind": "LOCAL_ITEM", "expected": ["senderCode", "itemCode"]},
        ),
        (
            {"item": ["chain-a", "A8"]},
            {"__typename": "ItemNotFound", "itemKind": "LOCAL_ITEM", "item": ["chain-a", "A8"]},
        ),
        (
            {"item": ["chain-a", None]},
            {"__typename": "ItemNotFound", "itemKind": "LOCAL_ITEM", "item": ["chain-a", None]},
        ),
        (
            {"approvalNumber": "国药准字H20059999"},
            {"__typename": "ProductNotFound", "path": ["input", "approvalNumber"]},
        ),
        ({"approvalNumber": "国药准字H2005"}, {"code": "approval_number.digits", "__typename": "InvalidInput"}),
        ({"approvalNumber": None}, {"code": "act.verdict", "path": ["input", "approvalNumber"]}),
        ({"verdict": "NONE"}, {"code": "act.verdict", "path": ["input", "approvalNumber"]}),
        ({"item": None}, {"code": "act.item", "path": ["input", "item"]}),
        ({"itemId": "1"}, {"code": "act.item", "path": ["input", "item"]}),
        ({"decidedBy": " \n "}, {"code": "act.person", "path": ["input", "decidedBy"]}),
        ({"decidedBy": "张" * 101}, {"code": "act.person", "path": ["input", "decidedBy"]}),
        ({"decidedBy": "张三（客户端 别人）"}, {"code": "act.person", "path": ["input", "decidedBy"]}),
        ({"reason": "看\u202e错"}, {"code": "act.person", "path": ["input", "reason"]}),
        ({"reason": "看\x00错"}, {"code": "act.person", "path": ["input", "reason"]}),
    ],
)  # fmt: skip
async def test_what_cannot_be_judged_is_told_in_the_payload(
    own_hub: ServedHub, chain: TestHub, changes: Json, told: Json
) -> None:
    """A type, a code, the input it is about, and words in both languages; nothing is written."""
    caller = await own_hub.caller(*ALL)
    error = await refused(caller, JUDGE, judgement(**changes))
    assert told == {name: error[name] for name in told}
    chinese = [letter for letter in error["message"] if ord(letter) > 0x2E80]
    assert len(chinese) > 5
    assert len(error["message"].encode()) > 3 * len(chinese)
    assert 0 == await chain.value("SELECT count(*) FROM judgement")


async def test_a_value_that_no_text_can_hold_is_a_wrong_argument(own_hub: ServedHub, chain: TestHub) -> None:
    """NUL in a code reaches the store and is refused there; the answer has no internal text."""
    caller = await own_hub.caller(*ALL)
    answer = await caller.ask(JUDGE, input=judgement(item=["chain-a", "A\x009"]))
    assert {"judgeItem": None} == answer["data"]
    assert ["BAD_ARGUMENT"] == [error["extensions"]["code"] for error in answer["errors"]]


async def test_who_comes_second_is_told_who_was_first(own_hub: ServedHub, chain: TestHub) -> None:
    """Two people judge the item at once: one judgement, and one typed error with it."""
    caller = await own_hub.caller(*ALL)
    answers = await asyncio.gather(
        caller.data(JUDGE, input=judgement(decidedBy="甲")),
        caller.data(JUDGE, input=judgement(decidedBy="乙", approvalNumber=DIGOXIN)),
    )
    [won] = [answer["judgeItem"] for answer in answers if not answer["judgeItem"]["errors"]]
    [lost] = [answer["judgeItem"] for answer in answers if answer["judgeItem"]["errors"]]
    [error] = lost["errors"]
    assert ("JudgementStands", 1) == (error["__typename"], error["judgementId"])
    assert won["judgement"]["decidedBy"] == error["judgement"]["decidedBy"]
    assert 1 == await chain.value("SELECT count(*) FROM judgement")


async def test_a_withdrawn_judgement_leaves_all_as_before(own_hub: ServedHub, chain: TestHub) -> None:
    """The item waits again; who withdraws twice, or what is not there, is told so."""
    caller = await own_hub.caller(*ALL)
    await caller.data(JUDGE, input=judgement())
    given = {"judgementId": 1, "decidedBy": "李四", "reason": "看错"}
    done = (await caller.data(WITHDRAW, input=given))["withdrawJudgement"]
    assert [{"matchCode": "waiting", "matchMethodCode": None}] == done["items"]
    assert ("看错", []) == (done["judgement"]["withdrawal"]["reason"], done["errors"])
    again = await refused(caller, WITHDRAW, given)
    assert ("JudgementWithdrawn", "judgement.withdrawn") == (again["__typename"], again["code"])
    assert again["judgement"]["withdrawal"]["decidedBy"].startswith("李四（客户端 test-")
    unknown = await refused(caller, WITHDRAW, given | {"judgementId": 99})
    assert ("JudgementNotFound", 99, ["input", "judgementId"]) == (
        unknown["__typename"],
        unknown["judgementId"],
        unknown["path"],
    )


async def test_acts_of_one_document_see_each_others_effect(own_hub: ServedHub, chain: TestHub) -> None:
    """Done one after the other, and each payload shows the item as it was after that act."""
    caller = await own_hub.caller(*ALL)
    document = """mutation ($j: JudgeItemInput!, $w: WithdrawJudgementInput!) {
      first: judgeItem(input: $j) { items { ...F } } then: withdrawJudgement(input: $w) { items { ...F } }
      again: judgeItem(input: $j) { judgement { id } items { ...F } } }
      fragment F on LocalItem { matchCode }"""
    done = await caller.data(
        document, j=judgement(), w={"judgementId": 1, "decidedBy": "李四", "reason": "看错"}
    )
    assert ["linked", "waiting", "linked"] == [
        done[name]["items"][0]["matchCode"] for name in ("first", "then", "again")
    ]
    assert 2 == done["again"]["judgement"]["id"]


async def test_a_released_batch_is_answered_with_its_books(
    own_hub: ServedHub, held: tuple[TestHub, int]
) -> None:
    """Promoted when the answer comes; the decision stands beside it."""
    hub, batch = held
    caller = await own_hub.caller(*ALL)
    done = (await caller.data(RELEASE, input=decision(batch)))["done"]
    client = await hub.value("SELECT client_id FROM oauth_client")
    assert {
        "batch": {
            "id": batch,
            "stateCode": "promoted",
            "stopReason": None,
            "rowsUnchanged": 5,
            "factsClosed": 5,
            "decision": {
                "verdictCode": "release",
                "decidedBy": f"值班员甲（客户端 {client}）",
                "reason": "已电话核实",
            },
        },
        "errors": [],
    } == done
    assert 5 == await hub.value(ON_SALE)


async def test_a_rejected_batch_stays_out(own_hub: ServedHub, held: tuple[TestHub, int]) -> None:
    """And can be decided no more; neither can one that is not there."""
    hub, batch = held
    caller = await own_hub.caller(*ALL)
    done = (await caller.data(REJECT, input=decision(batch)))["done"]
    assert ("rejected", 10) == (done["batch"]["stateCode"], await hub.value(ON_SALE))
    late = await refused(caller, RELEASE, decision(batch))
    assert ("BatchNotHeld", "rejected", {"decision": {"verdictCode": "reject"}}) == (
        late["__typename"],
        late["stateCode"],
        late["batch"],
    )
    assert "BatchNotFound" == (await refused(caller, RELEASE, decision(999)))["__typename"]


async def test_of_two_decisions_at_once_one_counts(own_hub: ServedHub, held: tuple[TestHub, int]) -> None:
    """One releases, one rejects: the first has its way, the second is told of it."""
    hub, batch = held
    caller = await own_hub.caller(*ALL)
    answers = await asyncio.gather(
        caller.data(RELEASE, input=decision(batch)), caller.data(REJECT, input=decision(batch))
    )
    errors = [[error["__typename"] for error in answer["done"]["errors"]] for answer in answers]
    assert [[], ["BatchNotHeld"]] == sorted(errors)
    assert 1 == await hub.value("SELECT count(*) FROM batch_decision")
    released = errors[0] == []
    state = await hub.value("SELECT state_code FROM batch WHERE id = $1", batch)
    assert ("promoted", 5) if released else ("rejected", 10) == (state, await hub.value(ON_SALE))


async def test_an_ingest_under_way_is_not_waited_for_long(own_hub: ServedHub, chain: TestHub) -> None:
    """Somebody holds the lock: both the first and those behind it are told to come again, and nothing is done."""
    caller = await own_hub.caller(*ALL)
    await batch_store.lock_ingest(chain.connection)
    try:
        errors = await asyncio.gather(*(refused(caller, JUDGE, judgement()) for _ in range(3)))
        both = await caller.data(TWICE, input=judgement())
    finally:
        await batch_store.unlock_ingest(chain.connection)
    assert {("HubBusy", "act.busy", 3.0)} == {
        (error["__typename"], error["code"], error["waitedSeconds"]) for error in errors
    }
    assert [["HubBusy"], ["HubBusy"]] == [
        [error["__typename"] for error in both[name]["errors"]] for name in ("one", "two")
    ]
    assert 0 == await chain.value("SELECT count(*) FROM judgement")
    assert (await caller.data(JUDGE, input=judgement()))["judgeItem"]["judgement"]


SCOPED = [
    (JUDGE, "Mutation.judgeItem", Scope.IDENTITY_JUDGE),
    (WITHDRAW, "Mutation.withdrawJudgement", Scope.IDENTITY_JUDGE),
    (RELEASE, "Mutation.releaseBatch", Scope.FEED_DECIDE),
    (REJECT, "Mutation.rejectBatch", Scope.FEED_DECIDE),
]


@pytest.mark.parametrize(("document", "field", "scope"), SCOPED)
async def test_without_its_scope_nothing_is_run(
    own_hub: ServedHub, chain: TestHub, document: str, field: str, scope: Scope
) -> None:
    """Neither reading all nor the other act's scope opens it, nor writing files; the store is not even asked."""
    caller = await own_hub.caller(*(set(Scope) - {scope}))
    await own_hub.connection.execute("ALTER TABLE judgement RENAME TO lost")
    given = judgement() if document == JUDGE else decision(1)
    if document == WITHDRAW:
        given = {"judgementId": 1, "decidedBy": "李四", "reason": "看错"}
    answer = await caller.ask(document, input=given)
    assert "data" not in answer
    refusals = [each for error in answer["errors"] for each in error["extensions"]["fields"]]
    assert {"field": field, "requiresScopes": [[scope.value]]} in refusals


async def test_a_client_that_was_disabled_acts_no_more(own_hub: ServedHub, chain: TestHub) -> None:
    """Its token is worthless within seconds."""
    caller = await own_hub.caller(*ALL)
    await chain.connection.execute("UPDATE oauth_client SET disabled_at = now()")
    await asyncio.sleep(3.1)  # as long as the list of clients is believed
    answer = await caller.post({"query": JUDGE, "variables": {"input": judgement()}})
    assert 401 == answer.status_code
    assert 0 == await chain.value("SELECT count(*) FROM judgement")


async def test_a_client_that_lost_a_scope_acts_no_more(own_hub: ServedHub, chain: TestHub) -> None:
    """Its token is good for some minutes yet, and opens what it reads; what it does is looked up anew."""
    caller = await own_hub.caller(*ALL)
    await chain.connection.execute("UPDATE oauth_client SET scopes = '{region:read}'")
    await asyncio.sleep(3.1)  # as long as the list of clients is believed
    answer = await caller.ask(JUDGE, input=judgement())
    [error] = answer["errors"]
    refused_field = {"field": "Mutation.judgeItem", "requiresScopes": [["identity:judge"]]}
    assert ("FORBIDDEN_FIELD", [refused_field]) == (
        error["extensions"]["code"],
        error["extensions"]["fields"],
    )
    assert 0 == await chain.value("SELECT count(*) FROM judgement")


async def test_what_a_payload_shows_needs_the_scopes_of_what_is_shown(
    own_hub: ServedHub, chain: TestHub
) -> None:
    """Who may only judge is told that it is done; items of kinds that the token does not open are left out."""
    caller = await own_hub.caller(Scope.IDENTITY_JUDGE)
    document = "mutation ($input: JudgeItemInput!) { judgeItem(input: $input) { %s } }"
    for closed in ("judgement { id }", "items { ... on LocalItem { id } }"):
        assert {"FORBIDDEN_FIELD"} == await caller.codes(document % closed, input=judgement())
    assert 0 == await chain.value("SELECT count(*) FROM judgement")
    done = await caller.data(document % "items { __typename } errors { __typename }", input=judgement())
    assert {"judgeItem": {"items": [], "errors": []}} == done


async def test_a_client_that_names_no_scope_may_do_nothing(own_hub: ServedHub) -> None:
    """Acts have to be asked for by name."""
    caller = await own_hub.caller()
    assert {"FORBIDDEN_FIELD"} == await caller.codes(JUDGE, input=judgement())


async def test_a_page_too_large_does_not_hide_that_it_is_done(own_hub: ServedHub, chain: TestHub) -> None:
    """The act came first: its judgement is in the answer beside the error about the page."""
    caller = await own_hub.caller(*ALL)
    document = """mutation ($input: JudgeItemInput!, $n: Int!) {
      judgeItem(input: $input) { judgement { id } items(first: $n) { __typename } errors { __typename } } }"""
    answer = await caller.ask(document, input=judgement(), n=-1)
    assert {"judgement": {"id": 1}, "items": None, "errors": []} == answer["data"]["judgeItem"]
    assert ["BAD_ARGUMENT"] == [error["extensions"]["code"] for error in answer["errors"]]


async def test_what_breaks_on_the_way_leaves_nothing(own_hub: ServedHub, chain: TestHub) -> None:
    """The connection is cut while the item is linked anew: no judgement, and the next one is number 1."""
    caller = await own_hub.caller(*ALL)
    blocker = await asyncpg.connect(str(own_hub.settings.database_url))
    try:
        async with blocker.transaction():
            await blocker.execute("LOCK TABLE local_item IN EXCLUSIVE MODE")
            asked = asyncio.create_task(caller.ask(JUDGE, input=judgement()))
            while not (victims := await _waiting(blocker)):
                await asyncio.sleep(0.05)
            await blocker.execute("SELECT pg_terminate_backend($1)", victims[0])
            answer = await asked
    finally:
        await blocker.close()
    assert {"judgeItem": None} == answer["data"]
    assert ["INTERNAL"] == [error["extensions"]["code"] for error in answer["errors"]]
    assert 0 == await chain.value("SELECT count(*) FROM judgement")
    assert 1 == (await caller.data(JUDGE, input=judgement()))["judgeItem"]["judgement"]["id"]


async def _waiting(connection: asyncpg.Connection) -> list[int]:
    """Processes that wait for a lock on a table of this database."""
    rows = await connection.fetch(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return [row["pid"] for row in rows]
