"""Subscriptions, by clients that others wrote: over WebSocket and as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport
from websockets.typing import Subprotocol

from tests.lib.graph import CHAIN, STORES, GraphCaller, ServedHub
from tests.lib.hub import TestHub

OF_PHARMACIES = """subscription ($since: String) {
  changes(of: [PHARMACY], since: $since, first: 5) {
    nodes { kind key fact { ... on Pharmacy { name } } }
    pageInfo { endCursor hasNextPage }
  }
}"""
#: how long a test waits for what must come
PATIENCE = 20


def address(hub: ServedHub) -> str:
    """Where the hub's WebSocket is."""
    return str(hub.http.base_url).replace("http", "ws").rstrip("/") + "/graphql"


@asynccontextmanager
async def session(hub: ServedHub, caller: GraphCaller) -> AsyncIterator[Any]:
    """A session of gql, the Python client."""
    transport = WebsocketsTransport(
        url=address(hub),
        init_payload={"Authorization": f"Bearer {caller.token}"},
        subprotocols=[Subprotocol("graphql-transport-ws")],
    )
    async with Client(transport=transport) as opened:
        yield opened


async def keys_of(pages: AsyncIterator[Any], count: int) -> list[str]:
    """The keys of so many changes, as they come."""
    found: list[str] = []
    async with asyncio.timeout(PATIENCE):
        async for page in pages:
            found += [change["key"][0] for change in page["changes"]["nodes"]]
            if len(found) >= count:
                return found
    raise AssertionError(found)


async def take_stores(hub: ServedHub, content: str | None = None) -> int:
    """Take a chain's stores in; gives how many there are now."""
    await TestHub(hub.settings, hub.connection).take("pharmacy", content or STORES, sender=CHAIN)
    count: int = await hub.connection.fetchval("SELECT count(*) FROM pharmacy")
    return count


async def test_gql_is_told_of_what_comes(own_hub: ServedHub) -> None:
    """A subscriber from the beginning hears of stores that come later, each once, page by page."""
    async with session(own_hub, await own_hub.caller()) as client:
        pages = client.subscribe(gql(OF_PHARMACIES))
        first = asyncio.create_task(anext(pages))
        await asyncio.sleep(0.3)
        assert not first.done()
        count = await take_stores(own_hub)
        page = await asyncio.wait_for(first, PATIENCE)
        keys = [change["key"][0] for change in page["changes"]["nodes"]]
        keys += await keys_of(pages, count - len(keys)) if count > len(keys) else []
    assert len(keys) == len(set(keys)) == count
