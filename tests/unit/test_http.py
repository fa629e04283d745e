"""HTTP around the graph, in parts: what clients accept, compression, turns, and what leaves of an error."""

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from hub.access.authentication import Authentication
from hub.access.caller import Caller
from hub.audit.entry import Entry
from hub.audit.port import NoAudit
from hub.web.engine import Answer, Asked, GraphEngine
from hub.web.graphql import GraphEndpoint
from hub.web.http_coding import CODINGS, SMALLEST, encoded
from hub.web.http_gate import Gate
from hub.web.http_media import GRAPHQL_JSON, JSON, answer_coding, answer_media, choices
from hub.web.trusted import TrustedDocuments
from schema.graph.errors import ErrorCode
from schema.reach import COUNTRY

ROOT = Path(__file__).parents[2]


@given(st.text(max_size=200))
def test_any_header_is_understood_somehow(header: str) -> None:
    """Nothing raises; what comes out is one of ours, or nothing."""
    assert answer_media(header) in (GRAPHQL_JSON, JSON, None)
    assert answer_coding(header, list(CODINGS)) in (*CODINGS, None)
    assert all(0 <= choice.weight <= 1 for choice in choices(header))


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_the_heavier_media_type_wins(newer: int, older: int) -> None:
    """The newer one where both weigh the same; none where both weigh nothing."""
    header = f"{GRAPHQL_JSON};q={newer / 1000:.3f}, {JSON};q={older / 1000:.3f}"
    expected = None if newer == older == 0 else GRAPHQL_JSON if newer >= older else JSON
    assert expected == answer_media(header)


@given(st.binary(max_size=300_000))
def test_what_is_packed_comes_out_again(body: bytes) -> None:
    """The same bytes, whatever they are; and the same bytes are packed the same."""
    for _ in range(2):
        packed, coding = asyncio.run(encoded(body, "gzip"))
        assert (coding == "gzip") is (len(body) >= SMALLEST)
        assert body == (gzip.decompress(packed) if coding else packed)


class BrokenEngine(GraphEngine):
    """Fails instead of answering."""

    def __init__(self, error: Exception) -> None:
        self.sdl = ""
        self._error = error

    async def answer(self, asked: Asked, caller: Caller, entry: Entry) -> Answer:
        """Nothing."""
        raise self._error


class AnyToken(Authentication):
    """Takes every token."""

    def __init__(self) -> None:
        pass

    async def caller(self, connection: HTTPConnection, given: Headers | None = None) -> Caller:
        """Somebody."""
        return Caller("c", frozenset(), datetime.now(UTC) + timedelta(minutes=1), "t", COUNTRY, "i", "c")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("the password is hunter2"), 500, "INTERNAL"),
        (asyncpg.PostgresSyntaxError("hunter2"), 500, "INTERNAL"),
        (asyncpg.QueryCanceledError("hunter2"), 504, "TIMEOUT"),
        (asyncpg.NumericValueOutOfRangeError("hunter2"), 422, "BAD_ARGUMENT"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_no_word_of_a_defect_leaves(error: Exception, status: int, code: str) -> None:
    """Whatever the engine fails with; it is a GraphQL answer all the same."""
    endpoint = GraphEndpoint(BrokenEngine(error), TrustedDocuments([]), AnyToken(), Gate(1, 5), NoAudit())
    transport = httpx.ASGITransport(Starlette(routes=endpoint.routes()))
    with structlog.testing.capture_logs() as logs:
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as http:
            response = await http.post(
                "/graphql", json={"query": "{ a }"}, headers={"Authorization": "Bearer x"}
            )
    assert (status, code) == (response.status_code, response.json()["errors"][0]["extensions"]["code"])
    assert "hunter2" not in response.text
    assert bool(logs) is (code != "TIMEOUT")


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_of_the_graph_is_documented(code: ErrorCode) -> None:
    """With what to do about it."""
    assert f"| `{code.value}` |" in (ROOT / "docs" / "errors.md").read_text("utf-8")
