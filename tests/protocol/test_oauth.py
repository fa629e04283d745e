"""The issuer over real HTTP, as clients of our own and of others use it and as attackers abuse it."""

import base64
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from joserfc import jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.clients import Client, ClientDirectory, hash_secret, new_client, verify_secret
from hub.access.issuer import Issuer
from hub.access.issuer_routes import build_issuer_routes
from hub.access.keys import SigningKeys, load_or_create_keys
from hub.access.refusals import TokenError, refusal_response
from hub.access.trusted_issuer import TrustedIssuer
from schema.reach import COUNTRY
from schema.scopes import Scope
from tests.lib.access import authentication
from tests.lib.server import running

# As behind a proxy that ends TLS: the public URL is not the one that the server sees.
ISSUER_URL = "https://hub.example"
AUDIENCE = "https://hub.example/graphql"
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
GRANT = {"grant_type": "client_credentials"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SCOPES = (Scope.PHARMACY_READ, Scope.REGION_READ)


@dataclass
class Register:
    """The client table, in memory: counts how often it is read, and can be out of order."""

    clients: dict[str, Client] = field(default_factory=dict)
    reads: int = 0
    broken: bool = False

    def add(self, client_id: str, now: datetime = START) -> str:
        """Register a client, as another process would; returns its secret."""
        client, secret = new_client(f"name of {client_id}", SCOPES, COUNTRY, now, client_id)
        self.clients[client_id] = client
        return secret

    def disable(self, client_id: str, now: datetime) -> None:
        """Disable a client, as another process would."""
        old = self.clients[client_id]
        self.clients[client_id] = replace(old, disabled_at=now)

    async def fetch(self) -> list[Client]:
        """What the store's fetch_clients answers."""
        self.reads += 1
        if self.broken:
            raise ConnectionError("the database is away")
        return list(self.clients.values())


@dataclass
class Hub:
    """A running hub: the issuer, and one resource that its tokens open."""

    register: Register
    keys: SigningKeys
    now: datetime = START
    url: str = ""

    def app(self) -> Starlette:
        """The issuer's routes and `/me`, which says who is calling."""
        directory = ClientDirectory(self.register.fetch, lambda: self.now)
        issuer = Issuer(ISSUER_URL, AUDIENCE, self.keys, directory, lambda: self.now)
        own = TrustedIssuer(ISSUER_URL, AUDIENCE, self.keys)
        entrance = authentication([own], lambda: self.now, ISSUER_URL)

        async def me(request: Request) -> Response:
            try:
                caller = await entrance.caller(request)
            except TokenError as error:
                return refusal_response(error)
            return JSONResponse({"client_id": caller.client_id, "scopes": sorted(caller.scopes)})

        return Starlette(routes=[*build_issuer_routes(issuer), Route("/me", me)])

    def ask(self, client_id: str, secret: str, **parameters: str) -> httpx.Response:
        """Ask the token endpoint the plain way."""
        return self.post(data=GRANT | parameters, auth=(client_id, secret))

    def post(self, **request: Any) -> httpx.Response:
        """Any request to the token endpoint."""
        return httpx.post(f"{self.url}/oauth/token", **request)

    def me(self, token: str) -> httpx.Response:
        """Use a token."""
        return httpx.get(f"{self.url}/me", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A running hub with a clock that stands still and no clients yet."""
    subject = Hub(Register(), load_or_create_keys(tmp_path))
    with running(subject.app()) as url:
        subject.url = url
        yield subject


@pytest.fixture
def secret(hub: Hub) -> str:
    """The secret of the client `gov-a`, which may read pharmacies and regions."""
    return hub.register.add("gov-a")


def outcome(response: httpx.Response) -> tuple[int, str]:
    """Status and OAuth error code."""
    return response.status_code, response.json().get("error", "")


def test_a_client_gets_a_token_with_all_its_scopes(hub: Hub, secret: str) -> None:
    """Asked for no scope, the answer names all scopes and a lifetime of 300 s, and forbids caching."""
    response = hub.ask("gov-a", secret)
    body = response.json()
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert {name: body[name] for name in body if name != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "pharmacy:read region:read",
    }


def test_the_token_opens_the_resource(hub: Hub, secret: str) -> None:
    """What the issuer signs, the verifier takes."""
    token = hub.ask("gov-a", secret).json()["access_token"]
    assert hub.me(token).json() == {"client_id": "gov-a", "scopes": ["pharmacy:read", "region:read"]}


def test_a_narrower_scope_narrows_the_token(hub: Hub, secret: str) -> None:
    """A client may ask for less than it could have."""
    token = hub.ask("gov-a", secret, scope="region:read").json()["access_token"]
    assert hub.me(token).json()["scopes"] == ["region:read"]


def test_the_token_is_over_after_its_lifetime(hub: Hub, secret: str) -> None:
    """300 s and the leeway later the resource answers 401 with a challenge."""
    token = hub.ask("gov-a", secret).json()["access_token"]
    hub.now += timedelta(seconds=306)
    response = hub.me(token)
    assert (outcome(response), "WWW-Authenticate" in response.headers) == ((401, "invalid_token"), True)


@pytest.mark.parametrize("scope", ["feed:read", "region:read feed:read", "no:such", "REGION:READ"])
def test_too_wide_a_scope_is_refused(hub: Hub, secret: str, scope: str) -> None:
    """A scope that the client does not hold, or nobody does, is an error and not silently trimmed."""
    assert outcome(hub.ask("gov-a", secret, scope=scope)) == (400, "invalid_scope")


def test_unknown_client_and_wrong_secret_look_alike(hub: Hub, secret: str) -> None:
    """Both get the same 401 and the same body: nobody learns which clients exist."""
    wrong, unknown = hub.ask("gov-a", secret + "x"), hub.ask("nobody", secret)
    assert outcome(wrong) == (401, "invalid_client")
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text)
    assert wrong.headers["WWW-Authenticate"] == 'Basic realm="baogong"'


@pytest.mark.parametrize(
    "credentials",
    [
        b"Basic " + base64.b64encode("政务:密".encode("gb18030")),
        b"Basic " + base64.b64encode(b"\xff\xfe:\xff"),
        "Basic 密码".encode(),
        b"Basic !!!",
        b"Basic",
        b"Basic " + base64.b64encode(b"gov-a"),
        b"Basic " + base64.b64encode(b"gov-a:"),
        b"Basic " + base64.b64encode(b":"),
        b"Basic " + base64.b64encode(b"gov-a:%ff%00"),
        b"Bearer abc",
        b"",
    ],
)
def test_odd_basic_headers_are_refused(hub: Hub, credentials: bytes) -> None:
    """Whatever stands in the header, GB18030 too, the answer is 401 and never 500."""
    response = hub.post(data=GRANT, headers=[(b"Authorization", credentials)])
    assert outcome(response) == (401, "invalid_client")


def test_no_credentials_are_refused(hub: Hub) -> None:
    """A request without an Authorization header gets the challenge."""
    assert outcome(hub.post(data=GRANT)) == (401, "invalid_client")


def test_two_authorization_headers_are_refused(hub: Hub, secret: str) -> None:
    """A proxy and the hub might each look at another one."""
    basic = b"Basic " + base64.b64encode(f"gov-a:{secret}".encode())
    assert outcome(hub.post(data=GRANT, headers=[(b"Authorization", basic)] * 2)) == (401, "invalid_client")


def test_a_secret_in_the_query_string_is_refused(hub: Hub, secret: str) -> None:
    """Query strings end up in logs, so nothing is read from them."""
    query = GRANT | {"client_id": "gov-a", "client_secret": secret}
    assert outcome(hub.post(params=query, data=GRANT)) == (400, "invalid_request")


def test_a_secret_in_the_body_is_refused(hub: Hub, secret: str) -> None:
    """Only client_secret_basic is offered, as the metadata say."""
    body = GRANT | {"client_id": "gov-a", "client_secret": secret}
    assert outcome(hub.post(data=body)) == (401, "invalid_client")


def test_the_secret_sent_in_two_ways_is_refused(hub: Hub, secret: str) -> None:
    """RFC 6749 §2.3: one authentication method per request."""
    assert outcome(hub.ask("gov-a", secret, client_secret=secret)) == (400, "invalid_request")


@pytest.mark.parametrize(
    "request_parts",
    [
        {"json": GRANT},
        {"content": b"grant_type=client_credentials"},
        {"content": b"grant_type=client_credentials", "headers": {"Content-Type": "text/plain"}},
        {"files": {"grant_type": (None, "client_credentials")}},
        {"content": b"scope=region%3Aread", "headers": FORM},
        {"content": b"", "headers": FORM},
        {"content": b"grant_type=client_credentials&grant_type=client_credentials", "headers": FORM},
        {"content": b"grant_type=client_credentials&scope=%ff", "headers": FORM},
        {"content": "grant_type=客户端".encode("gb18030"), "headers": FORM},
        {"content": b"grant_type=client_credentials&scope=" + b"a" * 20_000, "headers": FORM},
        {"content": b"&".join(b"p%d=1" % number for number in range(100)), "headers": FORM},
    ],
    ids=[
        "JSON",
        "no content type",
        "plain text",
        "multipart",
        "no grant type",
        "empty",
        "a parameter twice",
        "not UTF-8",
        "not percent-encoded",
        "too long",
        "too many parameters",
    ],
)
def test_a_body_that_is_no_proper_form_is_refused(
    hub: Hub, secret: str, request_parts: dict[str, Any]
) -> None:
    """Anything but one small urlencoded form is invalid_request."""
    assert outcome(hub.post(auth=("gov-a", secret), **request_parts)) == (400, "invalid_request")


def test_a_content_type_with_charset_is_taken(hub: Hub, secret: str) -> None:
    """Many clients add the charset."""
    headers = {"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}
    response = hub.post(content=b"grant_type=client_credentials", headers=headers, auth=("gov-a", secret))
    assert response.status_code == 200


@pytest.mark.parametrize("grant_type", ["password", "urn:ietf:params:oauth:grant-type:jwt-bearer", "x"])
def test_other_grants_are_not_offered(hub: Hub, secret: str, grant_type: str) -> None:
    """None that takes a password, or a token of somebody else's."""
    response = hub.ask("gov-a", secret, grant_type=grant_type)
    assert outcome(response) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token"])
def test_the_grants_of_people_are_offered_where_people_can_sign_in(
    hub: Hub, secret: str, grant_type: str
) -> None:
    """Here nobody can."""
    response = hub.ask("gov-a", secret, grant_type=grant_type, code="x", refresh_token="x")
    assert outcome(response) == (400, "unsupported_grant_type")


def test_an_error_speaks_chinese_beside_the_standard_english(hub: Hub, secret: str) -> None:
    """`message` is Chinese; `error_description` stays ASCII, as RFC 6749 demands; nothing is cached."""
    response = hub.ask("gov-a", secret, scope="feed:read")
    assert response.json()["message"] == "所要的权限范围不存在，或超出该客户端的权限。"
    assert response.json()["error_description"].isascii()
    assert response.headers["Cache-Control"] == "no-store"


def test_a_client_added_elsewhere_works_at_once(hub: Hub, secret: str) -> None:
    """A client that another process registers gets its token without a restart."""
    hub.ask("gov-a", secret)
    added = hub.register.add("gov-b")
    hub.now += timedelta(milliseconds=250)
    assert hub.ask("gov-b", added).status_code == 200


def test_a_client_disabled_elsewhere_is_refused_within_seconds(hub: Hub, secret: str) -> None:
    """When the snapshot is older than three seconds it is read again before it is trusted."""
    before = hub.ask("gov-a", secret).status_code
    hub.register.disable("gov-a", hub.now)
    hub.now += timedelta(seconds=3)
    assert (before, outcome(hub.ask("gov-a", secret))) == (200, (401, "invalid_client"))


def test_a_flood_of_unknown_clients_is_one_read(hub: Hub) -> None:
    """Forty unknown ids at once within one instant read the table once."""
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda number: hub.ask(f"nobody-{number}", "x").status_code, range(40))
        assert set(answers) == {401}
    assert hub.register.reads == 1


def test_a_known_client_does_not_read_the_table(hub: Hub, secret: str) -> None:
    """Within the snapshot's age the table is left alone."""
    answers = [hub.ask("gov-a", secret).status_code for _ in range(3)]
    assert (answers, hub.register.reads) == ([200, 200, 200], 1)


def test_no_token_while_the_clients_cannot_be_read(
    hub: Hub, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With a stale snapshot and no database the answer is 503, and after recovery all is well again."""
    seen = [hub.ask("gov-a", secret).status_code]
    for step, broken in [(3.0, True), (0.1, True), (0.3, False)]:
        hub.now += timedelta(seconds=step)
        hub.register.broken = broken
        seen.append(hub.ask("gov-a", secret).status_code)
    assert (seen, hub.register.reads) == ([200, 503, 503, 200], 3)
    assert "cannot be read" in caplog.text


def test_a_clock_set_back_counts_as_stale(hub: Hub, secret: str) -> None:
    """After the clock jumped back the snapshot is read again rather than trusted for hours."""
    hub.ask("gov-a", secret)
    hub.now -= timedelta(hours=1)
    hub.register.disable("gov-a", hub.now)
    assert outcome(hub.ask("gov-a", secret)) == (401, "invalid_client")


def test_neither_secret_nor_token_is_logged(hub: Hub, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    """With all loggers at DEBUG neither appears; Authlib's own logger would write the token."""
    caplog.set_level(logging.DEBUG)
    token = hub.ask("gov-a", secret).json()["access_token"]
    hub.me(token)
    assert [word in caplog.text for word in (secret, token)] == [False, False]


def test_the_metadata_describe_the_issuer(hub: Hub) -> None:
    """RFC 8414, with the public URL and every scope there is."""
    assert httpx.get(f"{hub.url}/.well-known/oauth-authorization-server").json() == {
        "issuer": ISSUER_URL,
        "token_endpoint": f"{ISSUER_URL}/oauth/token",
        "jwks_uri": f"{ISSUER_URL}/oauth/jwks.json",
        "scopes_supported": [str(scope) for scope in Scope],
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "Ed25519"],
        "dpop_signing_alg_values_supported": ["ES256", "Ed25519"],
        "tls_client_certificate_bound_access_tokens": False,
    }


def test_the_published_keys_verify_a_token(hub: Hub, secret: str) -> None:
    """A stranger who has only the JWKS can verify our tokens."""
    token = hub.ask("gov-a", secret).json()["access_token"]
    published = KeySet.import_key_set(httpx.get(f"{hub.url}/oauth/jwks.json").json())
    claims = jwt.decode(token, published, algorithms=["ES256"]).claims
    assert claims["client_id"] == "gov-a"


def test_the_token_endpoint_takes_only_post(hub: Hub) -> None:
    """GET would carry its parameters in the URL."""
    assert httpx.get(f"{hub.url}/oauth/token").status_code == 405


def test_requests_oauthlib_works(hub: Hub, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """oauthlib, which knows nothing of us, gets a token and calls with it."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # it wants https even on loopback
    with OAuth2Session(client=BackendApplicationClient("gov-a", scope=["region:read"])) as session:
        session.fetch_token(f"{hub.url}/oauth/token", client_id="gov-a", client_secret=secret)
        assert session.get(f"{hub.url}/me").json() == {"client_id": "gov-a", "scopes": ["region:read"]}


def test_authlib_client_works(hub: Hub, secret: str) -> None:
    """Authlib's own client gets a token and calls with it."""
    with AuthlibSession("gov-a", secret, scope="region:read") as session:
        session.fetch_token(f"{hub.url}/oauth/token", grant_type="client_credentials")
        assert session.get(f"{hub.url}/me").json() == {"client_id": "gov-a", "scopes": ["region:read"]}


@pytest.mark.parametrize(
    "url",
    ["http://hub.example", "https://hub.example/", "https://hub.example/a", "https://h.example?x", "hub"],
)
def test_an_issuer_url_that_clients_cannot_trust_stops_the_start(tmp_path: Path, url: str) -> None:
    """The issuer is a plain https origin, or http on loopback."""
    register, keys = Register(), load_or_create_keys(tmp_path)
    with pytest.raises(ValueError, match="https://"):
        Issuer(url, AUDIENCE, keys, ClientDirectory(register.fetch, lambda: START), lambda: START)


@pytest.mark.parametrize(
    ("client_id", "scopes"),
    [("a:b", SCOPES), ("", SCOPES), ("客户", SCOPES), ("gov-a", ["no:such"]), ("gov-a", [])],
)
def test_a_client_that_cannot_work_is_not_made(client_id: str, scopes: list[str]) -> None:
    """A colon would split a Basic header wrongly; an unknown scope could never be granted."""
    with pytest.raises(ValueError, match="/"):
        new_client("name", scopes, COUNTRY, START, client_id)


def test_a_secret_needs_no_encoding_and_is_not_kept() -> None:
    """Secrets use only [A-Za-z0-9_-]; the record holds, and shows, none of it."""
    client, secret = new_client("name", SCOPES, COUNTRY, START)
    assert set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    assert [secret in text for text in (client.secret_hash, repr(client))] == [False, False]


def test_a_secret_is_hashed_with_its_own_salt() -> None:
    """Two hashes of one secret differ, and each still verifies."""
    hashes = [hash_secret("same") for _ in range(2)]
    clients = [Client("a", "a", stored, frozenset(SCOPES), COUNTRY, START) for stored in hashes]
    assert hashes[0] != hashes[1]
    assert [verify_secret(client, secret) for client in clients for secret in ("same", "Same")] == [
        True,
        False,
        True,
        False,
    ]
