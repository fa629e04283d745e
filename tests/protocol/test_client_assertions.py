"""`private_key_jwt` over real HTTP: what proves who a client is, and that nothing else does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from hub.access.keys import load_or_create_keys
from hub.access.signatures import import_key
from tests.lib.forging import encoded
from tests.lib.proofs import without_none
from tests.lib.server import running
from tests.protocol.test_oauth import GRANT, ISSUER_URL, START, Hub, Register, outcome

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY, OTHER_KEY, EDWARDS_KEY = (
    ECKey.generate_key("P-256"),
    ECKey.generate_key("P-256"),
    OKPKey.generate_key("Ed25519"),
)
NOW = int(START.timestamp())


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub whose client gov-a has registered two keys; gov-b has one of its own."""
    register = Register()
    subject = Hub(register, load_or_create_keys(tmp_path_factory.mktemp("keys")))
    for name, keys in (("gov-a", (KEY, EDWARDS_KEY)), ("gov-b", (OTHER_KEY,))):
        register.add(name)
        pems = dict(import_key(key.as_pem(private=False)) for key in keys)
        register.clients[name] = replace(register.clients[name], keys=pems)
    with running(subject.app()) as subject.url:
        yield subject


NUMBERS = iter(range(1_000_000))


def assertion(key: ECKey | OKPKey | OctKey = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A good assertion of gov-a's, with changes; a None takes a member away."""
    algorithm = {"EC": "ES256", "OKP": "Ed25519", "oct": "HS256"}[str(key.key_type)]
    good = {
        "iss": "gov-a",
        "sub": "gov-a",
        "aud": ISSUER_URL,
        "exp": NOW + 60,
        "iat": NOW,
        "jti": f"assertion-{next(NUMBERS)}",
    }
    head = without_none({"alg": algorithm} | (header or {}))
    return jwt.encode(head, without_none(good | claims), key, algorithms=[algorithm], default_type=None)


def ask(hub: Hub, text: str, **parameters: str) -> httpx.Response:
    """Ask for a token with an assertion."""
    return hub.post(
        data=GRANT | {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text} | parameters
    )


GOOD = {
    "as it is": {},
    "for the token endpoint": {"aud": f"{ISSUER_URL}/oauth/token"},
    "for both": {"aud": [ISSUER_URL, f"{ISSUER_URL}/oauth/token"]},
    "with the key's thumbprint": {"header": {"kid": KEY.thumbprint()}},
    "with the key's id": {"header": {"kid": import_key(KEY.as_pem(private=False))[0]}},
    "with another key of the client's": {"key": EDWARDS_KEY},
    "with the type of RFC 7523bis": {"header": {"typ": "client-authentication+jwt"}},
    "without iat": {"iat": None},
    "by a clock that is late": {"exp": NOW - 59},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD)
def test_a_good_assertion_gets_a_token(hub: Hub, changes: Any) -> None:
    """That opens what the client may."""
    answer = ask(hub, assertion(**changes))
    assert 200 == answer.status_code, answer.text
    assert "gov-a" == hub.me(answer.json()["access_token"]).json()["client_id"]


BENT = {
    "for another": {"aud": "https://other.example"},
    "for us and another": {"aud": [ISSUER_URL, "https://other.example"]},
    "for nobody": {"aud": None},
    "for an empty list": {"aud": []},
    "for a number": {"aud": 5},
    "of another issuer": {"iss": "gov-b"},
    "about another client": {"sub": "gov-b"},
    "about nobody": {"sub": None},
    "about a number": {"sub": 5},
    "about an unknown client": {"sub": "nobody", "iss": "nobody"},
    "in another client's name": {"sub": "gov-b", "iss": "gov-b"},
    "with another client's key": {"key": OTHER_KEY},
    "with a secret": {"key": OctKey.generate_key(256)},
    "over": {"exp": NOW - 60},
    "good for ever": {"exp": NOW + 7200},
    "without an end": {"exp": None},
    "end a string": {"exp": str(NOW + 60)},
    "end beyond the calendar": {"exp": 10**20},
    "end NaN": {"exp": float("nan")},
    "not yet good": {"nbf": NOW + 120},
    "of tomorrow": {"iat": NOW + 86_400},
    "without an id": {"jti": None},
    "with an empty id": {"jti": ""},
    "with a number for an id": {"jti": 5},
    "with an endless id": {"jti": "x" * 300},
    "naming another key": {"header": {"kid": "other"}},
    "with a key of its own": {"header": {"jwk": KEY.as_dict(private=False)}},
    "with keys elsewhere": {"header": {"jku": "https://evil.example/jwks.json"}},
    "typed as an access token": {"header": {"typ": "at+jwt"}},
    "typed as a proof": {"header": {"typ": "dpop+jwt"}},
}


@pytest.mark.parametrize("changes", BENT.values(), ids=BENT)
def test_a_bent_assertion_is_refused(hub: Hub, changes: Any) -> None:
    """Always alike: 401 invalid_client, whatever is wrong."""
    answer = ask(hub, assertion(**changes))
    assert (401, "invalid_client") == outcome(answer)
    assert "The client assertion proves nothing." == answer.json()["error_description"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a.b.c",
        f"{encoded({'alg': 'none'})}.{encoded({'sub': 'gov-a'})}.",
        f"{encoded([])}.e30.AA",
        "x" * 9000,
    ],
    ids=["empty", "one part", "garbage", "unsigned", "header a list", "too long"],
)
def test_what_is_no_assertion_is_refused(hub: Hub, text: str) -> None:
    """401, or 400 for a form without the parameter; never 500."""
    assert outcome(ask(hub, text)) in ((401, "invalid_client"), (400, "invalid_request"))


def test_an_assertion_is_good_once(hub: Hub) -> None:
    """The second time it is a replay; another client may use the same id."""
    text = assertion(jti="once")
    assert [200, 401] == [ask(hub, text).status_code for _ in range(2)]
    assert 200 == ask(hub, assertion(OTHER_KEY, iss="gov-b", sub="gov-b", jti="once")).status_code


def test_one_way_and_not_two(hub: Hub) -> None:
    """A secret beside the assertion, and a name that is another's."""
    both = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion()}
    assert (400, "invalid_request") == outcome(hub.post(data=GRANT | both, auth=("gov-a", "x")))
    assert (400, "invalid_request") == outcome(ask(hub, assertion(), client_secret="x"))
    assert (401, "invalid_client") == outcome(ask(hub, assertion(), client_id="gov-b"))
    other = {"client_assertion_type": "urn:other", "client_assertion": assertion()}
    assert (401, "invalid_client") == outcome(hub.post(data=GRANT | other))


def test_a_disabled_client_proves_nothing(hub: Hub) -> None:
    """Its keys do not count any more."""
    hub.register.add("gov-c")
    pems = dict([import_key(OTHER_KEY.as_pem(private=False))])
    hub.register.clients["gov-c"] = replace(hub.register.clients["gov-c"], keys=pems, disabled_at=START)
    hub.now += timedelta(seconds=3)
    try:
        answer = ask(hub, assertion(OTHER_KEY, iss="gov-c", sub="gov-c", exp=NOW + 120))
    finally:
        hub.now -= timedelta(seconds=3)
    assert (401, "invalid_client") == outcome(answer)


def test_nobody_registers_a_client_from_outside(hub: Hub) -> None:
    """RFC 7591, 7592 and request objects by address (RFC 9101) are not there."""
    for path in ("/oauth/register", "/oauth/clients", "/oauth/par", "/connect/register"):
        assert 404 == httpx.post(f"{hub.url}{path}", json={}).status_code
    answer = ask(hub, assertion(), request_uri="https://evil.example/request")
    assert 200 == answer.status_code  # and nobody went there: the parameter means nothing
