"""`search` over HTTP: what a text is found in, of several kinds, page by page, under the scopes of the kinds."""

import pytest

from schema.scopes import Scope
from tests.lib.graph import DIGOXIN, GraphCaller, ServedHub, nodes

THINGS = (
    "thing { __typename ... on Product { approvalNumber nameZh } ... on Region { code }"
    " ... on Organization { name } }"
)


async def found(
    graph: GraphCaller, text: str, kinds: str = "[MEDICINE, ORGANIZATION, PLACE]"
) -> list[dict[str, str]]:
    """The things of the first page."""
    hits = f"{{ edges {{ node {{ {THINGS} }} }} }}"
    document = f"query ($t: String!) {{ search(text: $t, kinds: {kinds}, first: 100) {hits} }}"
    return [hit["thing"] for hit in nodes((await graph.data(document, t=text))["search"])]


@pytest.mark.parametrize("text", ["地高", "digoxin", "dgx", "digaoxin", "H20099007", DIGOXIN])
async def test_a_medicine_is_found_however_it_is_called(graph: GraphCaller, text: str) -> None:
    """Chinese, English, initials, pinyin, its number."""
    assert DIGOXIN in {thing.get("approvalNumber") for thing in await found(graph, text)}


async def test_places_are_found_by_name_and_code(graph: GraphCaller) -> None:
    """A city, and the province by its two digits first."""
    assert "440100" in {thing.get("code") for thing in await found(graph, "广州")}
    assert {"__typename": "Region", "code": "440000"} == (await found(graph, "44", "[PLACE]"))[0]


async def test_organisations_are_found_by_name(graph: GraphCaller, sample_hub: ServedHub) -> None:
    """By the beginning of its name."""
    name = await sample_hub.connection.fetchval("SELECT name FROM organization ORDER BY id LIMIT 1")
    assert name in {thing.get("name") for thing in await found(graph, name[:6])}


@pytest.mark.parametrize("text", ["", "，。！", "\u0000", "%", "x" * 10_000, "😀", "'; --"])
async def test_odd_texts_find_little_and_break_nothing(graph: GraphCaller, text: str) -> None:
    """Nothing asked, nothing found; nothing of it is an error."""
    assert [] == await found(graph, text)


async def test_pages_of_hits_join(graph: GraphCaller) -> None:
    """Two by two they are the same hits in the same order as all at once."""
    document = (
        'query ($after: String, $n: Int!) { search(text: "片", first: $n, after: $after)'
        " { nodes { label } pageInfo { hasNextPage endCursor } } }"
    )
    whole = (await graph.data(document, n=100))["search"]
    pages, after, more = [], None, True
    while more:
        page = (await graph.data(document, n=2, after=after))["search"]
        pages += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(pages) > 4
    assert whole["nodes"] == pages


async def test_a_kind_needs_its_scope(sample_hub: ServedHub) -> None:
    """Asked for or meant by default; what may be read is found."""
    caller = await sample_hub.caller(Scope.REGION_READ)
    [error] = (await caller.ask('{ search(text: "x") { nodes { label } } }'))["errors"]
    assert ["SearchKind.MEDICINE", "SearchKind.ORGANIZATION"] == [
        each["field"] for each in error["extensions"]["fields"]
    ]
    answer = await caller.data('{ search(text: "44", kinds: [PLACE]) { nodes { label } } }')
    assert answer["search"]["nodes"]


async def test_a_cursor_of_others_is_told_of(graph: GraphCaller) -> None:
    """One of another field is no cursor here."""
    cursor = (await graph.data("{ products { pageInfo { endCursor } } }"))["products"]["pageInfo"][
        "endCursor"
    ]
    document = 'query ($c: String!) { search(text: "片", after: $c) { nodes { label } } }'
    assert {"BAD_ARGUMENT"} == await graph.codes(document, c=cursor)
