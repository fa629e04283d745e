"""Subscriptions, by clients that others wrote: over WebSocket, and as server-sent events."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from hub.config import Settings
from hub.web.subscriptions import MAX_OF_CLIENT
from hub.web.subscriptions_ws import MAX_OPERATIONS
from schema.scopes import Scope
from tests.lib.graph import CHAIN, GraphCaller, ServedHub, served
from tests.lib.hub import TestHub
from tests.lib.samples import stores

OF_PHARMACIES = """subscription ($since: String) {
  changes(of: [PHARMACY], since: $since, first: 2) {
    nodes { kind key fact { ... on Pharmacy { name } } }
    pageInfo { endCursor hasNextPage }
  }
}"""
PROTOCOL = Subprotocol("graphql-transport-ws")
#: how long a test waits for what must come
PATIENCE = 30


def address(hub: ServedHub) -> str:
    """Where the hub's WebSocket is."""
    return str(hub.http.base_url).replace("http", "ws").rstrip("/") + "/graphql"


def from_place(since: str) -> GraphQLRequest:
    """The subscription from a cursor on."""
    return GraphQLRequest(OF_PHARMACIES, variable_values={"since": since})


@asynccontextmanager
async def session(hub: ServedHub, caller: GraphCaller) -> AsyncIterator[Any]:
    """A session of gql, the Python client."""
    transport = WebsocketsTransport(
        url=address(hub),
        init_payload={"Authorization": f"Bearer {caller.token}"},
        subprotocols=[PROTOCOL],
    )
    async with Client(transport=transport) as opened:
        yield opened


def names_in(page: Any) -> list[str]:
    """The stores of a page."""
    return [change["fact"]["name"].removeprefix("演示药店") for change in page["changes"]["nodes"]]


async def names(pages: AsyncIterator[Any], count: int) -> list[str]:
    """The next so many stores, as they come."""
    found: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while len(found) < count:
            found += names_in(await anext(pages))
    return found


async def open_stores(hub: ServedHub, *codes: str) -> None:
    """Take in a chain's file of stores: these are there."""
    await TestHub(hub.settings, hub.connection).take("pharmacy", stores(*codes), sender=CHAIN)


async def test_what_comes_is_told_page_by_page(own_hub: ServedHub) -> None:
    """A subscriber from the beginning hears of each store once, of those that come later too."""
    async with session(own_hub, await own_hub.caller()) as client:
        pages = client.subscribe(gql(OF_PHARMACIES))
        first = asyncio.create_task(names(pages, 3))
        await asyncio.sleep(0.2)
        assert not first.done()
        await open_stores(own_hub, "S1", "S2", "S3")
        assert {"S1", "S2", "S3"} == set(await first)
        await open_stores(own_hub, "S1", "S2", "S3", "S4")
        assert ["S4"] == await names(pages, 1)


async def test_two_subscribers_stand_at_places_of_their_own(own_hub: ServedHub) -> None:
    """One goes on from a cursor, the other begins anew; both hear what comes then."""
    caller = await own_hub.caller()
    await open_stores(own_hub, "S1", "S2")
    page = await caller.data(OF_PHARMACIES.replace("subscription", "query"))
    since = page["changes"]["pageInfo"]["endCursor"]
    await open_stores(own_hub, "S1", "S2", "S3")
    async with session(own_hub, caller) as one, session(own_hub, caller) as other:
        later = one.subscribe(from_place(since))
        whole = other.subscribe(gql(OF_PHARMACIES))
        assert ["S3"] == await names(later, 1)
        assert {"S1", "S2", "S3"} == set(await names(whole, 3))
        await open_stores(own_hub, "S1", "S2", "S3", "S4")
        assert (["S4"], ["S4"]) == (await names(later, 1), await names(whole, 1))


async def test_many_wakes_lose_nothing(own_hub: ServedHub) -> None:
    """Woken far more often than it can read, a subscriber hears of each store once."""
    async with session(own_hub, await own_hub.caller()) as client:
        pages = client.subscribe(gql(OF_PHARMACIES))
        reading = asyncio.create_task(names(pages, 12))
        codes: list[str] = []
        for number in range(12):
            codes.append(f"S{number}")
            await open_stores(own_hub, *codes)
            for _ in range(20):
                await own_hub.connection.execute("NOTIFY changes")
        assert codes == await reading


async def test_a_lost_listener_loses_nothing(own_hub: ServedHub) -> None:
    """The listening connection is killed, something is recorded meanwhile, and all the same it is heard."""
    async with session(own_hub, await own_hub.caller()) as client:
        pages = client.subscribe(gql(OF_PHARMACIES))
        await open_stores(own_hub, "S1")
        assert ["S1"] == await names(pages, 1)
        killed = await own_hub.connection.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query ILIKE 'LISTEN %'"
        )
        assert killed == 1
        await open_stores(own_hub, "S1", "S2")
        assert ["S2"] == await names(pages, 1)
        await open_stores(own_hub, "S1", "S2", "S3")
        assert ["S3"] == await names(pages, 1)


async def test_queries_go_over_the_same_connection(own_hub: ServedHub) -> None:
    """A query has one answer and is complete; its errors are its own."""
    async with session(own_hub, await own_hub.caller()) as client:
        found = await client.execute(gql('{ region(code: "44") { code } }'))
        assert found["region"]["code"] == "440000"
        with pytest.raises(TransportQueryError, match="BAD_ARGUMENT"):
            await client.execute(gql('{ region(code: "xx") { code } }'))


async def test_what_the_token_does_not_open_is_refused_by_name(own_hub: ServedHub) -> None:
    """A kind of facts takes its scope, though it is named in an argument; its fields take theirs."""
    caller = await own_hub.caller(Scope.REGISTRATION_READ)
    async with session(own_hub, caller) as client:
        with pytest.raises(TransportQueryError, match=r"FactKind\.PHARMACY"):
            await anext(client.subscribe(gql("subscription { changes(of: [PHARMACY]) { nodes { kind } } }")))
        with pytest.raises(TransportQueryError, match=r"Change\.batch"):
            await anext(
                client.subscribe(gql("subscription { changes(of: [PRODUCT]) { nodes { batch { id } } } }"))
            )


async def test_a_cursor_that_is_none_is_refused(own_hub: ServedHub) -> None:
    """Whatever text comes as a cursor, the answer says that it is none."""
    async with session(own_hub, await own_hub.caller()) as client:
        for since in ("", "x", "W10=", "WyJjaGFuZ2VzIl0=", "é"):
            with pytest.raises(TransportQueryError, match="since"):
                await anext(client.subscribe(from_place(since)))


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("changes(of: [PRODUCT], first: 0) { nodes { kind } }", "first"),
        ("changes(of: [PRODUCT], first: 101) { nodes { kind } }", "first"),
        ("changes(of: []) { nodes { kind } }", "of"),
        ('changes(of: [PRODUCT], since: "x", from: "2026-01-01T00:00:00Z") { nodes { kind } }', "not both"),
        ('changes(of: [PRODUCT], from: "9999-12-31T00:00:00Z") { nodes { kind } }', "out of range"),
        (
            "changes(of: [PRODUCT]) { nodes { fact { ... on Product { provenance { originalText } } } } }",
            "originalText",
        ),
        ("__typename", "Subscription"),
        ("changes(of: [PRODUCT]) @skip(if: true) { nodes { kind } }", "must not use"),
    ],
)
async def test_what_makes_no_sense_is_refused(own_hub: ServedHub, field: str, told: str) -> None:
    """Pages that would never end, arguments that contradict each other, what only a resolver can give."""
    async with session(own_hub, await own_hub.caller()) as client:
        with pytest.raises(TransportQueryError, match=told):
            await anext(client.subscribe(gql(f"subscription {{ {field} }}")))


async def test_without_a_token_nobody_gets_in(own_hub: ServedHub) -> None:
    """A token that is none closes the connection as the protocol has it."""
    with pytest.raises(TransportConnectionFailed) as caught:
        async with session(own_hub, GraphCaller(own_hub.http, "no-token")):
            pass
    closing = caught.value.__cause__
    assert isinstance(closing, ConnectionClosed)
    assert closing.rcvd is not None
    assert closing.rcvd.code == 4403


@asynccontextmanager
async def spoken(hub: ServedHub, caller: GraphCaller | None = None) -> AsyncIterator[ClientConnection]:
    """A bare WebSocket, introduced where there is a caller."""
    async with connect(address(hub), subprotocols=[PROTOCOL], proxy=None) as socket:
        if caller is not None:
            await tell(socket, type="connection_init", payload={"authorization": f"Bearer {caller.token}"})
            assert {"type": "connection_ack"} == json.loads(await socket.recv())
        yield socket


async def tell(socket: ClientConnection, **message: Any) -> None:
    """Send a message."""
    await socket.send(json.dumps(message))


async def closed(socket: ClientConnection) -> int:
    """The code with which the hub closes."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE):
            while True:
                await socket.recv()
    assert socket.close_code is not None
    return socket.close_code


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["no JSON"], 4400),
        (["[]"], 4400),
        (['{"type": 1}'], 4400),
        ([b"\x00\xff"], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}'], 4401),
        (['{"type": "connection_init"}'], 4403),
        (['{"type": "connection_init", "payload": {"authorization": 7}}'], 4403),
        (['{"type": "connection_init", "payload": []}'], 4403),
    ],
)
async def test_who_does_not_introduce_itself_is_shown_out(
    own_hub: ServedHub, messages: list[str | bytes], code: int
) -> None:
    """Before the introduction nothing else is taken."""
    async with spoken(own_hub) as socket:
        for message in messages:
            await socket.send(message)
        assert code == await closed(socket)


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "connection_init"}], 4429),
        ([{"type": "what"}], 4400),
        ([{"type": "subscribe", "payload": {"query": "{ __typename }"}}], 4400),
        ([{"type": "subscribe", "id": "1", "payload": "text"}], 4400),
        ([{"type": "subscribe", "id": "1", "payload": {"query": OF_PHARMACIES}}] * 2, 4409),
    ],
)
async def test_who_breaks_the_protocol_is_shown_out(
    own_hub: ServedHub, messages: list[dict[str, Any]], code: int
) -> None:
    """Close codes are those of the protocol."""
    async with spoken(own_hub, await own_hub.caller()) as socket:
        for message in messages:
            await tell(socket, **message)
        assert code == await closed(socket)


async def test_another_subprotocol_is_not_spoken(own_hub: ServedHub) -> None:
    """The old protocol of the same name in small is refused with the code for it."""
    async with connect(address(own_hub), proxy=None) as socket:
        assert await closed(socket) == 4406


async def test_pings_are_answered(own_hub: ServedHub) -> None:
    """Before and after the introduction."""
    async with spoken(own_hub) as socket:
        await tell(socket, type="ping")
        assert {"type": "pong"} == json.loads(await socket.recv())
    async with spoken(own_hub, await own_hub.caller()) as socket:
        await tell(socket, type="ping")
        assert {"type": "pong"} == json.loads(await socket.recv())


async def test_there_is_no_room_for_ever_more(own_hub: ServedHub) -> None:
    """A connection has so many subscriptions, a client so many connections; an ended one makes room."""
    caller = await own_hub.caller()
    async with spoken(own_hub, caller) as socket:
        for number in range(MAX_OPERATIONS + 1):
            await tell(socket, type="subscribe", id=str(number), payload={"query": OF_PHARMACIES})
        refused = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "BUSY")
        await tell(socket, type="complete", id="0")
        await tell(socket, type="subscribe", id="0", payload={"query": "{ __typename }"})
        assert json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))["type"] == "next"
    others = [spoken(own_hub, caller) for _ in range(MAX_OF_CLIENT)]
    for other in others:
        await other.__aenter__()
    async with connect(address(own_hub), subprotocols=[PROTOCOL], proxy=None) as socket:
        await tell(socket, type="connection_init", payload={"Authorization": f"Bearer {caller.token}"})
        assert await closed(socket) == 1013
    for other in others:
        await other.__aexit__(None, None, None)


async def test_a_hub_that_stops_says_so(settings: Settings) -> None:
    """Sockets are closed with the code for it; events end without the word that they are complete: come again."""
    async with served(settings) as hub:
        caller = await hub.caller()
        socket = await connect(address(hub), subprotocols=[PROTOCOL], proxy=None)
        await tell(socket, type="connection_init", payload={"Authorization": f"Bearer {caller.token}"})
        await tell(socket, type="subscribe", id="1", payload={"query": OF_PHARMACIES})
        await open_stores(hub, "S1")
        assert [json.loads(await socket.recv())["type"] for _ in range(2)] == ["connection_ack", "next"]
        events = stream(caller, {"query": OF_PHARMACIES})
        assert ["S1"] == names_in((await anext(events))["data"]["data"])
        rest = asyncio.create_task(all_of(events))
        await asyncio.sleep(0)
        hub.stop()
        assert await closed(socket) == 1012
        assert await rest == []


async def all_of(events: AsyncGenerator[dict[str, Any], None]) -> list[dict[str, Any]]:
    """What still comes."""
    async with asyncio.timeout(PATIENCE):
        return [event async for event in events]


@pytest.fixture
async def hasty_hub(settings: Settings) -> AsyncIterator[ServedHub]:
    """A hub whose tokens are good for some seconds."""
    async with served(settings.model_copy(update={"token_seconds": 3})) as hub:
        yield hub


async def test_an_expired_token_ends_it(hasty_hub: ServedHub) -> None:
    """Over WebSocket with the code for it; as events with an error, and then it is complete."""
    caller = await hasty_hub.caller()
    async with spoken(hasty_hub, caller) as socket:
        await tell(socket, type="subscribe", id="1", payload={"query": OF_PHARMACIES})
        assert await closed(socket) == 4403
    events = [event async for event in stream(await hasty_hub.caller(), {"query": OF_PHARMACIES})]
    assert [event["event"] for event in events] == ["next", "complete"]
    assert events[0]["data"]["errors"][0]["extensions"]["code"] == "EXPIRED"


async def stream(
    caller: GraphCaller, body: dict[str, Any], **headers: str
) -> AsyncGenerator[dict[str, Any], None]:
    """Events as they come, comments left out."""
    accept = {"Accept": "text/event-stream", "Authorization": f"Bearer {caller.token}", **headers}
    async with caller.http.stream("POST", "/graphql", json=body, headers=accept) as response:
        assert response.status_code == httpx.codes.OK
        assert response.headers["content-type"].startswith("text/event-stream")
        event: dict[str, Any] = {}
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name in ("event", "id"):
                event[name] = value
            elif name == "data":
                event["data"] = json.loads(value)
            elif not line and event:
                yield event
                event = {}


async def test_events_go_on_where_they_ended(own_hub: ServedHub) -> None:
    """Each event's id is the cursor to go on from, by the header that is for it."""
    caller = await own_hub.caller()
    await open_stores(own_hub, "S1", "S2", "S3")
    events = stream(caller, {"query": OF_PHARMACIES})
    first = await anext(events)
    await events.aclose()
    assert first["id"] == first["data"]["data"]["changes"]["pageInfo"]["endCursor"]
    rest = stream(caller, {"query": OF_PHARMACIES}, **{"Last-Event-ID": first["id"]})
    second = await anext(rest)
    seen = [*names_in(first["data"]["data"]), *names_in(second["data"]["data"])]
    assert sorted(seen) == ["S1", "S2", "S3"]
    await open_stores(own_hub, "S1", "S2", "S3", "S4")
    async with asyncio.timeout(PATIENCE):
        assert ["S4"] == names_in((await anext(rest))["data"]["data"])


async def test_a_query_is_one_event(own_hub: ServedHub) -> None:
    """Whoever accepts events only gets one with the answer, and the end."""
    events = [event async for event in stream(await own_hub.caller(), {"query": "{ __typename }"})]
    assert ["next", "complete"] == [event["event"] for event in events]


async def test_refusals_come_before_any_event(own_hub: ServedHub) -> None:
    """By status code, as JSON: no token, scopes that are missing, a place that is none, a subscription as JSON."""
    caller = await own_hub.caller(Scope.REGISTRATION_READ)
    accept = {"Accept": "text/event-stream"}
    answer = await own_hub.http.post("/graphql", json={"query": OF_PHARMACIES}, headers=accept)
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    answer = await caller.post({"query": OF_PHARMACIES}, **accept)
    assert answer.status_code == httpx.codes.FORBIDDEN
    reader = await own_hub.caller()
    answer = await reader.post({"query": OF_PHARMACIES}, **accept, **{"Last-Event-ID": "x"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (422, "BAD_ARGUMENT")
    assert await reader.codes(OF_PHARMACIES) == {"BAD_ARGUMENT"}
