"""The checks of graphql-cop, written anew: without a token none of them finds anything, with one only what is meant."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.lib.graph import GraphCaller

#: how often the tool repeats what it floods with
MANY = 101
TYPENAME = "{ __typename }"

#: whether a server has the weakness
Check = Callable[["Probe"], Awaitable[bool]]


class Probe:
    """Sends what the tool sends."""

    def __init__(self, http: httpx.AsyncClient, token: str | None) -> None:
        self.http = http
        self.headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    async def post(self, body: Any, **headers: str) -> Any:
        """The answer to JSON."""
        answer = await self.http.post("/graphql", json=body, headers=self.headers | headers)
        return answer.json()

    async def query(self, document: str) -> Any:
        """The answer to a document."""
        return await self.post({"query": document})


async def aliases(probe: Probe) -> bool:
    """A flood of aliases is answered."""
    answer = await probe.query("{" + " ".join(f"a{n}: __typename" for n in range(MANY)) + "}")
    return bool((answer.get("data") or {}).get(f"a{MANY - 1}"))


async def batches(probe: Probe) -> bool:
    """An array of requests is answered."""
    answer = await probe.post([{"query": TYPENAME}] * 10)
    return isinstance(answer, list) and len(answer) == 10


async def directives(probe: Probe) -> bool:
    """Each of many unknown directives is looked at."""
    answer = await probe.query("{ __typename " + "@aa" * MANY + " }")
    return len(answer.get("errors", [])) == MANY


async def circles(probe: Probe) -> bool:
    """An introspection of types in types in types is answered."""
    inner = "name"
    for _ in range(5):
        inner = f"fields {{ type {{ {inner} }} }}"
    answer = await probe.query(f"{{ __schema {{ types {{ {inner} }} }} }}")
    return bool(answer.get("data"))


async def duplicates(probe: Probe) -> bool:
    """A field that is asked for five hundred times is answered."""
    answer = await probe.query("{" + " __typename" * 500 + "}")
    return bool(answer.get("data"))


async def query_page(probe: Probe) -> bool:
    """A query page stands at the graph's own address."""
    answer = await probe.http.get("/graphql", headers=probe.headers | {"Accept": "text/html"})
    return any(word in answer.text.lower() for word in ("graphiql", "playground", "<html"))


async def introspection(probe: Probe) -> bool:
    """The schema tells of itself."""
    answer = await probe.query("{ __schema { types { name fields { name } } } }")
    return bool((answer.get("data") or {}).get("__schema"))


async def by_get(probe: Probe) -> bool:
    """A query by GET is answered."""
    answer = await probe.http.get("/graphql", params={"query": TYPENAME}, headers=probe.headers)
    return bool(answer.json().get("data"))


async def mutations_by_get(probe: Probe) -> bool:
    """A mutation by GET is carried out."""
    answer = await probe.http.get(
        "/graphql", params={"query": "mutation { __typename }"}, headers=probe.headers
    )
    return bool(answer.json().get("data"))


async def forms(probe: Probe) -> bool:
    """A form, which any page can send without asking, is answered."""
    answer = await probe.http.post("/graphql", data={"query": TYPENAME}, headers=probe.headers)
    return bool(answer.json().get("data"))


async def tracing(probe: Probe) -> bool:
    """The answer tells how the server worked on it."""
    answer = await probe.post({"query": TYPENAME}, **{"X-Apollo-Tracing": "1"})
    return "tracing" in (answer.get("extensions") or {})


async def stack_traces(probe: Probe) -> bool:
    """An error shows the inside of the server."""
    answer = await probe.post("qwerty")
    text = str(answer) + str(await probe.query("query { $ }"))
    return any(word in text.lower() for word in ("traceback", "exception", ".py", "stack"))


async def suggestions(probe: Probe) -> bool:
    """A misspelt field is answered with the right one."""
    answer = await probe.query("{ regio { code } }")
    return "did you mean" in str(answer).lower()


CHECKS = (
    aliases, batches, directives, circles, duplicates, query_page, introspection, by_get, mutations_by_get, forms,
    tracing, stack_traces, suggestions,
)  # fmt: skip
#: the schema is public, and served as a text: nothing is hidden by hiding names. No browser sends a bearer token of its
#: own accord: that a query may come by GET lets no other page ask
MEANT = {introspection, by_get, suggestions}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_a_stranger_finds_no_weakness(graph: GraphCaller, check: Check) -> None:
    """As the tool runs."""
    assert not await check(Probe(graph.http, None))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_a_client_finds_what_is_meant_and_nothing_else(graph: GraphCaller, check: Check) -> None:
    """With a token."""
    assert (check in MEANT) is await check(Probe(graph.http, graph.token))
