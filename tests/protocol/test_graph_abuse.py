"""Hostile and mistaken requests over HTTP: each is refused with a reason, none is a defect of the hub."""

import base64
import json
from typing import Any

import pytest

from schema.graph.limits import MAX_DEPTH, MAX_OBJECTS
from tests.lib.bombs import BOMBS, UNREADABLE, deep_json, doubling, nested
from tests.lib.graph import GraphCaller

BAD, LARGE, LANGUAGE = "BAD_ARGUMENT", "TOO_LARGE", "GRAPHQL_VALIDATION_FAILED"
DIGITS = "9" * 5000


PAGES_IN_FRAGMENTS = """
{ pharmacies { ...P } }
fragment P on PharmacyConnection { edges { node { onSale { ...S } } } }
fragment S on OnSaleConnection { edges { node { pharmacy { onSale { ...T } } } } }
fragment T on OnSaleConnection { edges { node { pharmacy { onSale { edges { node { itemId } } } } } } }
"""
PAGES = "products(first: 100) { edges { node { localItems(first: 100) { edges { node { id } } } } } }"

LARGE_DOCUMENTS = {
    "too deep": f'{{ region(code: "440106") {{ {nested("parent", MAX_DEPTH, "code")} }} }}',
    "far too deep, and of no sense": nested("a", 150, "a").join("{}"),
    "pages in pages": f"{{ {PAGES} }}",
    "pages whose edges stand in fragments": PAGES_IN_FRAGMENTS,
    "pages made up for by a negative one": f"{{ a: products(first: -1000000) {{ edges {{ cursor }} }} {PAGES} }}",
    "pages of a size in a variable": "query ($n: Int! = 100) { " + PAGES.replace("100", "$n") + " }",
    "doubling fragments": doubling(30, "products { totalCount }"),
    "an alias flood of pages": "{"
    + " ".join(f"a{n}: products(first: 100) {{ edges {{ cursor }} }}" for n in range(104))
    + "}",
}


@pytest.mark.parametrize("document", LARGE_DOCUMENTS.values(), ids=LARGE_DOCUMENTS)
async def test_what_asks_for_too_much_is_refused(graph: GraphCaller, document: str) -> None:
    """TOO_LARGE and nothing else: the document is judged before it is validated, let alone run."""
    answer = await graph.ask(document)
    assert {LARGE} == {error["extensions"]["code"] for error in answer["errors"]}
    assert "data" not in answer


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_refused(graph: GraphCaller, name: str) -> None:
    """By the limit that it goes beyond, or by the language; `python -m tests.bench.bombs` tells how soon."""
    document, code = BOMBS[name]
    answer = await graph.ask(document)
    assert {code} == {error["extensions"]["code"] for error in answer["errors"]}
    assert "data" not in answer


@pytest.mark.parametrize(
    "variables", [deep_json(500), {"a": [0] * 20_000}, {"a": [[]] * 20_000}, {f"a{n}": 0 for n in range(20_000)}],
    ids=["deep", "long", "lists", "many"],
)  # fmt: skip
async def test_variables_that_are_a_bomb_are_refused(graph: GraphCaller, variables: Any) -> None:
    """Before the document is looked at."""
    answer = await graph.ask("{ __typename }", **variables)
    assert [LARGE] == [error["extensions"]["code"] for error in answer["errors"]]


async def test_a_refusal_names_what_was_counted_and_the_limit(graph: GraphCaller) -> None:
    """So that a person can tell how much less to ask for."""
    [error] = (await graph.ask(LARGE_DOCUMENTS["pages in pages"]))["errors"]
    assert str(MAX_OBJECTS) in error["message"]
    assert "first" in error["message"]


LANGUAGE_DOCUMENTS = {
    "unknown fragment": "{ ...F }",
    "lone surrogate": '{ product(approvalNumber: "\\uD800") { id } }',
    "mutation": "mutation { products { totalCount } }",
    "subscription": "subscription { products { totalCount } }",
    "nothing selected": "{ products }",
    "huge number as size": f"{{ products(first: {DIGITS}) {{ totalCount }} }}",
    "number beyond 32 bits as size": "{ products(first: 9999999999) { totalCount } }",
    "unknown filter": '{ products(filter: {nope: {eq: "x"}}) { totalCount } }',
    "unknown operator": '{ products(filter: {nameZh: {like: "x"}}) { totalCount } }',
    "unknown order": "{ products(orderBy: [{field: NOPE}]) { totalCount } }",
    "no date": '{ products(filter: {approvedOn: {gte: "yesterday"}}) { totalCount } }',
    "no month 13": '{ products(filter: {approvedOn: {gte: "2020-13-01"}}) { totalCount } }',
    "null among identifiers": '{ localItems(filter: {productId: {in: ["1", null]}}) { totalCount } }',
}


@pytest.mark.parametrize("document", LANGUAGE_DOCUMENTS.values(), ids=LANGUAGE_DOCUMENTS)
async def test_what_the_language_forbids_is_no_defect(graph: GraphCaller, document: str) -> None:
    """Errors of GraphQL itself, or of the limits; no data, nothing internal."""
    answer = await graph.ask(document)
    codes = {error.get("extensions", {}).get("code") for error in answer["errors"]}
    assert codes <= {LANGUAGE, LARGE, UNREADABLE}
    assert "data" not in answer or answer["data"] is None


SALES = "{ pharmacies(first: 1) { edges { node { onSale(filter: {retailPriceYuan: {gte: %s}}) { totalCount } } } } }"
BAD_ARGUMENTS = {
    "page of 101": "{ products(first: 101) { totalCount } }",
    "page of -1": "{ products(first: -1) { totalCount } }",
    "no approval number": '{ product(approvalNumber: "x") { id } }',
    "empty approval number": '{ product(approvalNumber: "") { id } }',
    "NUL in an approval number": '{ product(approvalNumber: "国药准字\\u0000H20059001") { id } }',
    "NUL in a code": '{ region(code: "\\u0000") { code } }',
    "NUL in a region": '{ pharmacies(filter: {regionCode: {within: "44\\u0000"}}) { totalCount } }',
    "no region": '{ pharmacies(filter: {regionCode: {within: "广东"}}) { totalCount } }',
    "region with a gap": '{ pharmacies(filter: {regionCode: {within: "440006"}}) { totalCount } }',
    "NUL in a filter": '{ products(filter: {nameZh: {contains: "\\u0000"}}) { totalCount } }',
    "NUL in a list": '{ products(filter: {nameZh: {in: ["a", "\\u0000"]}}) { totalCount } }',
    "identifier of letters": '{ localItems(filter: {productId: {eq: "abc"}}) { totalCount } }',
    "empty identifier": '{ localItems(filter: {productId: {eq: ""}}) { totalCount } }',
    "identifier with a point": '{ localItems(filter: {productId: {in: ["1.5"]}}) { totalCount } }',
    "identifier of 70 bits": '{ localItems(filter: {productId: {eq: "999999999999999999999"}}) { totalCount } }',
    "identifier of 5,000 digits": f'{{ localItems(filter: {{productId: {{eq: "{DIGITS}"}}}}) {{ totalCount }} }}',
    "the same order twice": "{ products(orderBy: [{field: ID}, {field: ID}]) { totalCount } }",
}


@pytest.mark.parametrize("document", BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
async def test_a_value_of_no_sense_is_the_callers_mistake(graph: GraphCaller, document: str) -> None:
    """BAD_ARGUMENT with the place it stands at."""
    [error] = (await graph.ask(document))["errors"]
    assert BAD == error["extensions"]["code"]
    assert error["locations"]


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999999", "0x1", ""])
async def test_what_is_no_finite_number_is_told_of(graph: GraphCaller, text: str) -> None:
    """Nothing is compared with what no price can be."""
    assert {BAD} == await graph.codes(SALES % f'"{text}"')


async def test_no_size_is_the_usual_size(graph: GraphCaller) -> None:
    """Null as `first` is as if it were not given."""
    answers = [
        await graph.data(f"{{ products{size} {{ nodes {{ id }} }} }}") for size in ("", "(first: null)")
    ]
    assert answers[0] == answers[1]


def cursor_of(*parts: object) -> str:
    """A forged cursor."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "after",
    ["", "x", "随便", "====", "W10=", "\x00", cursor_of(), cursor_of("Product id", 5.5), cursor_of("Product id", "a"),
     cursor_of("Product id", None), cursor_of("Product id", "1", "2"), cursor_of("Product id", DIGITS),
     cursor_of("Product id", "9" * 30), base64.urlsafe_b64encode(b"[" * 50_000).decode()],
    ids=lambda after: after[:30].encode("unicode_escape").decode(),
)  # fmt: skip
async def test_a_forged_cursor_is_refused(graph: GraphCaller, after: str) -> None:
    """Random text, wrong kinds, too many values, numbers of no column."""
    document = "query ($a: String) { products(after: $a) { edges { cursor } } }"
    assert {BAD} == await graph.codes(document, a=after)


@pytest.mark.parametrize(
    "other",
    ["products(orderBy: [{field: APPROVAL_NUMBER}]", "products(orderBy: [{field: NAME_ZH, direction: DESC}]",
     "products(first: 1", "localItems(first: 1"],
)  # fmt: skip
async def test_a_cursor_of_another_order_is_refused(graph: GraphCaller, other: str) -> None:
    """Another column, the other direction, none, another entity: the page would start anywhere."""
    data = await graph.data("{ products(first: 1, orderBy: [{field: NAME_ZH}]) { edges { cursor } } }")
    cursor = data["products"]["edges"][0]["cursor"]
    document = f"query ($a: String) {{ {other}, after: $a) {{ edges {{ cursor }} }} }}"
    assert {BAD} == await graph.codes(document, a=cursor)


@pytest.mark.parametrize(
    ("kind", "place", "value"),
    [
        ("Int!", "first: $v", "x"),
        ("Int!", "first: $v", 1.5),
        ("Int!", "first: $v", 10**15),
        ("Int!", "first: $v", None),
        ("String", "after: $v", 1),
        ("String", "filter: {nameZh: {eq: $v}}", {}),
        ("[String!]", "filter: {nameZh: {in: $v}}", [1]),
        ("[String!]", "filter: {nameZh: {in: $v}}", [None]),
        ("Date", "filter: {approvedOn: {gte: $v}}", 5),
        ("Date", "filter: {approvedOn: {gte: $v}}", ["2020-01-01"]),
        ("Boolean", "filter: {nameEn: {isNull: $v}}", "yes"),
        ("ProductFilter", "filter: $v", []),
        ("ProductFilter", "filter: $v", {"nope": 1}),
        ("[ProductOrder!]", "orderBy: $v", [{"field": "nope"}]),
        ("[ProductOrder!]", "orderBy: $v", [{"field": "ID", "direction": None}]),
        ("Nope", "filter: $v", {}),
    ],
)
async def test_a_variable_of_the_wrong_kind_is_told_of(
    graph: GraphCaller, kind: str, place: str, value: Any
) -> None:
    """An error of the language, no data, nothing internal."""
    answer = await graph.ask(f"query ($v: {kind}) {{ products({place}) {{ totalCount }} }}", v=value)
    assert {LANGUAGE} == {error.get("extensions", {}).get("code") for error in answer["errors"]}
    assert answer.get("data") is None


HARMLESS = {
    "30 aliases": "{" + " ".join(f"a{n}: products {{ totalCount }}" for n in range(30)) + "}",
    "a comment of 100 kB": "{ __typename } #" + "x" * 100_000,
}


@pytest.mark.parametrize("document", HARMLESS.values(), ids=HARMLESS)
async def test_what_only_looks_hostile_is_answered(graph: GraphCaller, document: str) -> None:
    """Within the limits, and cheap to answer."""
    assert await graph.data(document)
