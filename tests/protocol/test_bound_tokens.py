"""Tokens that are bound to a key, as the hub is served: without the key they open nothing, anywhere."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc.jwk import OKPKey
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hub.access.clients import new_client
from hub.access.store import insert_client
from hub.clock import system_clock
from hub.config import Settings
from schema.reach import COUNTRY
from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import ServedHub, claims_of, served
from tests.lib.proofs import Prover
from tests.lib.samples import stores
from tests.protocol.test_push import CSV, digest_of
from tests.protocol.test_subscriptions import PROTOCOL, address

REGION = '{ region(code: "44") { code } }'
CERTIFICATE_HEADER = "X-Client-Cert"


@dataclass(frozen=True)
class BoundClient:
    """A client that must be bound, its key, and how it asks."""

    hub: ServedHub
    client_id: str
    secret: str
    prover: Prover

    @property
    def origin(self) -> str:
        """The hub as clients see it."""
        return self.hub.settings.hub_origin

    async def ask(self, **headers: str) -> httpx.Response:
        """Ask for a token."""
        return await self.hub.http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(self.client_id, self.secret),
            headers=headers,
        )

    async def token(self) -> str:
        """A token that is bound to the key."""
        proof = self.prover.proof("POST", f"{self.origin}/oauth/token", system_clock())
        answer = (await self.ask(DPoP=proof)).raise_for_status().json()
        assert "DPoP" == answer["token_type"]
        return str(answer["access_token"])

    def shown(self, method: str, path: str, token: str, prover: Prover | None = None) -> dict[str, str]:
        """Token and proof for a request."""
        proof = (prover or self.prover).proof(method, f"{self.origin}{path}", system_clock(), token)
        return {"Authorization": f"DPoP {token}", "DPoP": proof}

    async def query(self, headers: dict[str, str]) -> httpx.Response:
        """Ask the graph something."""
        return await self.hub.http.post("/graphql", json={"query": REGION}, headers=headers)


@pytest.fixture
async def cert_hub(settings: Settings) -> AsyncIterator[ServedHub]:
    """A hub behind a proxy that tells of certificates."""
    async with served(settings.model_copy(update={"client_cert_header": CERTIFICATE_HEADER})) as hub:
        yield hub


async def client_of(hub: ServedHub, *scopes: Scope, sender: str | None = None) -> BoundClient:
    """Register a client that must be bound."""
    client, secret = new_client(
        "bound", scopes or READ_SCOPES, COUNTRY, system_clock(), "bound", sender, must_bind=True
    )
    await insert_client(hub.connection, client)
    return BoundClient(hub, client.client_id, secret, Prover())


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code; and a refusal never has data."""
    assert "data" not in answer.json()
    return answer.status_code, answer.json()["error"]


async def test_a_bound_token_opens_the_graph_with_its_key_only(own_hub: ServedHub) -> None:
    """With a proof for this request it does; without, with another's, with an old one, it is refused and told how."""
    client = await client_of(own_hub)
    token = await client.token()
    assert {"jkt": client.prover.thumbprint} == claims_of(token)["cnf"]
    good = client.shown("POST", "/graphql", token)
    assert {"data": {"region": {"code": "440000"}}} == (await client.query(good)).json()
    thief = Prover()
    stolen: dict[str, dict[str, str]] = {
        "as a bearer token": {"Authorization": f"Bearer {token}"},
        "without a proof": {"Authorization": f"DPoP {token}"},
        "with the proof that was seen": good,
        "with a key of one's own": client.shown("POST", "/graphql", token, thief),
        "with a proof for another address": client.shown("POST", "/feeds/pharmacy", token),
        "with a proof for another method": client.shown("GET", "/graphql", token),
        "with a proof for another token": client.shown("POST", "/graphql", await client.token())
        | {"Authorization": f"DPoP {token}"},
    }
    for way, headers in stolen.items():
        answer = await client.query(headers)
        assert 401 == answer.status_code, way
        assert refusal(answer)[1] in ("invalid_token", "invalid_dpop_proof"), way
        assert answer.headers["WWW-Authenticate"].startswith("DPoP "), way
        assert 'algs="ES256 Ed25519"' in answer.headers["WWW-Authenticate"], way


async def test_a_plain_token_is_not_taken_as_bound(own_hub: ServedHub) -> None:
    """RFC 9449 §7.1: the scheme DPoP is for tokens that name a key."""
    caller = await own_hub.caller(Scope.REGION_READ)
    url = f"{own_hub.settings.hub_origin}/graphql"
    proof = Prover().proof("POST", url, system_clock(), caller.token)
    answer = await caller.post({"query": REGION}, Authorization=f"DPoP {caller.token}", DPoP=proof)
    assert (401, "invalid_token") == refusal(answer)


async def test_a_proof_is_good_once_for_all_processes(settings: Settings) -> None:
    """What one process was shown the other does not take."""
    async with served(settings) as first:
        origin = first.settings.hub_origin
        async with served(settings.model_copy(update={"public_url": origin})) as second:
            client = await client_of(first)
            headers = client.shown("POST", "/graphql", await client.token())
            asked = [
                await hub.http.post("/graphql", json={"query": REGION}, headers=headers)
                for hub in (first, second)
            ]
    assert [200, 401] == [answer.status_code for answer in asked]


async def test_a_client_that_must_be_bound_gets_no_other_token(own_hub: ServedHub) -> None:
    """Without a proof, and with a proof that proves nothing."""
    client = await client_of(own_hub)
    assert (400, "invalid_dpop_proof") == refusal(await client.ask())
    elsewhere = client.prover.proof("POST", "https://evil.example/oauth/token", system_clock())
    assert (400, "invalid_dpop_proof") == refusal(await client.ask(DPoP=elsewhere))
    late = client.prover.proof("POST", f"{client.origin}/oauth/token", system_clock() - timedelta(minutes=5))
    assert (400, "invalid_dpop_proof") == refusal(await client.ask(DPoP=late))


async def test_any_client_may_bind_its_token(own_hub: ServedHub) -> None:
    """With a key of either kind."""
    client = await client_of(own_hub)
    await own_hub.connection.execute("UPDATE oauth_client SET must_bind = false")
    edwards = BoundClient(own_hub, client.client_id, client.secret, Prover(OKPKey.generate_key("Ed25519")))
    token = await edwards.token()
    assert 200 == (await edwards.query(edwards.shown("POST", "/graphql", token))).status_code


async def test_a_push_takes_the_key(own_hub: ServedHub) -> None:
    """A stolen token writes nothing."""
    client = await client_of(own_hub, Scope.FEED_PHARMACY_WRITE, sender="chain-a")
    token, body = await client.token(), stores("S1").encode()
    given = CSV | digest_of(body)
    stolen = given | {"Authorization": f"Bearer {token}"}
    assert 401 == (await own_hub.http.post("/feeds/pharmacy", content=body, headers=stolen)).status_code
    good = given | client.shown("POST", "/feeds/pharmacy", token)
    assert 200 == (await own_hub.http.post("/feeds/pharmacy", content=body, headers=good)).status_code


async def test_events_take_the_key(own_hub: ServedHub) -> None:
    """As any request does."""
    client = await client_of(own_hub)
    token = await client.token()
    events = {"Accept": "text/event-stream"}
    stolen = await own_hub.http.post(
        "/graphql", json={"query": REGION}, headers=events | {"Authorization": f"Bearer {token}"}
    )
    good = await own_hub.http.post(
        "/graphql", json={"query": REGION}, headers=events | client.shown("POST", "/graphql", token)
    )
    assert (401, 200) == (stolen.status_code, good.status_code)
    assert '"440000"' in good.text


@pytest.mark.parametrize("place", ["headers", "first message"])
async def test_a_socket_takes_the_key(own_hub: ServedHub, place: str) -> None:
    """The proof is for GET at the graph's address, in the headers or in the first message; stolen: 4403."""
    client = await client_of(own_hub)
    token = await client.token()

    async def said(given: dict[str, str]) -> Any:
        headers, payload = (given, None) if place == "headers" else ({}, given)
        async with connect(address(own_hub), subprotocols=[PROTOCOL], additional_headers=headers) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            try:
                return json.loads(await asyncio.wait_for(socket.recv(), 10))["type"]
            except ConnectionClosed:
                return socket.close_code

    good = client.shown("GET", "/graphql", token)
    assert "connection_ack" == await said(good)
    for stolen in (
        good,
        {"Authorization": f"Bearer {token}"},
        client.shown("GET", "/graphql", token, Prover()),
    ):
        assert 4403 == await said(stolen)


def certificate() -> x509.Certificate:
    """A client's certificate, of its own making: what counts is its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "演示 demo")])
    now = system_clock()
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, SHA256())


def as_nginx(found: x509.Certificate) -> str:
    """PEM, percent-encoded: `$ssl_client_escaped_cert`."""
    return quote(found.public_bytes(Encoding.PEM).decode())


def as_rfc9440(found: x509.Certificate) -> str:
    """DER in base64, between colons: the header `Client-Cert`."""
    return f":{base64.b64encode(found.public_bytes(Encoding.DER)).decode()}:"


async def test_a_token_is_bound_to_the_certificate_of_its_connection(cert_hub: ServedHub) -> None:
    """With it, it opens the graph; without, with another's, or with two, it does not."""
    client = await client_of(cert_hub)
    own, other = certificate(), certificate()
    answer = await client.ask(**{CERTIFICATE_HEADER: as_nginx(own)})
    token = answer.raise_for_status().json()["access_token"]
    assert ["x5t#S256"] == list(claims_of(token)["cnf"])
    bearer = ("Authorization", f"Bearer {token}")

    async def status(*certificates: str) -> int:
        headers = [bearer, *((CERTIFICATE_HEADER, each) for each in certificates)]
        return (await cert_hub.http.post("/graphql", json={"query": REGION}, headers=headers)).status_code

    for written in (as_nginx, as_rfc9440):
        assert 200 == await status(written(own))
    for given in ([], [as_nginx(other)], [as_nginx(own)] * 2, ["garbage"], [as_nginx(own)[:200]]):
        assert 401 == await status(*given)


async def test_a_certificate_counts_from_a_proxy_only(settings: Settings) -> None:
    """Whoever is no trusted proxy may write in the header what it likes."""
    changed = {"client_cert_header": CERTIFICATE_HEADER, "trusted_proxies": "192.0.2.1"}
    async with served(settings.model_copy(update=changed)) as hub:
        client = await client_of(hub)
        assert (400, "invalid_dpop_proof") == refusal(
            await client.ask(**{CERTIFICATE_HEADER: as_nginx(certificate()), "X-Forwarded-For": "192.0.2.1"})
        )


async def test_behind_a_proxy_the_clients_own_address_is_no_proxys(cert_hub: ServedHub) -> None:
    """The proxy is believed though it names somebody else as the client."""
    client = await client_of(cert_hub)
    answer = await client.ask(
        **{CERTIFICATE_HEADER: as_nginx(certificate()), "X-Forwarded-For": "203.0.113.7"}
    )
    assert 200 == answer.status_code
