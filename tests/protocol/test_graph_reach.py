"""Acts, inspections and subscriptions stay within the caller's reach, over the wire."""

from typing import Any

import pytest

from hub.access.sender_store import register_sender
from schema.entities import Sender
from schema.plan.changes import BEGINNING
from schema.reach import COUNTRY, NOWHERE, Reach, owners_of
from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import GraphCaller, ServedHub
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, stock_take, stores
from tests.protocol.test_subscriptions import from_place, names, session

ALL = (*READ_SCOPES, Scope.IDENTITY_JUDGE, Scope.FEED_DECIDE)
ITEMS = [f"S1,A{n},注射用硝普钠,50mg,国药准字H20059001,12.50,3" for n in range(10)]
JUDGE = """mutation ($item: [String]) { judgeItem(input: {kind: LOCAL_ITEM, item: $item, verdict: NONE,
  decidedBy: "演示审核员", reason: "演示"}) { judgement { id } items { __typename } errors { __typename } } }"""
WITHDRAW = """mutation ($n: Int!) { withdrawJudgement(input: {judgementId: $n, decidedBy: "演示审核员", reason: "演示"})
  { judgement { id } errors { __typename } } }"""
REJECT = """mutation ($n: Int!) { rejectBatch(input: {batchId: $n, decidedBy: "演示值班员", reason: "演示"})
  { batch { stateCode } errors { __typename } } }"""
WHO = '{ identify(text: "A9") { items { ... on LocalItem { itemCode senderCode } } } }'


def own(sender: str) -> Reach:
    """What a chain sees."""
    return Reach(None, owners_of([f"sender:{sender}"]))


@pytest.fixture
async def chain(own_hub: ServedHub) -> TestHub:
    """The served hub with a store of chain-a in Guangzhou and what it has on sale, one item of which waits."""
    hub = TestHub(own_hub.settings, own_hub.connection)
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    await hub.take("pharmacy", stock_take(*ITEMS[:-1], "S1,A9,演示商品,1盒,,5,1"), sender="chain-a")
    return hub


async def outcome(caller: GraphCaller, document: str, **given: Any) -> Any:
    """The codes of errors of the whole answer, or the types of errors in the payload."""
    answer = await caller.ask(document, **given)
    if "errors" in answer:
        return [error["extensions"]["code"] for error in answer["errors"]]
    [payload] = answer["data"].values()
    return [error["__typename"] for error in payload["errors"]]


async def test_nobody_judges_what_they_do_not_see(own_hub: ServedHub, chain: TestHub) -> None:
    """Another chain's item is as good as none, by its codes and by its identifier; its judgement too."""
    owner, other = [await own_hub.caller(*ALL, reach=own(name)) for name in ("chain-a", "chain-b")]
    nobody = await own_hub.caller(*ALL, reach=NOWHERE)
    for caller in (other, nobody):
        assert ["ItemNotFound"] == await outcome(caller, JUDGE, item=["chain-a", "A9"])
    assert [] == await outcome(owner, JUDGE, item=["chain-a", "A9"])
    assert 1 == await chain.value("SELECT count(*) FROM judgement WHERE sender_code = 'chain-a'")
    for caller in (other, nobody):
        assert ["JudgementNotFound"] == await outcome(caller, WITHDRAW, n=1)
        assert {"judgements": {"totalCount": 0}} == await caller.data("{ judgements { totalCount } }")
    assert [] == await outcome(owner, WITHDRAW, n=1)


async def test_nobody_learns_by_identify_what_they_do_not_see(own_hub: ServedHub, chain: TestHub) -> None:
    """The item's own chain is told of it, another is not."""
    found = {
        name: (await (await own_hub.caller(reach=own(name))).data(WHO))["identify"]["items"]
        for name in ("chain-a", "chain-b")
    }
    assert found == {"chain-a": [{"itemCode": "A9", "senderCode": "chain-a"}], "chain-b": []}


async def test_a_held_batch_is_decided_about_where_its_sender_belongs(
    own_hub: ServedHub, chain: TestHub
) -> None:
    """Not by another province, not by anybody's division while the sender is not registered; by its own afterwards."""
    held = (await chain.take("pharmacy", stock_take(*ITEMS[:5]), sender="chain-a")).batch.id
    province, city = [await own_hub.caller(*ALL, reach=Reach(code)) for code in ("430000", "440100")]
    for caller in (province, city):
        assert ["FORBIDDEN_FIELD"] == await outcome(caller, REJECT, n=held)
    await register_sender(chain.connection, Sender(code="chain-a", name="演示连锁", region_code="440100"))
    assert ["FORBIDDEN_FIELD"] == await outcome(province, REJECT, n=held)
    assert [] == await outcome(city, REJECT, n=held)
    assert ["BatchNotFound"] == await outcome(province, REJECT, n=987654321)


async def test_subscribers_hear_of_their_own(own_hub: ServedHub, chain: TestHub) -> None:
    """A chain of its new store, its neighbour not; whoever sees the country of both."""
    callers = [await own_hub.caller(reach=reach) for reach in (own("chain-b"), COUNTRY)]
    await chain.take("pharmacy", stores("T1"), sender="chain-b")
    heard = []
    for caller, count in zip(callers, (1, 2), strict=True):
        async with session(own_hub, caller) as client:
            pages = client.subscribe(from_place(BEGINNING.cursor))
            heard.append(await names(pages, count))
    assert heard[0] == [name for name in heard[1] if name in heard[0]]
    assert len(heard[1]) == 2
