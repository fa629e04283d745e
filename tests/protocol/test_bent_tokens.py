"""The table of bent tokens and odd headers, as the hub is served: always 401 or 403, never 500, never data."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from math import ceil

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hub.access.keys import list_keys, load_or_create_keys, rotate
from hub.clock import system_clock
from tests.lib.forging import Forger, mutations
from tests.lib.graph import ServedHub
from tests.lib.samples import stores
from tests.protocol.test_push import CSV, digest_of
from tests.protocol.test_subscriptions import PROTOCOL, address

REGION = '{ region(code: "44") { code } }'
DATA = b"440000"


def forger_of(hub: ServedHub) -> Forger:
    """Somebody who has got hold of the hub's own keys, and still bends what it signs."""
    if len(list_keys(hub.settings.key_dir)) < 2:
        rotate(hub.settings.key_dir)  # which the hub notices
    origin = hub.settings.hub_origin
    now = ceil(system_clock().timestamp())
    return Forger(origin, origin, load_or_create_keys(hub.settings.key_dir), now)


def bent(hub: ServedHub) -> Iterator[tuple[str, str]]:
    """All bent tokens that can be sent in a header at all, each made when it is asked for: some have to be fresh."""
    for name in mutations(forger_of(hub)):
        token = mutations(forger_of(hub))[name]()
        # a blank or a line break at the end is no part of a header's value
        if token and token.isascii() and token == token.strip():
            yield name, token


def wrong_headers(token: str) -> dict[str, list[tuple[str, str]]]:
    """Good tokens presented in ways that are none."""
    bearer = f"Bearer {token}"
    return {
        "none": [],
        "empty": [("Authorization", "")],
        "scheme only": [("Authorization", "Bearer")],
        "no scheme": [("Authorization", token)],
        "another scheme": [("Authorization", f"Basic {token}")],
        "twice": [("Authorization", bearer)] * 2,
        "and another": [("Authorization", bearer), ("Authorization", "Basic YTpi")],
        "two in one": [("Authorization", f"{bearer}, {bearer}")],
        "quoted": [("Authorization", f'Bearer "{token}"')],
        "as a proof": [("Authorization", f"DPoP {token}")],
        "in another header": [("X-Authorization", bearer)],
        "in a cookie": [("Cookie", f"access_token={token}")],
    }


async def statuses(hub: ServedHub, headers: list[tuple[str, str]]) -> Iterable[httpx.Response]:
    """The answers of each door to one and the same headers."""
    body, http = stores("S1").encode(), hub.http
    push = list((CSV | digest_of(body)).items())
    return await asyncio.gather(
        http.post("/graphql", json={"query": REGION}, headers=headers),
        http.get("/graphql", params={"query": REGION}, headers=headers),
        http.post("/graphql", json={"query": REGION}, headers=[*headers, ("Accept", "text/event-stream")]),
        http.post("/feeds/pharmacy", content=body, headers=[*headers, *push]),
    )


async def test_the_untouched_token_is_good(own_hub: ServedHub) -> None:
    """Else the tests beside this one would show nothing."""
    token = forger_of(own_hub).signed()
    answers = await statuses(own_hub, [("Authorization", f"Bearer {token}")])
    assert [200, 200, 200, 403] == [answer.status_code for answer in answers]


async def test_no_bent_token_opens_anything(own_hub: ServedHub) -> None:
    """Of all ways to bend one, at each door: 401 with a challenge."""
    tried = 0
    for name, token in bent(own_hub):
        tried += 1
        for answer in await statuses(own_hub, [("Authorization", f"Bearer {token}")]):
            assert (401, False) == (answer.status_code, DATA in answer.content), (name, answer.text)
            assert answer.headers["WWW-Authenticate"], name
    assert tried > 70


async def test_no_odd_header_opens_anything(own_hub: ServedHub) -> None:
    """A good token in a way that is none."""
    for name, headers in wrong_headers(forger_of(own_hub).signed()).items():
        for answer in await statuses(own_hub, headers):
            assert (401, False) == (answer.status_code, DATA in answer.content), (name, answer.text)


async def test_no_bent_token_opens_a_socket(own_hub: ServedHub) -> None:
    """4403, in the first message and in the headers."""

    async def closing(token: str, *, in_header: bool) -> int | None:
        authorization = {"Authorization": f"Bearer {token}"}
        async with connect(
            address(own_hub),
            subprotocols=[PROTOCOL],
            additional_headers=authorization if in_header else {},
            proxy=None,
        ) as socket:
            payload = {} if in_header else authorization
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            try:
                await asyncio.wait_for(socket.recv(), 10)
            except ConnectionClosed:
                return socket.close_code
        return None

    closed = {
        name: await closing(token, in_header=bool(number % 2))
        for number, (name, token) in enumerate(bent(own_hub))
    }
    assert dict.fromkeys(closed, 4403) == closed


async def test_what_a_first_message_says_instead_of_a_token_opens_nothing(own_hub: ServedHub) -> None:
    """Lists, numbers and two spellings of one name."""
    token = forger_of(own_hub).signed()
    payloads: list[object] = [
        None,
        [],
        "Bearer",
        {"authorization": 5},
        {"authorization": [f"Bearer {token}"]},
        {"token": token},
        {"authorization": token},
        {"authorization": "秘密"},
    ]
    for payload in payloads:
        async with connect(address(own_hub), subprotocols=[PROTOCOL], proxy=None) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            with suppress(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 10)
            assert 4403 == socket.close_code, payload
