"""A hub that serves its graph over real HTTP, and callers with tokens of its own issuer."""

import asyncio
import secrets
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import uvicorn
from joserfc.util import json_b64decode

import connectors
from hub.access.clients import new_client
from hub.access.store import insert_client, insert_key
from hub.cli.demo import platform_deliveries
from hub.cli.serve import hub_server
from hub.clock import system_clock
from hub.config import Settings
from schema.reach import COUNTRY, Reach
from schema.scopes import READ_SCOPES, WRITE_SCOPES, Scope
from tests.lib.hub import TestHub

SAMPLES = Path(connectors.__file__).parent
REGISTRATION = SAMPLES / "registration" / "samples"
POSTAL = SAMPLES / "postal" / "samples"
HEALTH = SAMPLES / "hospital" / "samples" / "demo-health-gd"
PRODUCTION = SAMPLES / "production" / "samples"
CHAIN = "demo-chain-a"
STORES = SAMPLES / "pharmacy" / "samples" / CHAIN / "stores.csv"
ON_SALE = SAMPLES / "pharmacy" / "samples" / CHAIN / "on_sale.csv"

#: a medicine of the samples that the chain has on sale
DIGOXIN = "国药准字H20099007"

#: JSON as GraphQL answers it
Json = dict[str, Any]


def claims_of(token: str) -> Json:
    """What a token says, unchecked."""
    claims: Json = json_b64decode(token.split(".")[1].encode("ascii"))
    return claims


def nodes(connection: Json) -> list[Json]:
    """The nodes of a page."""
    return [edge["node"] for edge in connection["edges"]]


async def take_samples(hub: TestHub) -> None:
    """Take in the demo's medicines, lists, production, platforms, a chain's stores, a platform's hospitals."""
    for path in sorted(REGISTRATION.iterdir()):
        await hub.take("registration", path)
    for name in ("monthly_report.xlsx", "monthly_report.json", "notices.jsonl"):
        await hub.take("production", PRODUCTION / name)
    for delivery, path in platform_deliveries():
        await hub.take("procurement", path, sender=delivery.sender_code, as_of=delivery.as_of)
    for path in (STORES, ON_SALE, HEALTH / "institutions.csv", HEALTH / "formulary.csv"):
        sender = path.parent.name
        await hub.take("pharmacy" if sender == CHAIN else "hospital", path, sender=sender)
    for name in ("outlets.zip", "partner_pharmacies.csv", "service_areas.xml", "consignments.jsonl"):
        await hub.take("postal", POSTAL / name)
    for feed in ("essential_medicines", "insurance_list"):
        for path in sorted((SAMPLES / feed / "samples").iterdir()):
            await hub.take(feed, path)
    for feed in ("drug_lists", "reserve_lists"):
        for path in sorted((SAMPLES / feed / "samples").glob("*/*")):
            await hub.take(feed, path, sender=path.parent.name)


@dataclass(frozen=True, slots=True)
class GraphCaller:
    """A client of the hub that has its token."""

    http: httpx.AsyncClient
    token: str

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        """Send a body to the graph: text and bytes as they are, anything else as JSON."""
        content = {"content": body} if isinstance(body, str | bytes) else {"json": body}
        default = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return await self.http.post("/graphql", headers={**default, **headers}, **content)

    async def ask(self, document: str, **variables: Any) -> Json:
        """The whole answer to a document, errors included; what is no GraphQL answer fails the test."""
        response = await self.post({"query": document, "variables": variables})
        answer: Json = response.json()
        assert "data" in answer or "errors" in answer, response.text
        return answer

    async def data(self, document: str, **variables: Any) -> Json:
        """The data of an answer that has no errors."""
        answer = await self.ask(document, **variables)
        assert "errors" not in answer, answer["errors"]
        data: Json = answer["data"]
        return data

    async def codes(self, document: str, **variables: Any) -> set[str | None]:
        """The codes of an answer's errors; None stands for errors of the language itself, which have none."""
        errors = (await self.ask(document, **variables)).get("errors", [])
        return {error.get("extensions", {}).get("code") for error in errors}


@dataclass(frozen=True, slots=True)
class ServedHub:
    """A hub that answers at an address, and a connection to its database."""

    http: httpx.AsyncClient
    connection: asyncpg.Connection
    settings: Settings
    server: uvicorn.Server

    def stop(self) -> None:
        """Have it stop, as a signal does."""
        self.server.should_exit = True

    async def caller(
        self,
        *scopes: Scope,
        sender: str | None = None,
        key: tuple[str, str] | None = None,
        reach: Reach = COUNTRY,
    ) -> GraphCaller:
        """Register a client that may ask for these scopes (none named: all that read) and fetch its token.

        `key` is the id and PEM of a public key by which it signs what it pushes.

        One that may write is bound to a sender, to some other than any test's where none is named.
        """
        if sender is None and WRITE_SCOPES & set(scopes):
            sender = "somebody-else"
        client, secret = new_client(
            "a test", scopes or READ_SCOPES, reach, system_clock(), f"test-{secrets.token_hex(4)}", sender
        )
        await insert_client(self.connection, client)
        if key is not None:
            await insert_key(self.connection, client.client_id, *key, system_clock())
        for _ in range(50):
            answer = await self.http.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, auth=(client.client_id, secret)
            )
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
            await asyncio.sleep(0.05)  # right after a look at the clients the issuer does not look again
        return GraphCaller(self.http, answer.raise_for_status().json()["access_token"])


@dataclass(frozen=True, slots=True)
class SharedHub(ServedHub):
    """A hub that serves one test after the other. Its clients are kept, for it looks for new ones now and then only."""

    #: tokens by what their client was registered with
    tokens: dict[Any, str]

    async def caller(self, *scopes: Scope, **bound: Any) -> GraphCaller:
        """As of any hub; whoever may do the same is the same client."""
        key = (scopes, *sorted(bound.items()))
        if key not in self.tokens:
            self.tokens[key] = (await super(SharedHub, self).caller(*scopes, **bound)).token
        return GraphCaller(self.http, self.tokens[key])


_HOUR = 3_600
#: made once: reading the authorities' certificates takes longer than most tests
_TLS = ssl.create_default_context()


def client_of(base: str) -> httpx.AsyncClient:
    """A client of the server at an address; close it."""
    return httpx.AsyncClient(base_url=base, timeout=60, trust_env=False, verify=_TLS)


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[ServedHub]:
    """Serve a hub as `baogong serve` does, on a free port and in the loop of the test."""
    assert settings.database_url is not None
    here = on_free_port(settings)
    connection = await asyncpg.connect(settings.database_url)
    try:
        async with hub_server(here, settings.database_url) as server:
            try:
                async with client_of(here.hub_origin) as http:
                    yield ServedHub(http, connection, here, server)
            finally:
                server.should_exit = True
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Running:
    """A hub that is served in a thread of its own."""

    settings: Settings
    server: uvicorn.Server
    tokens: dict[Any, str]

    @asynccontextmanager
    async def met(self) -> AsyncIterator[SharedHub]:
        """The hub, for a test in a loop of its own."""
        connection = await asyncpg.connect(self.settings.database_url)
        try:
            async with client_of(self.settings.hub_origin) as http:
                yield SharedHub(http, connection, self.settings, self.server, self.tokens)
        finally:
            await connection.close()


@contextmanager
def served_beside(settings: Settings) -> Iterator[Running]:
    """Serve a hub in a thread of its own, for many tests, whose loops come and go. Its tokens outlive them."""
    here = on_free_port(settings).model_copy(update={"token_seconds": _HOUR})
    started: Future[uvicorn.Server] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(here, started)), name="shared-hub")
    thread.start()
    try:
        yield Running(here, started.result(60), {})
    finally:
        started.result().should_exit = True
        thread.join()


async def _serve(settings: Settings, started: "Future[uvicorn.Server]") -> None:
    assert settings.database_url is not None
    try:
        async with hub_server(settings, settings.database_url) as server:
            started.set_result(server)
    except BaseException as error:
        if started.done():
            raise
        started.set_exception(error)


def on_free_port(settings: Settings) -> Settings:
    """The same settings for a hub at an address of its own."""
    return settings.model_copy(update={"port": _free_port()})


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
