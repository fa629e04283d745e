"""An issuer of somebody else's: its keys at an address, and the tokens that it signs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.lib.server import running

Json = dict[str, Any]
AnyKey = ECKey | OKPKey | RSAKey


def new_key(kid: str) -> ECKey:
    """A key of the issuer's."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@dataclass
class ForeignIssuer:
    """Publishes its keys as the test tells it to: well, badly, slowly or not at all."""

    name: str = "https://sso.example/realms/health"
    keys: list[AnyKey] = field(default_factory=lambda: [new_key("first")])
    #: how it answers: ok, down, redirect, endless, slow, packed, garbage, private
    mood: str = "ok"
    fetches: int = 0
    url: str = ""

    @property
    def jwks_uri(self) -> str:
        """Where its keys are."""
        return f"{self.url}/certs"

    def token(
        self, now: datetime, key: AnyKey | None = None, header: Json | None = None, **claims: Any
    ) -> str:
        """An access token; changes to the good header and claims, of which a None takes a member away."""
        key = key or self.keys[-1]
        algorithm = {"EC": "ES256", "OKP": "Ed25519", "RSA": "RS256"}[str(key.key_type)]
        good = {
            "iss": self.name,
            "aud": "https://hub.example",
            "sub": "f:1234:li",
            "client_id": "gov-a",
            "scope": "openid region:read",
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + 300,
            "jti": "token-1",
        } | claims
        head: Json = {"alg": algorithm, "typ": "at+jwt", "kid": key.kid} | (header or {})
        return jwt.encode(
            {name: value for name, value in head.items() if value is not None},
            {name: value for name, value in good.items() if value is not None},
            key,
            algorithms=[str(head["alg"])],
            default_type=None,
        )

    async def answer(self, _request: Request) -> Response:
        """Its keys, in its mood."""
        self.fetches += 1
        published: Json = {"keys": [key.as_dict(private=False) for key in self.keys]}
        match self.mood:
            case "down":
                return Response(status_code=502)
            case "redirect":
                return RedirectResponse("/elsewhere")
            case "endless":
                return StreamingResponse(_endless())
            case "slow":
                await asyncio.sleep(1)
            case "packed":
                return Response(b"x", headers={"Content-Encoding": "gzip"})
            case "garbage":
                return Response(b"[" * 5000)
            case "private":
                published = {"keys": [key.as_dict(private=True) for key in self.keys]}
            case "twice":
                published = {"keys": published["keys"] * 2}
        return JSONResponse(published)

    async def elsewhere(self, _request: Request) -> Response:
        """Where a redirect leads."""
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})

    @contextmanager
    def published(self) -> Iterator[None]:
        """For as long as its address answers."""
        routes = [Route("/certs", self.answer), Route("/elsewhere", self.elsewhere)]
        with running(Starlette(routes=routes)) as self.url:
            yield


async def _endless() -> Any:
    for _ in range(10_000):
        yield b" " * 1024
