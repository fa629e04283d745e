"""Access tokens as the issuer writes them, and every known way to bend one."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import ECKey

from hub.access.keys import SigningKeys

Json = dict[str, Any]


def ec_key(curve: str = "P-256") -> ECKey:
    """A new private key that knows its thumbprint."""
    key = ECKey.generate_key(curve)
    key.ensure_kid()
    return key


def encoded(part: Any) -> str:
    """A part of a token that is assembled by hand: base64url of JSON or of bytes."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class Forger:
    """Writes tokens in an issuer's name, with its keys and without."""

    issuer: str
    audience: str
    keys: SigningKeys
    #: seconds since 1970
    now: int
    client_id: str = "gov-a"

    def good_header(self) -> Json:
        """The header that the issuer writes."""
        return {"alg": "ES256", "typ": "at+jwt", "kid": self.keys.current.kid}

    def good_claims(self) -> Json:
        """The claims that the issuer writes."""
        return {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": self.client_id,
            "client_id": self.client_id,
            "scope": "pharmacy:read region:read",
            "iat": self.now,
            "exp": self.now + 300,
            "jti": "token-1",
        }

    def signed(self, header: Json | None = None, claims: Json | None = None, key: ECKey | None = None) -> str:
        """A token with these changes to the good header and claims; a None removes the member."""
        changed = [self.good_header() | (header or {}), self.good_claims() | (claims or {})]
        kept = [{name: value for name, value in part.items() if value is not None} for part in changed]
        signer = key or self.keys.current
        return jwt.encode(kept[0], kept[1], signer, algorithms=["ES256"], default_type=None)

    def signed_bytes(self, payload: bytes) -> str:
        """A rightly signed token over a payload that is perhaps no JSON."""
        return jws.serialize_compact(self.good_header(), payload, self.keys.current, algorithms=["ES256"])

    def hs256_with_public_key(self) -> str:
        """The classic forgery: the public key, which everybody has, used as an HMAC secret."""
        text = f"{encoded(self.good_header() | {'alg': 'HS256'})}.{encoded(self.good_claims())}"
        secret = self.keys.current.as_pem(private=False)
        return f"{text}.{encoded(hmac.digest(secret, text.encode(), 'sha256'))}"

    def self_signed(self, **header: Any) -> str:
        """A token signed by a stranger's key which its own header offers for verification."""
        stranger = ec_key()
        offered = {"jwk": stranger.as_dict(private=False)} | header
        return self.signed({name: value for name, value in offered.items() if value}, key=stranger)

    def with_other_payload(self) -> str:
        """A good token whose payload was swapped for one with more scopes."""
        header, _, signature = self.signed().split(".")
        return f"{header}.{encoded(self.good_claims() | {'scope': 'feed.raw:read'})}.{signature}"


def mutations(forger: Forger) -> dict[str, Callable[[], str]]:
    """Every known way, by name."""
    now = forger.now
    return {
        "typ JWT": lambda: forger.signed({"typ": "JWT"}),
        "typ missing": lambda: forger.signed({"typ": None}),
        "typ a list": lambda: f"{encoded(forger.good_header() | {'typ': ['at+jwt']})}.e30.AA",
        "alg none": lambda: (
            f"{encoded(forger.good_header() | {'alg': 'none'})}.{encoded(forger.good_claims())}."
        ),
        "alg none with a signature": lambda: (
            f"{encoded(forger.good_header() | {'alg': 'none'})}.{encoded(forger.good_claims())}.AA"
        ),
        "alg HS256 with the public key": forger.hs256_with_public_key,
        "alg unknown": lambda: (
            f"{encoded(forger.good_header() | {'alg': 'ES257'})}.{encoded(forger.good_claims())}.AA"
        ),
        "alg missing": lambda: f"{encoded({'typ': 'at+jwt', 'kid': 'k'})}.{encoded(forger.good_claims())}.AA",
        "alg a number": lambda: (
            f"{encoded(forger.good_header() | {'alg': 5})}.{encoded(forger.good_claims())}.AA"
        ),
        "kid unknown": lambda: forger.signed({"kid": "nobody"}),
        "kid missing": lambda: forger.signed({"kid": None}),
        "kid of another of our keys": lambda: forger.signed({"kid": forger.keys.private[0].kid}),
        "kid a list": lambda: (
            f"{encoded(forger.good_header() | {'kid': ['a']})}.{encoded(forger.good_claims())}.AA"
        ),
        "a stranger's key under our kid": lambda: forger.signed(key=ec_key()),
        "jwk header": forger.self_signed,
        "jku header": lambda: forger.self_signed(jwk=None, jku="https://evil.example/jwks.json"),
        "x5u header": lambda: forger.self_signed(jwk=None, x5u="https://evil.example/cert.pem"),
        "jwk header on a good token": lambda: forger.signed(
            {"jwk": forger.keys.current.as_dict(private=False)}
        ),
        "crit header": lambda: forger.signed({"crit": ["kid"]}),
        "crit a number": lambda: (
            f"{encoded(forger.good_header() | {'crit': 5})}.{encoded(forger.good_claims())}.AA"
        ),
        "b64 header": lambda: (
            f"{encoded(forger.good_header() | {'b64': False})}.{encoded(forger.good_claims())}.AA"
        ),
        "unknown header": lambda: (
            f"{encoded(forger.good_header() | {'x': 1})}.{encoded(forger.good_claims())}.AA"
        ),
        "header a list": lambda: f"{encoded(['alg'])}.{encoded(forger.good_claims())}.AA",
        "header a string": lambda: f"{encoded('alg')}.{encoded(forger.good_claims())}.AA",
        "header nested deeply": lambda: f"{encoded(b'[' * 4000)}.{encoded(forger.good_claims())}.AA",
        "header not UTF-8": lambda: f"{encoded(bytes([0xFF, 0xFE]))}.{encoded(forger.good_claims())}.AA",
        "aud of another": lambda: forger.signed(claims={"aud": "https://other.example"}),
        "aud missing": lambda: forger.signed(claims={"aud": None}),
        "aud a list of others": lambda: forger.signed(claims={"aud": ["https://other.example"]}),
        "aud an object": lambda: forger.signed(claims={"aud": {forger.audience: 1}}),
        "iss of another": lambda: forger.signed(claims={"iss": "https://evil.example"}),
        "iss with a slash": lambda: forger.signed(claims={"iss": forger.issuer + "/"}),
        "iss missing": lambda: forger.signed(claims={"iss": None}),
        "iss a list": lambda: forger.signed(claims={"iss": [forger.issuer]}),
        "exp past": lambda: forger.signed(claims={"exp": now - 6}),
        "exp missing": lambda: forger.signed(claims={"exp": None}),
        "exp a string": lambda: forger.signed(claims={"exp": str(now + 300)}),
        "exp true": lambda: forger.signed(claims={"exp": True}),
        "exp NaN": lambda: forger.signed(claims={"exp": float("nan")}),
        "exp infinite": lambda: forger.signed(claims={"exp": float("inf")}),
        "exp beyond the calendar": lambda: forger.signed(claims={"exp": 10**15}),
        "exp beyond a float": lambda: forger.signed(claims={"exp": 10**400}),
        "exp beyond an int": lambda: forger.signed_bytes(b'{"exp": ' + b"9" * 5000 + b"}"),
        "nbf in the future": lambda: forger.signed(claims={"nbf": now + 6}),
        "nbf a string": lambda: forger.signed(claims={"nbf": "now"}),
        "iat in the future": lambda: forger.signed(claims={"iat": now + 6}),
        "iat missing": lambda: forger.signed(claims={"iat": None}),
        "jti missing": lambda: forger.signed(claims={"jti": None}),
        "jti empty": lambda: forger.signed(claims={"jti": ""}),
        "jti a number": lambda: forger.signed(claims={"jti": 5}),
        "sub missing": lambda: forger.signed(claims={"sub": None}),
        "sub a number": lambda: forger.signed(claims={"sub": 5}),
        "client_id missing": lambda: forger.signed(claims={"client_id": None}),
        "client_id empty": lambda: forger.signed(claims={"client_id": ""}),
        "client_id a number": lambda: forger.signed(claims={"client_id": 5}),
        "scope a number": lambda: forger.signed(claims={"scope": 5}),
        "scope a list": lambda: forger.signed(claims={"scope": ["region:read"]}),
        "region of no sense": lambda: forger.signed(claims={"region": "4"}),
        "region a number": lambda: forger.signed(claims={"region": 440000}),
        "region and organization": lambda: forger.signed(
            claims={"region": "440000", "organization": ["sender:a"]}
        ),
        "organization of no kind": lambda: forger.signed(claims={"organization": ["a"]}),
        "grants of no sense": lambda: forger.signed(claims={"grants": [True]}),
        "cnf of no sense": lambda: forger.signed(claims={"cnf": {"jwk": {}}}),
        "cnf empty": lambda: forger.signed(claims={"cnf": {}}),
        "good for a year": lambda: forger.signed(claims={"exp": now + 31_536_000}),
        "payload swapped": forger.with_other_payload,
        "payload a list": lambda: forger.signed_bytes(b"[]"),
        "payload not JSON": lambda: forger.signed_bytes(b"{"),
        "payload not UTF-8": lambda: forger.signed_bytes(b"\xff\xfe\xfd"),
        "payload nested deeply": lambda: forger.signed_bytes(b"[" * 5000),
        "signature cut": lambda: forger.signed()[:-4],
        "signature missing": lambda: forger.signed().rpartition(".")[0] + ".",
        "a fourth part": lambda: forger.signed() + ".AA",
        "a line break at the end": lambda: forger.signed() + "\n",
        "padding": lambda: forger.signed() + "==",
        "too long": lambda: forger.signed(claims={"note": "x" * 9000}),
        "empty": lambda: "",
        "garbage": lambda: "秘密",
        "lone surrogate": lambda: "\udc80.\udc80.\udc80",
    }
