"""A small OpenID provider, asked without a network: it knows one person, and says what a test has it say."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from hub.access.provider import ProviderSettings

ISSUER = "https://id.example/realms/gov"


@dataclass
class SmallProvider:
    """The provider: good, unless a test changes something."""

    clock: Callable[[], datetime]
    #: claims of the ID token that are otherwise; None leaves one out
    claims: dict[str, Any] = field(default_factory=dict)
    #: what discovery says otherwise
    discovery: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "ES256"
    #: status of the token endpoint
    status: int = 200
    is_away: bool = False
    #: signs with a key that is not published
    is_forged: bool = False
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    asked: dict[str, str] = field(default_factory=dict)
    #: what came to the token endpoint
    shown: dict[str, str] = field(default_factory=dict)

    def settings(self, origin: str) -> ProviderSettings:
        """How the hub is known here."""
        return ProviderSettings(ISSUER, "baogong", "s+cret %", origin)

    def visit(self, address: str) -> dict[str, str]:
        """The person signs in; the parameters with which the browser goes back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return {"code": "a code", "state": self.asked["state"], "iss": ISSUER}

    def client(self) -> httpx.AsyncClient:
        """What reaches it."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away")
        match request.url.path.removeprefix("/realms/gov"):
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self._discovery())
            case "/jwks":
                return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))
            case "/token":
                return self._token(request)
            case path:
                raise AssertionError(path)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize?realm=gov",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "authorization_response_iss_parameter_supported": True,
        } | self.discovery

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.shown = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.shown["authorization"] = base64.b64decode(request.headers["Authorization"][6:]).decode()
        digest = hashlib.sha256(self.shown["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.asked["code_challenge"]
        return httpx.Response(self.status, json={"id_token": self._id_token(), "access_token": "x"})

    def _id_token(self) -> str:
        now = int(self.clock().timestamp())
        good = {
            "iss": ISSUER,
            "aud": "baogong",
            "sub": "subject-1",
            "nonce": self.asked["nonce"],
            "iat": now,
            "exp": now + 60,
        } | self.claims
        claims = {name: value for name, value in good.items() if value is not None}
        key: Any = ECKey.generate_key("P-256", {"kid": "1"}) if self.is_forged else self.key
        if self.algorithm == "HS256":
            key = OctKey.import_key(self.key.as_pem(private=False), {"kid": "1"})
        if self.algorithm == "none":
            parts = [
                base64.urlsafe_b64encode(each).decode().rstrip("=") for each in (b'{"alg":"none"}', b"{}")
            ]
            return ".".join([*parts, ""])
        return jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, key, algorithms=[self.algorithm])
