"""Revocation: within two seconds in every process, over HTTP and on connections that are open."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hub.access.clients import new_client
from hub.access.revocation_store import forget_the_past, revoke
from hub.access.revocations import Revoked
from hub.access.store import insert_client
from hub.clock import system_clock
from hub.config import Settings
from schema.reach import COUNTRY
from schema.scopes import Scope
from tests.lib.graph import GraphCaller, ServedHub, claims_of, served
from tests.protocol.test_oauth import outcome
from tests.protocol.test_subscriptions import OF_PHARMACIES, PROTOCOL, address

REGION = '{ region(code: "44") { code } }'
#: what is promised
WITHIN_SECONDS = 2.0


@pytest.fixture
async def two_hubs(settings: Settings) -> AsyncIterator[tuple[ServedHub, ServedHub]]:
    """Two processes' worth of hub on one database, with the same keys and one name as issuer."""
    async with served(settings) as first:
        shared = settings.model_copy(update={"public_url": first.settings.hub_origin})
        async with served(shared) as second:
            yield first, second


async def seconds_until_refused(hub: ServedHub, token: str) -> float:
    """How long a token is still taken."""
    start = time.monotonic()
    caller = GraphCaller(hub.http, token)
    while (answer := await caller.post({"query": REGION})).status_code == httpx.codes.OK:
        assert time.monotonic() - start < 10
        await asyncio.sleep(0.02)
    assert (401, "invalid_token") == (answer.status_code, answer.json()["error"])
    return time.monotonic() - start


async def revoke_by(hub: ServedHub, way: str, token: str) -> None:
    """Make it worthless in one of the ways."""
    claims = claims_of(token)
    match way:
        case "token":
            await revoke(hub.connection, Revoked.TOKEN, claims["jti"], system_clock())
        case "client":
            await revoke(hub.connection, Revoked.CLIENT, claims["client_id"], system_clock())
        case "subject":
            await revoke(hub.connection, Revoked.SUBJECT, claims["sub"], system_clock())
        case "disabled":
            await hub.connection.execute(
                "UPDATE oauth_client SET disabled_at = now() WHERE client_id = $1", claims["client_id"]
            )


@pytest.mark.parametrize("way", ["token", "client", "subject", "disabled"])
async def test_a_revoked_token_is_refused_by_every_process(
    two_hubs: tuple[ServedHub, ServedHub], way: str
) -> None:
    """Within two seconds, in the process that had remembered it as well; others' tokens stay good."""
    first, second = two_hubs
    caller, other = await first.caller(Scope.REGION_READ), await first.caller(Scope.REGION_READ)
    for hub in two_hubs:
        assert (
            httpx.codes.OK == (await GraphCaller(hub.http, caller.token).post({"query": REGION})).status_code
        )
    await revoke_by(second, way, caller.token)
    assert all([await seconds_until_refused(hub, caller.token) < WITHIN_SECONDS for hub in two_hubs])
    assert httpx.codes.OK == (await other.post({"query": REGION})).status_code


async def test_a_word_that_is_lost_is_made_up_for(own_hub: ServedHub) -> None:
    """Where no notification comes, the look that each process takes every second finds it."""
    caller = await own_hub.caller(Scope.REGION_READ)
    await own_hub.connection.execute("ALTER TABLE access_revocation DISABLE TRIGGER tell_access")
    await revoke_by(own_hub, "token", caller.token)
    assert await seconds_until_refused(own_hub, caller.token) < WITHIN_SECONDS


async def test_a_lost_connection_is_made_again(own_hub: ServedHub) -> None:
    """The watch is cut off, and hears of what is revoked afterwards all the same."""
    caller = await own_hub.caller(Scope.REGION_READ)
    await own_hub.connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~* 'oauth_client|access'"
    )
    await revoke_by(own_hub, "token", caller.token)
    assert await seconds_until_refused(own_hub, caller.token) < WITHIN_SECONDS


@pytest.mark.parametrize("way", ["token", "disabled"])
async def test_open_sockets_are_closed(own_hub: ServedHub, way: str) -> None:
    """4403, whether something is subscribed to or nothing is said at all."""
    caller = await own_hub.caller()
    async with (
        connect(address(own_hub), subprotocols=[PROTOCOL]) as idle,
        connect(address(own_hub), subprotocols=[PROTOCOL]) as busy,
    ):
        for socket in (idle, busy):
            await socket.send(
                json.dumps(
                    {"type": "connection_init", "payload": {"Authorization": f"Bearer {caller.token}"}}
                )
            )
            assert "connection_ack" in str(await socket.recv())
        await busy.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": OF_PHARMACIES}}))
        await asyncio.sleep(0.2)
        start = time.monotonic()
        await revoke_by(own_hub, way, caller.token)
        for socket in (idle, busy):
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), WITHIN_SECONDS)
            assert 4403 == socket.close_code
        assert time.monotonic() - start < WITHIN_SECONDS


async def test_open_events_end(own_hub: ServedHub) -> None:
    """With an answer that says why."""
    caller = await own_hub.caller()
    headers = {"Authorization": f"Bearer {caller.token}", "Accept": "text/event-stream"}
    start, text = 0.0, ""
    async with own_hub.http.stream(
        "POST", "/graphql", json={"query": OF_PHARMACIES}, headers=headers
    ) as events:
        async for line in events.aiter_lines():
            if not start:
                start = time.monotonic()
                await revoke_by(own_hub, "token", caller.token)
            text += line
    assert time.monotonic() - start < WITHIN_SECONDS
    assert '"code":"REVOKED"' in text
    assert "event: complete" in text


async def test_tokens_issued_afterwards_are_good(own_hub: ServedHub) -> None:
    """What is revoked by its client or person are the tokens until then, not the client for ever."""
    caller = await own_hub.caller(Scope.REGION_READ)
    issued_at = datetime.fromtimestamp(claims_of(caller.token)["iat"], UTC)
    client_id = claims_of(caller.token)["client_id"]
    before = issued_at.replace(year=issued_at.year - 1)
    await revoke(own_hub.connection, Revoked.CLIENT, client_id, before)
    await asyncio.sleep(1.2)
    assert httpx.codes.OK == (await caller.post({"query": REGION})).status_code


async def test_what_matters_no_longer_is_forgotten(own_hub: ServedHub) -> None:
    """A revocation is kept for as long as a token can be good, and no longer."""
    now = system_clock()
    for when in (now, now.replace(year=now.year - 1)):
        await revoke(own_hub.connection, Revoked.TOKEN, "some", when)
    await forget_the_past(own_hub.connection, now)
    assert 1 == await own_hub.connection.fetchval("SELECT count(*) FROM access_revocation")


async def about(hub: ServedHub, path: str, token: str, auth: tuple[str, str] | None) -> httpx.Response:
    """Ask the issuer about a token."""
    return await hub.http.post(f"/oauth/{path}", data={"token": token}, auth=auth or httpx.USE_CLIENT_DEFAULT)


async def secret_of(hub: ServedHub, client_id: str) -> tuple[str, str]:
    """Register a client; its id and secret."""
    client, secret = new_client("a test", (Scope.REGION_READ,), COUNTRY, system_clock(), client_id)
    await insert_client(hub.connection, client)
    return client_id, secret


async def test_a_client_asks_about_its_own_tokens_and_gives_them_back(own_hub: ServedHub) -> None:
    """About others' it is told that they are not active; another's it cannot revoke; what is no token is no error."""
    own, other = await secret_of(own_hub, "own"), await secret_of(own_hub, "other")
    answer = await own_hub.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=own)
    token = answer.json()["access_token"]
    told = (await about(own_hub, "introspect", token, own)).json()
    claims = claims_of(token)
    assert {
        name: claims[name] for name in ("iss", "aud", "sub", "client_id", "scope", "exp", "iat", "jti")
    } == {name: told[name] for name in told if name not in ("active", "token_type")}
    assert (True, "Bearer") == (told["active"], told["token_type"])
    assert {"active": False} == (await about(own_hub, "introspect", token, other)).json()
    assert (400, "invalid_grant") == outcome(await about(own_hub, "revoke", token, other))
    assert httpx.codes.OK == (await GraphCaller(own_hub.http, token).post({"query": REGION})).status_code
    assert [200, 200, 200] == [
        (await about(own_hub, "revoke", each, own)).status_code for each in (token, token, "garbage")
    ]
    assert await seconds_until_refused(own_hub, token) < WITHIN_SECONDS
    assert {"active": False} == (await about(own_hub, "introspect", token, own)).json()


@pytest.mark.parametrize("path", ["introspect", "revoke"])
async def test_nobody_else_asks_about_tokens(own_hub: ServedHub, path: str) -> None:
    """Without a secret, with a wrong one, without a token, by GET, with parameters in the address."""
    auth = await secret_of(own_hub, "own")
    assert (401, "invalid_client") == outcome(await about(own_hub, path, "x", None))
    assert (401, "invalid_client") == outcome(await about(own_hub, path, "x", ("own", "wrong")))
    assert (400, "invalid_request") == outcome(
        await own_hub.http.post(f"/oauth/{path}", data={"a": "b"}, auth=auth)
    )
    assert 405 == (await own_hub.http.get(f"/oauth/{path}", auth=auth)).status_code
    in_address = await own_hub.http.post(f"/oauth/{path}?token=x", data={"token": "x"}, auth=auth)
    assert (400, "invalid_request") == outcome(in_address)
    hinted = {"token": "x", "token_type_hint": "anything"}
    assert 200 == (await own_hub.http.post(f"/oauth/{path}", data=hinted, auth=auth)).status_code
