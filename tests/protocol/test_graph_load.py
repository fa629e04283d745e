"""Queries that take long, clients that hang up, and more of them than the graph can answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from hub.config import Settings
from hub.db.reading import open_reading_pool
from hub.web import http_request
from schema.scopes import Scope
from tests.lib.graph import GraphCaller, ServedHub, served

SLOW = {"query": "{ regions { totalCount } }"}
QUICK = {"query": "{ __typename }"}
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@asynccontextmanager
async def stuck(hub: ServedHub) -> AsyncIterator[None]:
    """As long as this lasts, nobody can read the divisions."""
    async with hub.connection.transaction():
        await hub.connection.execute("LOCK TABLE region IN ACCESS EXCLUSIVE MODE")
        yield


async def until_waiting(hub: ServedHub, number: int) -> None:
    """Wait until so many statements wait for the lock."""
    async with asyncio.timeout(20):
        while await hub.connection.fetchval(WAITING) != number:
            await hub.connection.execute("SELECT pg_stat_clear_snapshot()")
            await asyncio.sleep(0.02)


def code(response: httpx.Response) -> str:
    """The code of the one error of an answer."""
    [error] = response.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


async def test_a_query_that_takes_too_long_is_stopped(settings: Settings) -> None:
    """In the database too; the message says what to do, and the next one is answered."""
    async with served(settings.model_copy(update={"graph_seconds": 0.5})) as hub:
        caller = await hub.caller(Scope.REGION_READ)
        async with stuck(hub):
            response = await caller.post(SLOW)
            assert "TIMEOUT" == code(response)
            assert response.status_code in (294, 504)
            assert "first" in response.json()["errors"][0]["message"]
            await until_waiting(hub, 0)
        assert 200 == (await caller.post(SLOW)).status_code


async def test_a_statement_has_a_limit_of_the_servers_own(settings: Settings) -> None:
    """A hub that is killed leaves none that runs for ever: the session's own setting, after others used it too."""
    assert settings.database_url is not None
    pool = await open_reading_pool(settings.database_url, 1, 7.5)
    try:
        for _ in range(2):
            assert "7500ms" == await pool.fetchval("SHOW statement_timeout")
    finally:
        await pool.close()


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_client_that_hangs_up_cancels_its_query(own_hub: ServedHub, method: str) -> None:
    """A socket that is closed: the statement is gone from the database long before its time is over."""
    caller = await own_hub.caller(Scope.REGION_READ)
    port = caller.http.base_url.port
    async with stuck(own_hub):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw_request(caller, method))
        await until_waiting(own_hub, 1)
        writer.close()
        await until_waiting(own_hub, 0)
    assert 200 == (await caller.post(SLOW)).status_code


def raw_request(caller: GraphCaller, method: str) -> bytes:
    """A request as it goes over the wire."""
    head = f"Host: hub\r\nAuthorization: Bearer {caller.token}\r\n"
    if method == "GET":
        return f"GET /graphql?query=%7Bregions%7BtotalCount%7D%7D HTTP/1.1\r\n{head}\r\n".encode()
    body = json.dumps(SLOW)
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"POST /graphql HTTP/1.1\r\n{head}{kind}\r\n{body}".encode()


async def test_more_than_can_wait_are_told_to_come_back(settings: Settings) -> None:
    """503 and when to try again; those in time are answered, and so is all that needs no query of the graph."""
    async with served(settings.model_copy(update={"graph_connections": 1})) as hub:
        caller = await hub.caller(Scope.REGION_READ)
        async with stuck(hub):
            first = asyncio.create_task(caller.post(SLOW))
            await until_waiting(hub, 1)
            others = await asyncio.gather(*(caller.post(QUICK) for _ in range(6)))
            assert {(503, "BUSY", "2")} == {
                (each.status_code, code(each), each.headers["Retry-After"]) for each in others
            }
            assert 200 == (await hub.http.get("/health")).status_code
        assert 200 == (await first).status_code
        assert 200 == (await caller.post(QUICK)).status_code


async def test_whoever_hangs_up_while_waiting_leaves_the_queue(settings: Settings) -> None:
    """The queue is full of clients that have gone: the next one finds a place in it, and is answered in its turn."""
    async with served(settings.model_copy(update={"graph_connections": 1})) as hub:
        caller = await hub.caller(Scope.REGION_READ)
        async with stuck(hub):
            first = asyncio.create_task(caller.post(SLOW))
            await until_waiting(hub, 1)
            writers = [await ask_and_leave(caller) for _ in range(4)]
            assert 503 == (await caller.post(QUICK)).status_code
            for writer in writers:
                writer.close()
            last = await until_taken(caller)
        assert [200, 200] == [(await first).status_code, (await last).status_code]


async def ask_and_leave(caller: GraphCaller) -> asyncio.StreamWriter:
    """A request on a socket of its own, which is to be closed."""
    _, writer = await asyncio.open_connection("127.0.0.1", caller.http.base_url.port)
    writer.write(raw_request(caller, "POST"))
    return writer


async def until_taken(caller: GraphCaller) -> "asyncio.Task[httpx.Response]":
    """Ask until a request is not refused at once, but waits."""
    async with asyncio.timeout(2):
        while True:
            asked = asyncio.create_task(caller.post(QUICK))
            done, _ = await asyncio.wait([asked], timeout=0.2)
            if not done:
                return asked


async def test_a_body_that_does_not_arrive_is_not_waited_for(
    own_hub: ServedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """408, and neither a turn nor a connection to the database was held for it."""
    monkeypatch.setattr(http_request, "READ_SECONDS", 0.2)
    caller = await own_hub.caller(Scope.REGION_READ)
    reader, writer = await asyncio.open_connection("127.0.0.1", caller.http.base_url.port)
    writer.write(raw_request(caller, "POST")[:-5])
    assert b" 408 " in await reader.readline()
    writer.close()
