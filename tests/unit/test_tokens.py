"""Tokens: what the verifier takes, and that everything else is a TokenError and nothing but a TokenError."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, Key
from starlette.datastructures import Headers

from hub.access.authentication import presented_token
from hub.access.caller import Caller
from hub.access.keys import FIRST_KEY, SigningKeyError, SigningKeys, load_or_create_keys
from hub.access.refusals import TokenError, refusal_response
from hub.access.tokens import TokenVerifier
from hub.access.trusted_issuer import TrustedIssuer
from schema.reach import NOWHERE
from tests.lib.forging import Forger, ec_key, encoded, mutations

ISSUER = "https://hub.example"
AUDIENCE = "https://hub.example/graphql"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NOW_SECONDS = int(NOW.timestamp())

Json = dict[str, Any]


KEYS = SigningKeys((ec_key(), ec_key()))


def verifier(keys: SigningKeys = KEYS) -> TokenVerifier:
    """A verifier for the issuer of these tests whose clock stands still."""
    return TokenVerifier([TrustedIssuer(ISSUER, AUDIENCE, keys)], lambda: NOW)


def verified(token: str, keys: SigningKeys = KEYS) -> Caller:
    """The caller of a token, by a verifier that has seen none before."""
    try:
        verifier(keys).verify(token).send(None)
    except StopIteration as done:
        caller: Caller = done.value
        return caller
    raise AssertionError("with keys at hand there is nothing to wait for")


FORGER = Forger(ISSUER, AUDIENCE, KEYS, NOW_SECONDS)
MUTATIONS = mutations(FORGER)
signed, signed_bytes = FORGER.signed, FORGER.signed_bytes
good_header, good_claims = FORGER.good_header, FORGER.good_claims


@pytest.mark.parametrize("make", MUTATIONS.values(), ids=MUTATIONS.keys())
def test_a_mutated_token_is_refused(make: Callable[[], str]) -> None:
    """Every known way to bend a token ends in TokenError with code invalid_token."""
    with pytest.raises(TokenError) as refused:
        verified(make())
    assert refused.value.code == "invalid_token"


def test_a_good_token_names_its_caller() -> None:
    """Client, scopes, expiry and token id come out as the issuer put them in."""
    expected = Caller(
        client_id="gov-a",
        scopes=frozenset({"pharmacy:read", "region:read"}),
        expires_at=NOW + timedelta(seconds=300),
        token_id="token-1",
        reach=NOWHERE,
        issuer=ISSUER,
        subject="gov-a",
        issued_at=NOW,
    )
    assert verified(signed()) == expected


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "application/at+jwt"}, {}),
        ({}, {"aud": [AUDIENCE, "https://other.example"]}),
        ({}, {"iat": NOW_SECONDS + 5, "nbf": NOW_SECONDS + 5}),
        ({}, {"exp": NOW_SECONDS - 4}),
        ({}, {"exp": NOW_SECONDS + 300.5}),
    ],
    ids=["long typ", "several audiences", "clock behind by 5 s", "clock ahead by 4 s", "exp a fraction"],
)
def test_what_the_standards_allow_is_taken(header: Json, claims: Json) -> None:
    """RFC 9068 and a leeway of five seconds."""
    assert verified(signed(header, claims)).client_id == "gov-a"


def test_a_token_without_scope_may_do_nothing() -> None:
    """An absent scope is the empty set, not an error and not everything."""
    assert verified(signed(claims={"scope": None})).scopes == frozenset()


def test_a_retiring_key_still_verifies() -> None:
    """All keys of the set verify, not only the one that signs."""
    old = KEYS.private[0]
    assert verified(signed({"kid": old.kid}, key=old)).token_id == "token-1"


async def test_a_remembered_token_expires_all_the_same() -> None:
    """The memory of verified tokens does not outlive their expiry."""
    moment = NOW
    subject = TokenVerifier([TrustedIssuer(ISSUER, AUDIENCE, KEYS)], lambda: moment)
    token = signed()
    await subject.verify(token)
    moment = NOW + timedelta(seconds=306)
    with pytest.raises(TokenError, match="expired"):
        await subject.verify(token)


@dataclass
class Replaceable:
    """Keys that can be others from one moment to the next."""

    current: SigningKeys

    async def find(self, key_id: str) -> Key | None:
        """One of those that there are."""
        return await self.current.find(key_id)


async def test_only_so_many_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one, the second token pushes out the first, which then has to be verified again."""
    decoded: list[str] = []
    decode = jwt.decode

    def counting(token: str, *rest: Any, **named: Any) -> jwt.Token:
        decoded.append(token)
        return decode(token, *rest, **named)

    monkeypatch.setattr(jwt, "decode", counting)
    subject = TokenVerifier([TrustedIssuer(ISSUER, AUDIENCE, KEYS)], lambda: NOW, cache_size=1)
    first, second = (signed(claims={"jti": name}) for name in ("one", "two"))
    for token in (first, first, second, second, first):
        await subject.verify(token)
    assert [first, second, first] == decoded


async def test_a_remembered_token_is_refused_when_its_key_is_withdrawn() -> None:
    """What was verified once counts only as long as the key that signed it is among the issuer's."""
    keys = Replaceable(KEYS)
    subject = TokenVerifier([TrustedIssuer(ISSUER, AUDIENCE, keys)], lambda: NOW)
    token = signed()
    await subject.verify(token)
    keys.current = SigningKeys(KEYS.private[:1])
    with pytest.raises(TokenError, match="signature"):
        await subject.verify(token)


async def test_another_key_under_the_same_id_does_not_count_for_the_old() -> None:
    """An issuer that puts a new key under an old id has withdrawn the old one."""
    keys = Replaceable(KEYS)
    subject = TokenVerifier([TrustedIssuer(ISSUER, AUDIENCE, keys)], lambda: NOW)
    token = signed()
    await subject.verify(token)
    other = ECKey.generate_key("P-256", {"kid": str(KEYS.current.kid)})
    keys.current = SigningKeys((other,))
    with pytest.raises(TokenError, match="signature"):
        await subject.verify(token)


def test_a_token_without_kid_is_refused_even_if_there_is_one_key() -> None:
    """joserfc alone would take the only key there is."""
    with pytest.raises(TokenError, match="kid"):
        verified(signed({"kid": None}), SigningKeys(KEYS.private[-1:]))


@given(st.text())
def test_random_text_raises_only_token_error(text: str) -> None:
    """Whatever the text is, the only exception is TokenError."""
    with pytest.raises(TokenError):
        verified(text)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
HEADERS = st.sampled_from(["alg", "typ", "kid", "jwk", "jku", "x5c", "crit", "b64", "cty"])
CLAIMS = st.sampled_from(["iss", "aud", "exp", "iat", "nbf", "sub", "client_id", "jti", "scope", "cnf"])


@given(JSON | st.dictionaries(HEADERS, JSON).map(lambda changes: good_header() | changes), JSON, st.binary())
def test_random_parts_raise_only_token_error(header: Any, payload: Any, signature: bytes) -> None:
    """Well-formed base64url of any JSON, unsigned, raises TokenError."""
    with pytest.raises(TokenError):
        verified(f"{encoded(header)}.{encoded(payload)}.{encoded(signature)}")


@given(st.dictionaries(CLAIMS, JSON, min_size=1))
def test_random_signed_claims_raise_only_token_error(changes: Json) -> None:
    """Even the issuer's own key over nonsense gives a caller or TokenError, no other exception."""
    token = signed_bytes(json.dumps(good_claims() | changes).encode())
    try:
        caller = verified(token)
    except TokenError:
        return
    assert caller.scopes <= {"pharmacy:read", "region:read"} | set(str(changes.get("scope")).split())


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=255))
def test_a_changed_character_is_refused(place: int, value: int) -> None:
    """One character changed anywhere in a good token makes it worthless."""
    token = signed()
    place %= len(token)
    changed = token[:place] + chr(value) + token[place + 1 :]
    if changed != token:
        with pytest.raises(TokenError):
            verified(changed)


def test_the_bearer_token_is_read_from_its_header() -> None:
    """The scheme's case does not matter."""
    assert presented_token(Headers({"Authorization": "bEaReR abc.def.ghi"})) == ("bearer", "abc.def.ghi")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([], "missing_token"),
        ([""], "missing_token"),
        (["Basic YTpi"], "missing_token"),
        (["abc.def.ghi"], "missing_token"),
        (["Bearer a.b.c", "Bearer a.b.c"], "invalid_token"),
        (["Basic YTpi", "Bearer a.b.c"], "invalid_token"),
    ],
)
def test_other_authorization_headers_are_refused(values: list[str], code: str) -> None:
    """No header, another scheme, or two headers give no token."""
    headers = Headers(raw=[(b"authorization", value.encode()) for value in values])
    with pytest.raises(TokenError) as refused:
        presented_token(headers)
    assert refused.value.code == code


def test_a_refusal_is_a_bearer_challenge() -> None:
    """RFC 6750: 401, the error in the header, the reason in Chinese and English in the body."""
    with pytest.raises(TokenError) as refused:
        verified(signed(claims={"exp": NOW_SECONDS - 300}))
    response = refusal_response(refused.value)
    seen = (response.status_code, response.headers["WWW-Authenticate"], json.loads(bytes(response.body)))
    assert seen == (
        401,
        'Bearer realm="baogong", error="invalid_token"',
        {"error": "invalid_token", "error_description": "令牌已过期 / the token has expired"},
    )


def test_a_request_without_token_is_told_no_error() -> None:
    """RFC 6750 §3.1: the challenge to someone who sent no token carries no error code."""
    with pytest.raises(TokenError) as refused:
        presented_token(Headers({}))
    challenge = refusal_response(refused.value).headers["WWW-Authenticate"]
    assert challenge == 'Bearer realm="baogong", DPoP algs="ES256 Ed25519"'


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    """The second start finds the first start's key, in a file that only its owner reads."""
    folder = tmp_path / "keys"
    first, second = load_or_create_keys(folder), load_or_create_keys(folder)
    assert (first.current.kid, [path.name for path in folder.iterdir()]) == (second.current.kid, [FIRST_KEY])
    assert (folder / FIRST_KEY).stat().st_mode & 0o777 == 0o600


def test_the_newest_key_signs_and_all_verify(tmp_path: Path) -> None:
    """A second key file takes over the signing; the first one's public half stays published."""
    first = load_or_create_keys(tmp_path).current
    added = ec_key()
    (tmp_path / "es256-0002.pem").write_bytes(added.as_pem(private=True))
    keys = load_or_create_keys(tmp_path)
    assert keys.current.kid == added.thumbprint()
    assert [key["kid"] for key in keys.public_jwks()["keys"]] == [first.kid, added.kid]


def test_the_published_keys_hold_no_private_part(tmp_path: Path) -> None:
    """The JWKS names only public members and what the key is for."""
    published = load_or_create_keys(tmp_path).public_jwks()["keys"]
    assert [set(key) for key in published] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}]


@pytest.mark.parametrize(
    "content",
    [b"", b"garbage", ec_key("P-384").as_pem(private=True), ec_key().as_pem(private=False)],
    ids=["empty", "garbage", "another curve", "a public key"],
)
def test_a_wrong_key_file_stops_the_start(tmp_path: Path, content: bytes) -> None:
    """A file that is no private ES256 key is an error with its name, never passed over."""
    (tmp_path / FIRST_KEY).write_bytes(content)
    with pytest.raises(SigningKeyError, match=FIRST_KEY):
        load_or_create_keys(tmp_path)


SAY_KID = """
import pathlib, sys
from hub.access.keys import load_or_create_keys
sys.stdin.readline()
print(load_or_create_keys(pathlib.Path(sys.argv[1])).current.kid)
"""


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    """Three processes let go at once on an empty folder all end with one key."""
    command = [sys.executable, "-c", SAY_KID, str(tmp_path / "keys")]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    kids = [process.communicate()[0].strip() for process in processes]
    assert kids == [load_or_create_keys(tmp_path / "keys").current.kid] * 3
