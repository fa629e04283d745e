"""Signing in at an OpenID provider: code flow with PKCE, state and nonce; of its answer only `sub` is believed."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from authlib.common.security import is_secure_transport
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.access.sealing import Seal, SealError
from hub.config import Settings
from hub.errors import SettingError
from schema.declare import Label

CALLBACK_PATH = "/oauth/provider/callback"
#: how long a person may take there
PATIENCE_SECONDS = 600
#: the longest sealed cookie that browsers keep
MAX_COOKIE = 3900
#: signatures of ID tokens; `none` and those with a shared key are not among them
ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 30
_REQUEST_SECONDS = 10
_SEALED_FOR = "provider"


class ProviderError(Exception):
    """The provider could not say who it is; the text is for the log, and holds no secret."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """How the hub is known at the provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    #: the hub's own
    origin: str

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to: to be registered there."""
        return self.origin + CALLBACK_PATH

    @property
    def name(self) -> str:
        """How people know it."""
        return urlsplit(self.issuer).netloc


def provider_settings(settings: Settings) -> ProviderSettings | None:
    """The provider of these settings, if one is set. Raises SettingError."""
    given = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if given == (None, None, None):
        return None
    issuer, client_id, secret = given
    if issuer is None or client_id is None or secret is None or not is_secure_transport(issuer):
        raise SettingError(
            "setting.oidc",
            Label(
                "HUB_OIDC_ISSUER（https）、HUB_OIDC_CLIENT_ID、HUB_OIDC_CLIENT_SECRET 须一起设置。",
                "set HUB_OIDC_ISSUER (https), HUB_OIDC_CLIENT_ID and HUB_OIDC_CLIENT_SECRET together",
            ),
        )
    return ProviderSettings(issuer, client_id, secret.get_secret_value(), settings.hub_origin)


@dataclass(frozen=True, slots=True)
class Begun:
    """A visit to the provider, as the browser's cookie keeps it, sealed."""

    state: str
    nonce: str
    verifier: str
    #: what the application asked for
    query: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the provider knows."""

    subject: str
    #: what the application asked for
    query: str


class OpenIdProvider:
    """One provider."""

    def __init__(
        self,
        settings: ProviderSettings,
        seal: Seal,
        clock: Callable[[], datetime],
        client: Callable[[], httpx.AsyncClient] = lambda: httpx.AsyncClient(timeout=_REQUEST_SECONDS),
    ) -> None:
        """`client` makes what the provider is asked with."""
        self.settings = settings
        self._seal = seal
        self._clock = clock
        self._client = client

    async def begin(self, query: str) -> tuple[str, str]:
        """The provider's address to go to, and the cookie to come back with. Raises ProviderError."""
        async with self._client() as client:
            found = await self._discover(client)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        begun = Begun(state, nonce, verifier, query)
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.settings.redirect_uri,
            "scope": "openid",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": _challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        text = json.dumps([begun.state, begun.nonce, begun.verifier, begun.query])
        cookie = self._seal.seal(_SEALED_FOR, text).decode("ascii")
        if len(cookie) > MAX_COOKIE:
            raise ProviderError("the application's request is too long")
        endpoint = found["authorization_endpoint"]
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", cookie

    async def finish(self, cookie: str, answer: dict[str, str]) -> Subject:
        """Whom the provider names to the browser that has this cookie. Raises ProviderError."""
        begun = self._begun(cookie)
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise ProviderError("state")
        if "code" not in answer:
            raise ProviderError("the provider refused")
        async with self._client() as client:
            found = await self._discover(client)
            must_name = found.get("authorization_response_iss_parameter_supported") is True
            if answer.get("iss", None if must_name else self.settings.issuer) != self.settings.issuer:
                raise ProviderError("iss")
            token = await self._id_token(client, found, answer["code"], begun.verifier)
            keys = await _get(client, found["jwks_uri"])
        return Subject(self._subject(token, keys, begun.nonce), begun.query)

    def _begun(self, cookie: str) -> Begun:
        try:
            text = self._seal.open(_SEALED_FOR, cookie.encode("ascii"), PATIENCE_SECONDS)
        except SealError as error:
            raise ProviderError("cookie") from error
        return Begun(*json.loads(text))

    async def _discover(self, client: httpx.AsyncClient) -> dict[str, Any]:
        """What the provider says of itself, asked anew each time: people sign in seldom, and it may change."""
        issuer = self.settings.issuer
        found = await _get(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise ProviderError("the provider has another name")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str) or not is_secure_transport(found[name]):
                raise ProviderError(name)
        return found

    async def _id_token(
        self, client: httpx.AsyncClient, found: dict[str, Any], code: str, verifier: str
    ) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect_uri,
            "code_verifier": verifier,
        }
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in methods:
            # RFC 6749 §2.3.1: each part is form-encoded
            parts = (quote_plus(self.settings.client_id), quote_plus(self.settings.client_secret))
            auth: httpx.Auth = httpx.BasicAuth(*parts)
        elif "client_secret_post" in methods:
            form |= {"client_id": self.settings.client_id, "client_secret": self.settings.client_secret}
            auth = httpx.Auth()  # none
        else:
            raise ProviderError("token_endpoint_auth_methods_supported")
        try:
            answer = await client.post(found["token_endpoint"], data=form, auth=auth)
            token = answer.raise_for_status().json()["id_token"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise ProviderError("token_endpoint") from error
        if not isinstance(token, str):
            raise ProviderError("id_token")
        return token

    def _subject(self, token: str, keys: dict[str, Any], nonce: str) -> str:
        """The `sub` of an ID token that is meant for us and for this visit."""
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
            jwt.JWTClaimsRegistry(
                int(self._clock().timestamp()),
                LEEWAY_SECONDS,
                iss={"essential": True, "value": self.settings.issuer},
                nonce={"essential": True, "value": nonce},
                sub={"essential": True},
                aud={"essential": True, "value": self.settings.client_id},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ProviderError(f"id_token: {type(error).__name__}") from error
        many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if many else self.settings.client_id) != self.settings.client_id:
            raise ProviderError("azp")
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise ProviderError("sub")
        return subject


async def _get(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    try:
        found = (await client.get(url)).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderError(f"{urlsplit(url).path} cannot be read") from error
    if not isinstance(found, dict):
        raise ProviderError(urlsplit(url).path)
    return found


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
