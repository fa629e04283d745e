"""The delta feed over HTTP: what each kind of change tells, and what brought it."""

from datetime import datetime, timedelta
from typing import Any

from hub.ingest.judging import Judging
from hub.ingest.people import Person
from schema.entities import LocalItem
from tests.lib.graph import GraphCaller, ServedHub
from tests.lib.hub import START, TestHub
from tests.lib.samples import APPROVALS, stock_take, stores

CHANGES = """query ($of: [FactKind!]!, $since: String, $first: Int) {
  changes(of: $of, since: $since, first: $first) {
    __typename
    edges { cursor node { __typename kind entity recordedAt key batch { id fileName } fact {
      __typename
      ... on OnSale { stockPacks validFrom validTo item { itemCode } }
      ... on LocalItem { itemCode matchCode product { approvalNumber } }
      ... on Product { nameZh history { nodes { validFrom } } }
    } } }
    nodes { key }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
#: items that are always there, so that no guard speaks
FILLER = [f"S1,B{number},地高辛片,0.25mg,国药准字H11029007,8,1" for number in range(20)]


async def edges_of(
    graph: GraphCaller, first: int, *of: str, since: str | None = None
) -> tuple[list[Any], str]:
    """All edges after a place, read in pages of a size, and the last cursor."""
    found: list[Any] = []
    while True:
        page = (await graph.data(CHANGES, of=[*of], since=since, first=first))["changes"]
        found += page["edges"]
        assert page["nodes"] == [{"key": edge["node"]["key"]} for edge in page["edges"]]
        since = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found, str(since)


async def test_all_that_was_learned_comes_in_order_and_once(graph: GraphCaller) -> None:
    """Read in pages of any size, the feed is the same, and ordered by when it was learned."""
    of = ["ON_SALE", "PRODUCT", "REGION"]
    whole, end = await edges_of(graph, 100, *of[:2])
    small, same_end = await edges_of(graph, 7, *of[:2])
    assert (whole, end) == (small, same_end)
    places = [(edge["node"]["recordedAt"], edge["node"]["entity"], *edge["node"]["key"]) for edge in whole]
    assert len(set(places)) == len(places)
    assert [place[:2] for place in places] == sorted(place[:2] for place in places)
    nothing, place = await edges_of(graph, 5, *of[:2], since=end)
    assert (nothing, place) == ([], end)


class Chain:
    """A chain whose stock-takes are sent to a served hub."""

    def __init__(self, hub: ServedHub) -> None:
        self.hub = TestHub(hub.settings, hub.connection)

    async def open(self) -> None:
        """Two approvals and a store."""
        await self.hub.take("registration", APPROVALS)
        await self.hub.take("pharmacy", stores("S1"), sender="chain")
        self.hub.clock.turn(days=20)

    async def count(self, day: int, *rows: str, name: str = "stock.csv") -> None:
        """A stock-take about a day."""
        content = stock_take(*rows, *FILLER) + "\n" * day
        as_of = datetime(START.year, START.month, START.day, tzinfo=START.tzinfo) + timedelta(days=day)
        outcome = await self.hub.take("pharmacy", content, sender="chain", name=name, as_of=as_of)
        assert outcome.stop is None


def of_item(edges: list[Any], code: str) -> list[tuple[str, str | None, str]]:
    """Kind, stock and file of each change of an item's being on sale."""
    things = {
        tuple(edge["node"]["key"])
        for edge in edges
        if (edge["node"]["fact"] or {}).get("item") == {"itemCode": code}
    }
    return [
        (
            edge["node"]["kind"],
            (edge["node"]["fact"] or {}).get("stockPacks"),
            edge["node"]["batch"]["fileName"],
        )
        for edge in edges
        if tuple(edge["node"]["key"]) in things
    ]


async def test_each_kind_of_change_tells_what_happened(own_hub: ServedHub) -> None:
    """New, changed, ended, new again, and corrected by a file that comes late; each with the batch that brought it."""
    chain, graph = Chain(own_hub), await own_hub.caller()
    await chain.open()
    row = "S1,A1,地高辛片,0.25mg,国药准字H11029007,8,{}"
    await chain.count(1, row.format(5), name="one.csv")
    await chain.count(3, row.format(6), name="three.csv")
    await chain.count(5, name="five.csv")
    await chain.count(7, row.format(7), name="seven.csv")
    await chain.count(4, row.format(9), name="late.csv")
    edges, _ = await edges_of(graph, 100, "ON_SALE")
    told = of_item(edges, "A1")
    assert told[:4] == [
        ("NEW", "5.000000", "one.csv"),
        ("CHANGED", "6.000000", "three.csv"),
        ("ENDED", "6.000000", "five.csv"),
        ("NEW", "7.000000", "seven.csv"),
    ]
    assert {("CORRECTED", "7.000000", "late.csv")} == set(told[4:])


async def test_a_thing_taken_back_is_withdrawn(own_hub: ServedHub) -> None:
    """Another file about the same instant does not name it: it never was; there is no fact to show, but the key."""
    chain, graph = Chain(own_hub), await own_hub.caller()
    await chain.open()
    await chain.count(1, "S1,A1,地高辛片,0.25mg,国药准字H11029007,8,5", name="one.csv")
    _, since = await edges_of(graph, 100, "ON_SALE")
    await chain.count(1, "", name="again.csv")
    [edge], _ = await edges_of(graph, 100, "ON_SALE", since=since)
    change = edge["node"]
    assert (change["kind"], change["fact"], len(change["key"])) == ("WITHDRAWN", None, 3)
    assert change["batch"]["fileName"] == "again.csv"


async def test_a_judgement_corrects_and_has_no_batch(own_hub: ServedHub) -> None:
    """What a person says of an item was so all along; no batch brought it."""
    chain, graph = Chain(own_hub), await own_hub.caller()
    await chain.open()
    await chain.count(1, "S1,A1,无人知晓片,1mg,,8,5")
    _, since = await edges_of(graph, 100, "LOCAL_ITEM")
    judging = Judging(own_hub.connection, chain.hub.clock)
    await judging.judge(LocalItem, ("chain", "A1"), "国药准字H11029007", Person("张三", "看过实物"))
    [edge], _ = await edges_of(graph, 100, "LOCAL_ITEM", since=since)
    change = edge["node"]
    assert (change["kind"], change["batch"]) == ("CORRECTED", None)
    assert change["fact"]["product"] == {"approvalNumber": "国药准字H11029007"}
