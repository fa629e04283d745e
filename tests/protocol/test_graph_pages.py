"""Pages over HTTP: a walk gives every row exactly once, in order, whatever the order and the filter."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lib.graph import GraphCaller, Json, ServedHub, nodes

LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"

WALK = """
query ($order: [ProductOrder!], $filter: ProductFilter, $first: Int!, $after: String) {
  products(orderBy: $order, filter: $filter, first: $first, after: $after) {
    edges { cursor node { id nameZh approvalNumber } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
ORDERS: list[tuple[Any, str]] = [
    (None, "id"),
    ([{"field": "ID", "direction": "DESC"}], "id DESC"),
    ([{"field": "APPROVAL_NUMBER"}], "approval_number"),
    ([{"field": "NAME_ZH", "direction": "DESC"}], "name_zh DESC, id"),
    (
        [{"field": "NAME_ZH"}, {"field": "APPROVAL_NUMBER", "direction": "DESC"}],
        "name_zh, approval_number DESC",
    ),
    (
        [{"field": "NAME_ZH", "direction": "DESC"}, {"field": "ID", "direction": "DESC"}],
        "name_zh DESC, id DESC",
    ),
]


async def walk(graph: GraphCaller, first: int, **variables: Any) -> list[Json]:
    """The pages of products from the first to the last, as they come."""
    pages: list[Json] = []
    after = None
    while not pages or pages[-1]["pageInfo"]["hasNextPage"]:
        data = await graph.data(WALK, first=first, after=after, **variables)
        pages.append(data["products"])
        after = pages[-1]["pageInfo"]["endCursor"]
    return pages


@pytest.mark.parametrize(("order", "same"), ORDERS, ids=[same for _, same in ORDERS])
async def test_a_walk_gives_every_row_once_and_in_order(
    graph: GraphCaller, sample_hub: ServedHub, order: Any, same: str
) -> None:
    """Seven at a time, to the end: the rows of the table in the order that SQL gives them."""
    pages = await walk(graph, 7, order=order)
    rows = await sample_hub.connection.fetch(f"SELECT id FROM product WHERE {LIVE} ORDER BY {same}")
    assert [str(row["id"]) for row in rows] == [node["id"] for page in pages for node in nodes(page)]
    assert {7} == {len(page["edges"]) for page in pages[:-1]}


async def test_a_walk_of_filtered_rows_stays_within_the_filter(
    graph: GraphCaller, sample_hub: ServedHub
) -> None:
    """The filter holds on every page, not on the first only."""
    pages = await walk(graph, 7, filter={"nameZh": {"contains": "注射"}}, order=[{"field": "NAME_ZH"}])
    rows = await sample_hub.connection.fetch(
        f"SELECT id FROM product WHERE name_zh LIKE '%注射%' AND {LIVE} ORDER BY name_zh, id"
    )
    assert len(pages) > 2
    assert [str(row["id"]) for row in rows] == [node["id"] for page in pages for node in nodes(page)]


async def test_a_page_that_ends_with_the_last_row_is_the_last(graph: GraphCaller) -> None:
    """As many rows as there are: no further page is promised."""
    total = (await graph.data("{ pharmacies { totalCount } }"))["pharmacies"]["totalCount"]
    data = await graph.data(
        "query ($n: Int!, $m: Int!) { a: pharmacies(first: $n) { pageInfo { hasNextPage } }"
        " b: pharmacies(first: $m) { pageInfo { hasNextPage } } }",
        n=total,
        m=total - 1,
    )
    assert (False, True) == (data["a"]["pageInfo"]["hasNextPage"], data["b"]["pageInfo"]["hasNextPage"])


async def test_a_page_of_none_is_empty_and_says_that_more_follow(graph: GraphCaller) -> None:
    """first: 0 asks only whether there is anything."""
    data = await graph.data(WALK, first=0)
    assert {"edges": [], "pageInfo": {"hasNextPage": True, "endCursor": None}} == data["products"]


@pytest.mark.parametrize(
    ("pick", "rest"), [(lambda edges: edges[3], 4), (lambda edges: edges[-1], 0)], ids=["any", "last"]
)
async def test_any_edge_can_be_gone_on_from(
    graph: GraphCaller, pick: Callable[[list[Json]], Json], rest: int
) -> None:
    """A cursor within a page: what follows is the rest of that page."""
    edges = (await graph.data(WALK, first=8))["products"]["edges"]
    data = await graph.data(WALK, first=8, after=pick(edges)["cursor"])
    assert edges[8 - rest :] == data["products"]["edges"][:rest]
    assert not {edge["cursor"] for edge in edges[: 8 - rest]} & {
        edge["cursor"] for edge in data["products"]["edges"]
    }


async def test_the_total_is_of_all_pages(graph: GraphCaller, sample_hub: ServedHub) -> None:
    """On the second page it is the same as on the first, and as in the table."""
    first = (await graph.data("{ products(first: 5) { totalCount pageInfo { endCursor } } }"))["products"]
    second = await graph.data(
        "query ($a: String) { products(first: 5, after: $a) { totalCount } }",
        a=first["pageInfo"]["endCursor"],
    )
    expected = await sample_hub.connection.fetchval(f"SELECT count(*) FROM product WHERE {LIVE}")
    assert (expected, expected) == (first["totalCount"], second["products"]["totalCount"])


async def test_nested_pages_can_be_walked_too(graph: GraphCaller) -> None:
    """What one store has on sale, two thirds of it on further pages."""
    document = """
    query ($first: Int!, $after: String) { pharmacies(filter: {storeCode: {eq: "A001"}}) { edges { node {
      onSale(first: $first, after: $after) { totalCount edges { node { itemId } }
        pageInfo { hasNextPage endCursor } } } } } }
    """
    found: list[str] = []
    after, more, total = None, True, 0
    while more:
        data = await graph.data(document, first=15, after=after)
        page = nodes(data["pharmacies"])[0]["onSale"]
        found += [sale["itemId"] for sale in nodes(page)]
        total, more, after = (
            page["totalCount"],
            page["pageInfo"]["hasNextPage"],
            page["pageInfo"]["endCursor"],
        )
    assert total == len(found) == len(set(found))
    assert total > 30
