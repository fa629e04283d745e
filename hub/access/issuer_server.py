"""Authlib's framework-neutral core, made to speak Starlette. It is synchronous: it runs in a thread of its own."""

from collections.abc import Collection
from contextvars import ContextVar
from typing import Any

import anyio.from_thread
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from joserfc import jwt
from starlette.responses import JSONResponse, Response

from hub.access.binding import UNBOUND, Binding
from hub.access.clients import Client
from hub.access.issuer import Issuer
from hub.access.issuer_client import AuthlibClient
from hub.access.issuer_endpoints import Introspection, Revocation
from hub.access.issuer_methods import CLIENT_AUTH, GRANTS
from hub.access.issuer_request import FormRequest
from hub.access.keys import ALGORITHM
from hub.access.proof import HEADER, ProofError, Shown, proven_key
from schema.reach import Reach
from schema.scopes import Scope

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# RFC 6749 §5.2 allows only ASCII in error_description, so the Chinese stands beside it, in `message`.
MESSAGES = {
    "invalid_request": "请求格式不对。",
    "invalid_client": "客户端编号或密钥不对，或该客户端已停用。",
    "invalid_scope": "所要的权限范围不存在，或超出该客户端的权限。",
    "invalid_dpop_proof": "DPoP 证明不对，或该客户端的令牌须与密钥绑定。",
    "invalid_grant": "令牌不是发给该客户端的。",
    "unsupported_grant_type": "不支持这种 grant_type。",
    "temporarily_unavailable": "暂时无法核对客户端，请稍后再试。",
}
OTHER = "请求被拒绝。"
#: what the token that is being signed is bound to; Authlib signs without a word about the request
_BINDING: ContextVar[Binding] = ContextVar("binding", default=UNBOUND)


class InvalidProofError(OAuth2Error):  # type: ignore[misc]  # Authlib is not typed
    """No proof of possession, or none that proves anything (RFC 9449 §5)."""

    error = "invalid_dpop_proof"


class _Tokens(BearerTokenGenerator):  # type: ignore[misc]  # Authlib is not typed
    """What stands beside an access token in the answer."""

    def generate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The answer, which says how the token is to be used."""
        token: dict[str, Any] = super().generate(*args, **kwargs)
        return token | {"token_type": "DPoP"} if _BINDING.get().proof_key else token


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib is not typed
    """The grants and client authentications of `issuer_methods`, at work for one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(scopes_supported=[str(scope) for scope in Scope])
        self.issuer = issuer
        for grant in GRANTS:
            self.register_grant(grant)
        for method in CLIENT_AUTH:
            self.register_client_auth_method(method.NAME, method(issuer))
        for endpoint in (Introspection, Revocation):
            self.register_endpoint(endpoint)
        self.register_token_generator(
            "default", _Tokens(self._sign_token, expires_generator=issuer.token_lifetime_seconds)
        )

    def query_client(self, client_id: str) -> Client | None:
        """The client by fresh data. Raises ClientsUnavailableError."""
        anyio.from_thread.run(self.issuer.clients.refresh, client_id)
        return self.issuer.clients.get(client_id)

    def authenticate_client(
        self, request: FormRequest, methods: Collection[str], endpoint: str = "token"
    ) -> Any:
        """Who asks; and to which key the token is bound that it may get. Raises OAuth2Error."""
        client = super().authenticate_client(request, methods, endpoint)
        if endpoint == "token":
            binding = Binding(self._proven_key(request), request.certificate)
            if isinstance(client, AuthlibClient) and client.client.must_bind and not binding.is_there:
                raise InvalidProofError("This client gets only tokens that are bound to a key of its own.")
            _BINDING.set(binding)
        return client

    def create_oauth2_request(self, request: FormRequest) -> FormRequest:
        """It is one already."""
        return request

    def save_token(self, token: dict[str, Any], request: FormRequest) -> None:
        """Nothing to save: tokens are self-contained and soon over."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: dict[str, Any], headers: list[tuple[str, str]]) -> Response:
        """Authlib's answer as Starlette's."""
        return JSONResponse(body, status_code=status, headers=dict(headers))

    def handle_error_response(self, request: FormRequest | None, error: OAuth2Error) -> Response:
        """An error, in both languages."""
        status, body, _ = error()
        # Authlib's own challenge has no realm, which RFC 7617 requires.
        challenge = {"WWW-Authenticate": 'Basic realm="baogong"'} if status == 401 else {}
        return error_response(status, body, challenge)

    def _proven_key(self, request: FormRequest) -> str | None:
        """The key of the proof that came with the request, if one did."""
        if HEADER not in request.headers:
            return None
        shown = Shown(request.method, request.uri)
        try:
            return anyio.from_thread.run(
                proven_key, request.headers, shown, self.issuer.once, self.issuer.clock()
            )
        except ProofError as error:
            raise InvalidProofError(error.english) from error

    def _sign_token(self, client: AuthlibClient, grant_type: str, user: None, scope: str) -> str:
        """An RFC 9068 access token for the client itself."""
        issuer = self.issuer
        issued_at = int(issuer.clock().timestamp())
        key = issuer.keys.current
        claims = {
            "iss": issuer.url,
            "aud": issuer.audience,
            "sub": client.get_client_id(),
            "client_id": client.get_client_id(),
            "scope": scope,
            "iat": issued_at,
            "exp": issued_at + issuer.token_lifetime_seconds,
            "jti": issuer.new_token_id(),
            **_reach_claims(client.client.reach),
            **_BINDING.get().claims(),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def error_response(status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
    """An OAuth error with a Chinese message beside its English description."""
    return JSONResponse(
        {**body, "message": MESSAGES.get(body["error"], OTHER)}, status, {**NO_STORE, **headers}
    )


def _reach_claims(reach: Reach) -> dict[str, Any]:
    if reach.owners is not None:
        return {"organization": sorted(map(str, reach.owners))}
    return {"region": reach.region_code} if reach.region_code is not None else {}
