"""The graph's endpoint as HTTP: tokens, bodies, media types, the schema's text, and errors that tell nothing."""

import json
import logging
from pathlib import Path

import httpx
import pytest
import structlog

import schema.graph
from hub.web.http_request import MAX_BODY_BYTES
from schema.graph.limits import MAX_ERRORS
from schema.scopes import Scope
from tests.lib.graph import GraphCaller, ServedHub

ASK = {"query": "{ __typename }"}
SNAPSHOT = Path(schema.graph.__file__).with_name("schema.graphql")


def told(response: httpx.Response) -> str:
    """The code of the one error of an answer without data."""
    answer = response.json()
    assert "data" not in answer
    [error] = answer["errors"]
    code: str = error["extensions"]["code"]
    return code


async def test_without_a_token_nothing_is_answered(sample_hub: ServedHub) -> None:
    """401 with the challenge of RFC 6750, which gives no reason to whoever sent no token."""
    response = await sample_hub.http.post("/graphql", json=ASK)
    assert 401 == response.status_code
    challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="baogong", DPoP algs=')
    assert "error" not in challenge
    assert "data" not in response.json()


async def test_a_token_anywhere_else_is_no_token(sample_hub: ServedHub, graph: GraphCaller) -> None:
    """In the address or the body a token would end up in logs."""
    response = await sample_hub.http.post(
        f"/graphql?access_token={graph.token}", json={**ASK, "access_token": graph.token}
    )
    assert 401 == response.status_code


@pytest.mark.parametrize("damage", [lambda token: "x", lambda token: token[:-8], lambda token: f"{token}x"])
async def test_a_wrong_token_is_refused(graph: GraphCaller, damage: object) -> None:
    """Nonsense, a token cut short, and one with a changed signature."""
    assert callable(damage)
    response = await graph.post(ASK, Authorization=f"Bearer {damage(graph.token)}")
    assert 401 == response.status_code
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


async def test_a_token_of_another_hub_is_refused(sample_hub: ServedHub, own_hub: ServedHub) -> None:
    """Its issuer has other keys and another name."""
    foreign = await own_hub.caller(Scope.REGION_READ)
    response = await GraphCaller(sample_hub.http, foreign.token).post(ASK)
    assert 401 == response.status_code


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
     "application/json; charset=gb18030", "application/graphql", "application/json, text/plain"],
)  # fmt: skip
async def test_other_content_types_are_refused(graph: GraphCaller, content_type: str) -> None:
    """What a page of another site could send without asking first is not taken."""
    response = await graph.post(json.dumps(ASK), **{"Content-Type": content_type})
    assert (415, "UNSUPPORTED_MEDIA_TYPE") == (response.status_code, told(response))
    assert "application/json" == response.headers["Accept-Post"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        '{"query": "\\ud800"}',
        b'{"query": "\xff"}',
        "[" * 100_000,
        '{"query": "a", "variables": {"a": 1e999}}',
    ],
    ids=lambda body: str(body)[:60],
)
async def test_a_body_that_is_no_json_is_refused(graph: GraphCaller, body: str | bytes) -> None:
    """400, and the code says whose fault it is."""
    response = await graph.post(body)
    assert (400, "BAD_ARGUMENT") == (response.status_code, told(response))


@pytest.mark.parametrize(
    "body",
    [
        "null",
        '"{ __typename }"',
        "{}",
        '{"query": null}',
        '{"query": ""}',
        '{"query": ["{ __typename }"]}',
        '{"query": "{ __typename }", "variables": []}',
        '{"query": "{ __typename }", "variables": 0}',
        '{"query": "{ __typename }", "variables": "{}"}',
        '{"query": "{ __typename }", "operationName": []}',
        '{"query": "{ __typename }", "operationName": 1}',
        '{"query": "{ __typename }", "extensions": []}',
        '{"query": "{ __typename }", "documentId": 1}',
    ],
    ids=lambda body: str(body)[:60],
)
async def test_a_body_that_is_no_request_is_refused(graph: GraphCaller, body: str | bytes) -> None:
    """Not an object, or members of the wrong kind: 422 as the specification says."""
    response = await graph.post(body)
    assert (422, "BAD_ARGUMENT") == (response.status_code, told(response))


@pytest.mark.parametrize("body", ["[]", '[{"query": "{ __typename }"}]', '[{"query": "a"}, {"query": "b"}]'])
async def test_a_batch_is_refused_as_one(graph: GraphCaller, body: str) -> None:
    """By a code of its own, so that a client can leave batching off."""
    response = await graph.post(body)
    assert (422, "BATCHING_REFUSED") == (response.status_code, told(response))


async def test_members_that_nobody_knows_are_ignored(graph: GraphCaller) -> None:
    """The specification reserves them for later; null says as much as nothing."""
    body = {**ASK, "id": 7, "operationName": None, "variables": None, "extensions": {"mine": 1}}
    assert 200 == (await graph.post(body)).status_code


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "query A { __typename }", "operationName": "B"},
        {"query": "{ __typename }", "operationName": "A"},
    ],
    ids=["other name", "no name"],
)
async def test_an_operation_that_is_not_there_is_told_of(graph: GraphCaller, asked: object) -> None:
    """The document is sound, but has nothing to run."""
    response = await graph.post(asked)
    assert (422, "BAD_ARGUMENT") == (response.status_code, told(response))


@pytest.mark.parametrize("text", ["fragment F on Query { __typename }", "type Query { a: Int }"])
async def test_a_document_without_an_operation_is_told_of(graph: GraphCaller, text: str) -> None:
    """By the language: a fragment that nobody uses, a definition that does not belong there."""
    response = await graph.post({"query": text})
    assert (422, "GRAPHQL_VALIDATION_FAILED") == (response.status_code, told(response))
    assert "data" not in response.json()


async def test_too_large_a_body_is_refused(graph: GraphCaller) -> None:
    """The message names the limit."""
    response = await graph.post({**ASK, "variables": {"x": "x" * MAX_BODY_BYTES}})
    assert (413, "TOO_LARGE") == (response.status_code, told(response))
    assert str(MAX_BODY_BYTES) in response.text


async def test_the_schema_served_is_the_one_committed(own_hub: ServedHub) -> None:
    """Byte for byte; whoever changes the schema commits its text (`make sdl`). It needs no token."""
    response = await own_hub.http.get("/graphql/schema.graphql")
    assert 200 == response.status_code
    assert SNAPSHOT.read_text(encoding="utf-8") == response.content.decode()


async def test_an_unknown_field_is_named(graph: GraphCaller) -> None:
    """The message says which field on which type, and where."""
    [error] = (await graph.ask("{ products { edges { node { nmae } } } }"))["errors"]
    assert "Cannot query field 'nmae' on type 'Product'." == error["message"]
    assert [{"line": 1, "column": 29}] == error["locations"]
    assert "GRAPHQL_VALIDATION_FAILED" == error["extensions"]["code"]


async def test_names_that_are_suggested_are_the_schemas(graph: GraphCaller) -> None:
    """What the schema's text, which anybody may read, has; not more errors than somebody reads."""
    document = "{" + " ".join(f"prodcts{n}" for n in range(30)) + "}"
    errors = (await graph.ask(document))["errors"]
    assert "Did you mean" in errors[0]["message"]
    assert MAX_ERRORS + 1 == len(errors)


async def test_a_defect_is_masked_and_logged(own_hub: ServedHub) -> None:
    """A table is gone: the caller learns that something is wrong, the log learns what."""
    caller = await own_hub.caller(Scope.REGION_READ)
    await own_hub.connection.execute("ALTER TABLE region RENAME TO lost")
    with structlog.testing.capture_logs() as logs:
        response = await caller.post({"query": '{ region(code: "440106") { name } }'})
    [error] = response.json()["errors"]
    assert "INTERNAL" == error["extensions"]["code"]
    assert not [word for word in ("relation", "exist", "Traceback", "asyncpg") if word in response.text]
    assert ['relation "region" does not exist'] == [str(entry["exc_info"]) for entry in logs]


async def test_a_refusal_is_no_error_of_the_log(graph: GraphCaller, caplog: pytest.LogCaptureFixture) -> None:
    """What a client does wrong is not logged as a defect, nor is the document, which may name patients' needs."""
    with caplog.at_level(logging.WARNING), structlog.testing.capture_logs() as logs:
        await graph.codes("{ products(first: -1) { totalCount } }")
        await graph.codes("{ nope }")
    assert ([], []) == (caplog.records, logs)


async def test_the_hub_says_that_it_is_well(own_hub: ServedHub) -> None:
    """For whoever watches over it; it asks the database."""
    assert {"status": "ok"} == (await own_hub.http.get("/health")).json()
