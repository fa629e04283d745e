"""GraphQL over HTTP by its working draft: methods, media types and status codes."""

import httpx
import pytest

from tests.lib.graph import GraphCaller

ASK = {"query": "{ __typename }"}
NEWER, JSON = "application/graphql-response+json", "application/json"


async def get(graph: GraphCaller, **parameters: str) -> httpx.Response:
    """Ask by GET."""
    return await graph.http.get(
        "/graphql", params=parameters, headers={"Authorization": f"Bearer {graph.token}"}
    )


def codes(response: httpx.Response) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{NEWER}, */*", NEWER),
        (f"{NEWER}, {JSON};q=0.9", NEWER),
        (f"{JSON}, {NEWER}", NEWER),
        (f"{JSON}, {NEWER};q=0.5", JSON),
        (f"{NEWER};q=0, {JSON}", JSON),
        (f"{NEWER};charset=utf-8", NEWER),
        (f"{NEWER.upper()}", NEWER),
        (f"text/html, {JSON};q=0.1", JSON),
        ("", JSON),
    ],
)
async def test_the_answer_has_the_media_type_asked_for(graph: GraphCaller, accept: str, media: str) -> None:
    """The one that the client rates highest; of two rated alike the newer; no cache keeps what a token opened."""
    response = await graph.post(ASK, Accept=accept)
    assert {"data": {"__typename": "Query"}} == response.json()
    assert (200, f"{media}; charset=utf-8", "no-store") == (
        response.status_code,
        response.headers["Content-Type"],
        response.headers["Cache-Control"],
    )


@pytest.mark.parametrize(
    "accept", ["text/html", f"{JSON};q=0", "*/*;q=0", f"{JSON};charset=gb18030", "nonsense", ";;,"]
)
async def test_what_the_hub_cannot_answer_with_is_not_acceptable(graph: GraphCaller, accept: str) -> None:
    """406, in JSON all the same: there is no better."""
    response = await graph.post(ASK, Accept=accept)
    assert (406, ["NOT_ACCEPTABLE"]) == (response.status_code, codes(response))


STATUSES = {
    "whole": ({"query": "{ __typename }"}, 200, []),
    "failed in part": (
        {"query": '{ __typename identify(text: "") { text } }'},
        294,
        ["BAD_ARGUMENT"],
    ),
    "unreadable": ({"query": "{"}, 400, ["GRAPHQL_PARSE_FAILED"]),
    "invalid": ({"query": "{ nope }"}, 422, ["GRAPHQL_VALIDATION_FAILED"]),
    "a variable of the wrong kind": (
        {"query": "query ($n: Int!) { products(first: $n) { totalCount } }", "variables": {"n": "x"}},
        422,
        ["GRAPHQL_VALIDATION_FAILED"],
    ),
    "a variable that is missing": (
        {"query": "query ($n: Int!) { products(first: $n) { totalCount } }"},
        422,
        ["GRAPHQL_VALIDATION_FAILED"],
    ),
    "which of two": ({"query": "query A { __typename } query B { __typename }"}, 422, ["BAD_ARGUMENT"]),
    "too large": ({"query": "{" + "a " * 2000 + "}"}, 422, ["TOO_LARGE"]),
}


@pytest.mark.parametrize("accept", [NEWER, JSON])
@pytest.mark.parametrize("case", STATUSES)
async def test_the_status_tells_how_it_went(graph: GraphCaller, case: str, accept: str) -> None:
    """The same for older clients; to them a success is plain JSON, and a refusal says that it is GraphQL's."""
    asked, status, expected = STATUSES[case]
    response = await graph.post(asked, Accept=accept)
    media = accept if status < 300 else NEWER
    assert (status, expected, f"{media}; charset=utf-8") == (
        response.status_code,
        codes(response),
        response.headers["Content-Type"],
    )
    assert ("data" in response.json()) is (status < 300)


async def test_a_refusal_of_rights_is_403(sample_hub_with_little: GraphCaller) -> None:
    """The token is good, but does not open the field."""
    response = await sample_hub_with_little.post({"query": "{ products { totalCount } }"})
    assert (403, ["FORBIDDEN_FIELD"]) == (response.status_code, codes(response))


async def test_a_query_may_come_by_get(graph: GraphCaller) -> None:
    """Variables as JSON; a parameter that is empty says nothing; the token stands in its header."""
    document = "query A($n: Int) { products(first: $n) { edges { cursor } } } query B { __typename }"
    response = await get(graph, query=document, operationName="A", variables='{"n": 1}', extensions="")
    assert (200, 1) == (response.status_code, len(response.json()["data"]["products"]["edges"]))
    assert "no-store" == response.headers["Cache-Control"]
    assert 200 == (await get(graph, query="{ __typename }", operationName="", variables="")).status_code


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({}, 422, "BAD_ARGUMENT"),
        ({"query": ""}, 422, "BAD_ARGUMENT"),
        ({"query": "{ __typename }", "variables": "{"}, 400, "BAD_ARGUMENT"),
        ({"query": "{ __typename }", "variables": "[]"}, 422, "BAD_ARGUMENT"),
        ({"query": "{ __typename }", "extensions": "1"}, 422, "BAD_ARGUMENT"),
        ({"query": "{ __typename }", "operationName": "null"}, 422, "BAD_ARGUMENT"),
        ({"query": "{ __typename } #" + "x" * 20_000}, 414, "TOO_LARGE"),
        ({"query": "mutation { __typename }"}, 405, "METHOD_NOT_ALLOWED"),
        (
            {"query": "query A { __typename } mutation B { __typename }", "operationName": "B"},
            405,
            "METHOD_NOT_ALLOWED",
        ),
    ],
    ids=str,
)
async def test_a_get_that_is_no_query_is_refused(
    graph: GraphCaller, parameters: dict[str, str], status: int, code: str
) -> None:
    """As over POST; and whatever changes something is not done by GET."""
    response = await get(graph, **parameters)
    assert (status, [code]) == (response.status_code, codes(response))
    assert ("POST" if status == 405 else None) == response.headers.get("Allow")


async def test_no_other_method_is_answered(graph: GraphCaller) -> None:
    """405 with those that are."""
    response = await graph.http.put("/graphql", json=ASK, headers={"Authorization": f"Bearer {graph.token}"})
    assert (405, {"GET", "HEAD", "POST"}) == (
        response.status_code,
        set(response.headers["Allow"].split(", ")),
    )
