"""Subscriptions by the clients of npm: graphql-ws and graphql-sse."""

import asyncio
from pathlib import Path

import pytest

from tests.lib.graph import ServedHub
from tests.lib.npm import GRAPHQL, GRAPHQL_SSE, GRAPHQL_WS, WS, npm_folder, run_node
from tests.protocol.test_subscriptions import OF_PHARMACIES, open_stores

#: reads until the last of the stores has come, then hangs up
_READ = """
const names = [];
for await (const answer of client.iterate({ query: process.env.DOCUMENT })) {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  names.push(...answer.data.changes.nodes.map((change) => change.fact.name));
  if (names.some((name) => name.endsWith('S4'))) break;
}
client.dispose();
console.log(JSON.stringify(names));
"""
OVER_WEBSOCKET = f"""
import WebSocket from 'ws';
import {{ createClient }} from 'graphql-ws';
const client = createClient({{
  url: process.env.HUB.replace('http', 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: {{ Authorization: `Bearer ${{process.env.TOKEN}}` }},
}});
{_READ}"""
AS_EVENTS = f"""
import {{ createClient }} from 'graphql-sse';
const client = createClient({{
  url: process.env.HUB,
  headers: {{ Authorization: `Bearer ${{process.env.TOKEN}}` }},
}});
{_READ}"""


@pytest.mark.parametrize(
    ("packages", "script"),
    [((GRAPHQL, GRAPHQL_WS, WS), OVER_WEBSOCKET), ((GRAPHQL, GRAPHQL_SSE), AS_EVENTS)],
    ids=["graphql-ws", "graphql-sse"],
)
async def test_clients_of_npm_hear_of_what_comes(
    own_hub: ServedHub, tmp_path: Path, packages: tuple[str, ...], script: str
) -> None:
    """They hear of what is there, and of what comes while they listen; each store once."""
    folder = tmp_path / "npm"
    folder.mkdir()
    await asyncio.to_thread(npm_folder, folder, *packages)
    caller = await own_hub.caller()
    await open_stores(own_hub, "S1", "S2", "S3")
    values = {
        "HUB": f"{str(own_hub.http.base_url).rstrip('/')}/graphql",
        "TOKEN": caller.token,
        "DOCUMENT": OF_PHARMACIES,
    }
    listening = asyncio.create_task(asyncio.to_thread(run_node, folder, script, **values))
    await asyncio.sleep(1)  # it may listen by now, or not yet: it hears of the fourth store either way
    await open_stores(own_hub, "S1", "S2", "S3", "S4")
    names = await listening
    assert isinstance(names, list)
    assert sorted(names) == [f"演示药店S{number}" for number in (1, 2, 3, 4)]
