"""Proofs of possession (DPoP): what is taken, and that everything else is a ProofError and nothing but a ProofError."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey
from starlette.datastructures import Headers

from hub.access.binding import Binding, binding_of
from hub.access.once import OnceHere
from hub.access.proof import LEEWAY, ProofError, Shown, proven_key
from tests.lib.proofs import Prover

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
URL = "https://hub.example/graphql"
TOKEN = "a.b.c"
SHOWN = Shown("POST", URL, TOKEN)
CLIENT = Prover()


def proof(**changes: object) -> str:
    """A good proof for `SHOWN`, with changes."""
    return CLIENT.proof("POST", URL, NOW, TOKEN, **changes)  # type: ignore[arg-type]


def headers(*proofs: str) -> Headers:
    """Headers with these proofs."""
    return Headers(raw=[(b"dpop", text.encode("utf-8", "surrogatepass")) for text in proofs])


async def proven(*proofs: str, shown: Shown = SHOWN) -> str:
    """The key that is proven, by somebody who was shown nothing before."""
    return await proven_key(headers(*proofs), shown, OnceHere(), NOW)


def hs256() -> str:
    """Signed with a secret that stands in the header for everybody to read."""
    key = OctKey.generate_key(256)
    claims = {"htm": "POST", "htu": URL, "iat": int(NOW.timestamp()), "jti": "1"}
    header = {"typ": "dpop+jwt", "alg": "HS256", "jwk": key.as_dict()}
    return jwt.encode(header, claims, key, algorithms=["HS256"])


def others_signature() -> str:
    """Its header and claims are the client's, its signature is somebody else's."""
    return proof().rpartition(".")[0] + "." + Prover().proof("POST", URL, NOW).rpartition(".")[2]


def with_header(header: object) -> str:
    """A header that no library would write, before a good proof's claims."""
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{encoded}.{proof().partition('.')[2]}"


MUTATIONS: dict[str, Callable[[], str]] = {
    "another method": lambda: proof(htm="GET"),
    "method in small letters": lambda: proof(htm="post"),
    "no method": lambda: proof(htm=None),
    "method a list": lambda: proof(htm=["POST"]),
    "another path": lambda: proof(htu="https://hub.example/oauth/token"),
    "another host": lambda: proof(htu="https://evil.example/graphql"),
    "another port": lambda: proof(htu="https://hub.example:8443/graphql"),
    "port of no sense": lambda: proof(htu="https://hub.example:x/graphql"),
    "plain http": lambda: proof(htu="http://hub.example/graphql"),
    "credentials in the address": lambda: proof(htu="https://hub.example@evil.example/graphql"),
    "no address": lambda: proof(htu=None),
    "address a number": lambda: proof(htu=5),
    "of another token": lambda: proof(ath="x" * 43),
    "of no token": lambda: proof(ath=None),
    "old": lambda: proof(iat=int((NOW - LEEWAY).timestamp()) - 1),
    "of tomorrow": lambda: proof(iat=int((NOW + LEEWAY).timestamp()) + 1),
    "no time": lambda: proof(iat=None),
    "time a string": lambda: proof(iat=str(int(NOW.timestamp()))),
    "time true": lambda: proof(iat=True),
    "time NaN": lambda: proof(iat=float("nan")),
    "time beyond the calendar": lambda: proof(iat=10**30),
    "no id": lambda: proof(jti=None),
    "empty id": lambda: proof(jti=""),
    "id a number": lambda: proof(jti=5),
    "endless id": lambda: proof(jti="x" * 300),
    "no type": lambda: proof(header={"typ": None}),
    "type of an access token": lambda: proof(header={"typ": "at+jwt"}),
    "no key": lambda: proof(header={"jwk": None}),
    "a private key": lambda: proof(header={"jwk": CLIENT.key.as_dict(private=True)}),
    "somebody else's key": lambda: proof(header={"jwk": Prover().key.as_dict(private=False)}),
    "a key of another kind": lambda: proof(
        header={"jwk": OKPKey.generate_key("Ed25519").as_dict(private=False)}
    ),
    "a key of another curve": lambda: proof(
        header={"jwk": ECKey.generate_key("P-384").as_dict(private=False)}
    ),
    "key a string": lambda: with_header({"typ": "dpop+jwt", "alg": "ES256", "jwk": "key"}),
    "header a list": lambda: with_header(["alg"]),
    "key of no kind": lambda: proof(header={"jwk": {"kty": "XX"}}),
    "key by its address": lambda: proof(header={"jku": "https://evil.example/jwks.json"}),
    "critical extension": lambda: proof(header={"crit": ["jwk"]}),
    "symmetric": hs256,
    "somebody else's signature": others_signature,
    "no signature": lambda: proof().rpartition(".")[0] + ".",
    "no proof": lambda: "",
    "garbage": lambda: "秘密",
    "too long": lambda: proof(note="x" * 5000),
}


@pytest.mark.parametrize("make", MUTATIONS.values(), ids=MUTATIONS)
async def test_a_bent_proof_proves_nothing(make: Callable[[], str]) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(ProofError):
        await proven(make())


@pytest.mark.parametrize("prover", [CLIENT, Prover(OKPKey.generate_key("Ed25519"))], ids=["ES256", "Ed25519"])
async def test_a_good_proof_names_its_key(prover: Prover) -> None:
    """By its RFC 7638 thumbprint."""
    assert prover.thumbprint == await proven(prover.proof("POST", URL, NOW, TOKEN))


@pytest.mark.parametrize(
    "url",
    [URL, "HTTPS://HUB.example:443/graphql", f"{URL}?query=x#y"],
    ids=["as it is", "other letters, port named", "with query and fragment"],
)
async def test_an_address_may_be_written_in_several_ways(url: str) -> None:
    """RFC 9449 §4.3: normalised, without query and fragment."""
    assert CLIENT.thumbprint == await proven(proof(htu=url))


async def test_no_proof_and_two_proofs_prove_nothing() -> None:
    """There is exactly one."""
    for proofs in ([], [proof(), proof()]):
        with pytest.raises(ProofError):
            await proven(*proofs)


async def test_a_proof_is_good_once() -> None:
    """The second time it is a replay, as long as it would be fresh."""
    once, text = OnceHere(), proof()
    assert CLIENT.thumbprint == await proven_key(headers(text), SHOWN, once, NOW)
    with pytest.raises(ProofError, match="before"):
        await proven_key(headers(text), SHOWN, once, NOW + timedelta(seconds=50))


async def test_a_refused_proof_uses_up_no_id() -> None:
    """Nobody can spend somebody else's ids: they count by the key, and only when all else is right."""
    once = OnceHere()
    with pytest.raises(ProofError):
        await proven_key(headers(proof(jti="1", htm="GET")), SHOWN, once, NOW)
    for prover in (CLIENT, Prover()):
        text = prover.proof("POST", URL, NOW, TOKEN, jti="1")
        assert prover.thumbprint == await proven_key(headers(text), SHOWN, once, NOW)


@given(st.text())
def test_random_text_raises_only_proof_error(text: str) -> None:
    """Whatever the text is, the only exception is ProofError."""
    with pytest.raises(ProofError):
        proven_key(
            Headers({"dpop": text.encode("utf-8", "replace").decode("latin-1")}), SHOWN, OnceHere(), NOW
        ).send(None)


@pytest.mark.parametrize(
    "claim", [[], {}, "jkt", {"jkt": 5}, {"jkt": ""}, {"jwk": {}}, {"jkt": "a", "kid": "b"}]
)
def test_a_confirmation_that_cannot_be_checked_is_none(claim: object) -> None:
    """A token that names a key in another way is refused rather than taken without the key."""
    with pytest.raises(ValueError, match="cnf"):
        binding_of(claim)


def test_a_binding_comes_back_from_its_claim() -> None:
    """What the issuer writes the resource server reads; nothing for nothing."""
    for binding in (Binding(), Binding("a"), Binding(None, "b"), Binding("a", "b")):
        assert binding == binding_of(binding.claims().get("cnf"))
