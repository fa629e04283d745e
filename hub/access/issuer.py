"""The hub's own OAuth 2 issuer: client_credentials in, short-lived access tokens (RFC 9068) out."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anyio.to_thread
from authlib.common.security import is_secure_transport
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization, scope_to_list
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from joserfc import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.access.clients import Client, ClientDirectory, ClientsUnavailableError, new_client, verify_secret
from hub.access.keys import ALGORITHM, SigningKeys
from schema.reach import NOWHERE, Reach
from schema.scopes import READ_SCOPES, Scope

TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
JWKS_PATH = "/oauth/jwks.json"
METADATA_PATH = "/.well-known/oauth-authorization-server"
FORM = "application/x-www-form-urlencoded"
MAX_BODY_BYTES = 16 * 1024
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# The metadata and the keys are public and seldom change.
CACHED = {"Cache-Control": "public, max-age=300"}
# RFC 6749 §5.2 allows only ASCII in error_description, so the Chinese stands beside it, in `message`.
MESSAGES = {
    "invalid_request": "请求格式不对。",
    "invalid_client": "客户端编号或密钥不对，或该客户端已停用。",
    "invalid_scope": "所要的权限范围不存在，或超出该客户端的权限。",
    "unsupported_grant_type": "只支持 grant_type=client_credentials。",
    "temporarily_unavailable": "暂时无法核对客户端，请稍后再试。",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Issuer:
    """What the issuer is made of."""

    #: the issuer identifier: the public origin, https unless on loopback, no path, no slash at its end
    url: str
    #: the `aud` of the tokens: the hub as a resource server
    audience: str
    keys: SigningKeys
    clients: ClientDirectory
    #: UTC
    clock: Callable[[], datetime]
    token_lifetime_seconds: int = 300
    new_token_id: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(16))

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if f"{parts.scheme}://{parts.netloc}" != self.url or not is_secure_transport(self.url):
            raise ValueError(
                f"签发者地址须形如 https://主机 / the issuer URL must look like https://host: {self.url!r}"
            )


def build_issuer_routes(issuer: Issuer) -> list[Route]:
    """Token endpoint, public keys (RFC 7517) and metadata (RFC 8414), to be mounted at the root."""
    # At DEBUG Authlib writes every token that it issues to the log.
    logging.getLogger("authlib").setLevel(logging.INFO)
    endpoint = _TokenEndpoint(issuer)

    async def jwks(_request: Request) -> Response:
        return JSONResponse(issuer.keys.public_jwks(), headers=CACHED)

    async def metadata(_request: Request) -> Response:
        return JSONResponse(_metadata(issuer), headers=CACHED)

    return [
        Route(TOKEN_PATH, endpoint.respond, methods=["POST"]),
        Route(JWKS_PATH, jwks, methods=["GET"]),
        Route(METADATA_PATH, metadata, methods=["GET"]),
    ]


def _metadata(issuer: Issuer) -> dict[str, Any]:
    return {
        "issuer": issuer.url,
        "token_endpoint": issuer.url + TOKEN_PATH,
        "jwks_uri": issuer.url + JWKS_PATH,
        "scopes_supported": [str(scope) for scope in Scope],
        "response_types_supported": [],
        "grant_types_supported": [ClientCredentialsGrant.GRANT_TYPE],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }


class _TokenEndpoint:
    """The asynchronous edge: reads the request, freshens the clients, lets Authlib answer in a thread."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._server = _Server(issuer)
        # Each secret that is being checked takes 4 MiB and a core: a flood has to queue.
        self._limiter = anyio.CapacityLimiter(4)

    async def respond(self, request: Request) -> Response:
        # The issuer's public URL, not the request's own: TLS may have ended at a proxy before us.
        oauth_request = OAuth2Request(request.method, self._issuer.url + TOKEN_PATH, headers=request.headers)
        try:
            oauth_request.payload = BasicOAuth2Payload(await _read_form(request))
            client_id, _ = _basic_credentials(oauth_request)
            await self._issuer.clients.refresh(client_id)
        except OAuth2Error as error:
            return self._server.handle_error_response(oauth_request, error)
        except ClientsUnavailableError:
            log.exception("The OAuth clients cannot be read")
            return _error_response(503, {"error": "temporarily_unavailable"}, {"Retry-After": "1"})
        answer: Response = await anyio.to_thread.run_sync(
            self._server.create_token_response, oauth_request, limiter=self._limiter
        )
        return answer


async def _read_form(request: Request) -> dict[str, str]:
    """The parameters, from the body only. Raises InvalidRequestError for any other way to send them."""
    if request.url.query:
        raise InvalidRequestError("Parameters belong in the body: a URL ends up in logs.")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise InvalidRequestError(f"The content type must be {FORM}.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InvalidRequestError(f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return _parse_form(body)


def _parse_form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=32)
    except ValueError as error:
        raise InvalidRequestError("The body is not a form in UTF-8.") from error
    form = dict(pairs)
    if len(form) < len(pairs):
        raise InvalidRequestError("A parameter is given more than once.")
    if "grant_type" not in form:
        raise InvalidRequestError("Missing grant_type.")
    return form


def _basic_credentials(request: OAuth2Request) -> tuple[str, str]:
    """Client id and secret of the one Basic header. Raises InvalidClientError (401) where there is none."""
    failed = InvalidClientError("Use HTTP Basic with the client's id and secret.", status_code=401)
    try:
        client_id, secret = extract_basic_authorization(request.headers)
    except ValueError as error:  # not base64, or not UTF-8 in it
        raise failed from error
    if len(request.headers.getlist("authorization")) != 1 or not client_id or not secret:
        raise failed
    if "client_secret" in request.payload.data:
        raise InvalidRequestError("The secret belongs in the Authorization header only.")
    return client_id, secret


class _Server(AuthorizationServer):  # type: ignore[misc]  # Authlib is not typed
    """Authlib's framework-neutral core, made to speak Starlette."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(scopes_supported=[str(scope) for scope in Scope])
        self._issuer = issuer
        self._nobody, _ = new_client("nobody", READ_SCOPES, NOWHERE, issuer.clock())
        self.register_grant(ClientCredentialsGrant)
        self.register_client_auth_method("client_secret_basic", self._authenticate)
        self.register_token_generator(
            "default",
            BearerTokenGenerator(self._sign_token, expires_generator=issuer.token_lifetime_seconds),
        )

    def query_client(self, client_id: str) -> Client | None:
        return self._issuer.clients.get(client_id)

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Nothing to save: tokens are self-contained and soon over."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: dict[str, Any], headers: list[tuple[str, str]]) -> Response:
        return JSONResponse(body, status_code=status, headers=dict(headers))

    def handle_error_response(self, request: OAuth2Request, error: OAuth2Error) -> Response:
        status, body, _ = error()
        # Authlib's own challenge has no realm, which RFC 7617 requires.
        return _error_response(
            status, body, {"WWW-Authenticate": 'Basic realm="baogong"'} if status == 401 else {}
        )

    def _authenticate(
        self, query_client: Callable[[str], Client | None], request: OAuth2Request
    ) -> "_AuthlibClient":
        """The client whose secret this is. An unknown client costs the same time and gets the same answer."""
        client_id, secret = _basic_credentials(request)
        client = query_client(client_id)
        proven = verify_secret(client or self._nobody, secret)
        if client is None or not proven:
            raise InvalidClientError("Unknown client or wrong secret.", status_code=401)
        return _AuthlibClient(client)

    def _sign_token(self, client: "_AuthlibClient", grant_type: str, user: None, scope: str) -> str:
        """An RFC 9068 access token for the client itself."""
        issued_at = int(self._issuer.clock().timestamp())
        key = self._issuer.keys.current
        claims = {
            "iss": self._issuer.url,
            "aud": self._issuer.audience,
            "sub": client.get_client_id(),
            "client_id": client.get_client_id(),
            "scope": scope,
            "iat": issued_at,
            "exp": issued_at + self._issuer.token_lifetime_seconds,
            "jti": self._issuer.new_token_id(),
            **_reach_claims(client.client.reach),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def _reach_claims(reach: Reach) -> dict[str, Any]:
    if reach.owners is not None:
        return {"organization": sorted(map(str, reach.owners))}
    return {"region": reach.region_code} if reach.region_code is not None else {}


def _error_response(status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
    return JSONResponse({**body, "message": MESSAGES[body["error"]]}, status, {**NO_STORE, **headers})


@dataclass(frozen=True, slots=True)
class _AuthlibClient:
    """A client as Authlib wants to ask it."""

    client: Client

    def get_client_id(self) -> str:
        return self.client.client_id

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic" and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What is asked for, or all there is; None, which Authlib refuses, where that is too much."""
        wanted = frozenset(scope_to_list(scope) or self.client.scopes)
        return " ".join(sorted(wanted)) if wanted <= self.client.scopes else None
