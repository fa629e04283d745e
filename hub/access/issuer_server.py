"""Authlib's framework-neutral core, made to speak Starlette. It is synchronous: it runs in a thread of its own."""

from collections.abc import Collection
from typing import Any

import anyio.from_thread
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Error
from starlette.responses import JSONResponse, Response

from hub.access.binding import Binding
from hub.access.clients import Client
from hub.access.issuer import Issuer
from hub.access.issuer_client import AuthlibClient
from hub.access.issuer_endpoints import Introspection, Revocation
from hub.access.issuer_methods import CLIENT_AUTH, grants_of
from hub.access.issuer_request import FormRequest
from hub.access.issuer_tokens import Tokens, bind
from hub.access.proof import HEADER, ProofError, Shown, proven_key

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# RFC 6749 §5.2 allows only ASCII in error_description, so the Chinese stands beside it, in `message`.
MESSAGES = {
    "invalid_request": "请求格式不对。",
    "invalid_client": "客户端编号或密钥不对，或该客户端已停用。",
    "invalid_scope": "所要的权限范围不存在，或超出该客户端的权限。",
    "invalid_dpop_proof": "DPoP 证明不对，或该客户端的令牌须与密钥绑定。",
    "invalid_grant": "授权码或令牌无效、已过期、已用过，或不是发给该客户端的。",
    "unauthorized_client": "该客户端不能这样申请令牌。",
    "access_denied": "该账号没有所要的权限。",
    "unsupported_grant_type": "不支持这种 grant_type。",
    "temporarily_unavailable": "暂时无法核对客户端，请稍后再试。",
}
OTHER = "请求被拒绝。"


class InvalidProofError(OAuth2Error):  # type: ignore[misc]  # Authlib is not typed
    """No proof of possession, or none that proves anything (RFC 9449 §5)."""

    error = "invalid_dpop_proof"


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib is not typed
    """The grants and client authentications of `issuer_methods`, at work for one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()  # what scopes there are is judged by who holds them (`entitlement`)
        self.issuer = issuer
        for grant in grants_of(issuer):
            self.register_grant(grant)
        for method in CLIENT_AUTH:
            self.register_client_auth_method(method.NAME, method(issuer))
        for endpoint in (Introspection, Revocation):
            self.register_endpoint(endpoint)
        self.register_token_generator("default", Tokens(issuer))

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
            bind(binding)
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


def error_response(status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
    """An OAuth error with a Chinese message beside its English description."""
    return JSONResponse(
        {**body, "message": MESSAGES.get(body["error"], OTHER)}, status, {**NO_STORE, **headers}
    )
