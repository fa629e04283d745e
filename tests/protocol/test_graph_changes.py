"""The delta feed: compiled and field by field alike, refusals, cursors, and what a change tells."""

from typing import Any

from tests.lib.graph import GraphCaller

CHANGES = """
query ($of: [FactKind!]!, $since: String, $first: Int) {
  changes(of: $of, since: $since, first: $first) {
    __typename
    edges { cursor node {
      __typename kind entity recordedAt key
      batch { id fileName }
      fact {
        __typename
        ... on OnSale { availabilityCode validFrom validTo item { nameZh } provenance { rowNumber fileName } }
        ... on Product { nameZh validTo history { nodes { validFrom validTo } } }
        ... on Pharmacy { name }
      }
    } }
    nodes { key }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
ALL = ["ON_SALE", "PHARMACY", "PRODUCT"]


async def pages(graph: GraphCaller, document: str, **variables: Any) -> list[Any]:
    """Pages, read to the last."""
    found = []
    while True:
        page = (await graph.data(document, **variables))["changes"]
        found.append(page)
        if not page["pageInfo"]["hasNextPage"]:
            return found
        variables["since"] = page["pageInfo"]["endCursor"]


async def test_all_that_was_learned_comes_in_order_and_once(graph: GraphCaller) -> None:
    """Read in pages of any size, the feed is the same, and ordered by when it was learned."""
    whole = [edge for page in await pages(graph, CHANGES, of=ALL, first=100) for edge in page["edges"]]
    small = [edge for page in await pages(graph, CHANGES, of=ALL, first=7) for edge in page["edges"]]
    assert whole == small
    assert {edge["node"]["entity"] for edge in whole} == set(ALL)
    assert len(
        {(edge["node"]["entity"], *edge["node"]["key"], edge["node"]["recordedAt"]) for edge in whole}
    ) == len(whole)
    assert [edge["node"]["recordedAt"] for edge in whole] == sorted(
        edge["node"]["recordedAt"] for edge in whole
    )
