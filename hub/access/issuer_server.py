"""Authlib's framework-neutral core, made to speak Starlette. It is synchronous: it runs in a thread of its own."""

from typing import Any

import anyio.from_thread
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from joserfc import jwt
from starlette.responses import JSONResponse, Response

from hub.access.accounts import Account
from hub.access.apps import AuthlibApp
from hub.access.clients import Client
from hub.access.issuer import Issuer
from hub.access.issuer_client import AuthlibClient
from hub.access.issuer_methods import CLIENT_AUTH, GRANTS
from hub.access.issuer_request import FormRequest
from hub.access.keys import ALGORITHM
from schema.reach import Reach
from schema.scopes import Scope

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# RFC 6749 §5.2 allows only ASCII in error_description, so the Chinese stands beside it, in `message`.
MESSAGES = {
    "invalid_request": "请求格式不对。",
    "invalid_client": "客户端编号或密钥不对，或该客户端已停用。",
    "invalid_scope": "所要的权限范围不存在，或超出该客户端的权限。",
    "unsupported_grant_type": "不支持这种 grant_type。",
    "unauthorized_client": "该客户端不能这样申请令牌。",
    "invalid_grant": "授权码或刷新令牌无效、已过期或已用过，请重新登录。",
    "access_denied": "该账号没有所要的权限。",
    "temporarily_unavailable": "暂时无法核对客户端，请稍后再试。",
}
OTHER = "请求被拒绝。"


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib is not typed
    """The grants and client authentications of `issuer_methods`, at work for one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(scopes_supported=[str(scope) for scope in Scope])
        self.issuer = issuer
        for grant in GRANTS:
            self.register_grant(grant)
        for method in CLIENT_AUTH:
            self.register_client_auth_method(method.NAME, method(issuer))
        self.register_token_generator(
            "default",
            BearerTokenGenerator(self._sign_token, expires_generator=issuer.token_lifetime_seconds),
        )

    def query_client(self, client_id: str) -> Client | None:
        """The client by fresh data. Raises ClientsUnavailableError."""
        anyio.from_thread.run(self.issuer.clients.refresh, client_id)
        return self.issuer.clients.get(client_id)

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

    def _sign_token(
        self, client: AuthlibClient | AuthlibApp, grant_type: str, user: Account | None, scope: str
    ) -> str:
        """An RFC 9068 access token for the client itself, or for the person who is signed in."""
        subject, reach = _holder(client, user)
        issuer = self.issuer
        issued_at = int(issuer.clock().timestamp())
        key = issuer.keys.current
        claims = {
            "iss": issuer.url,
            "aud": issuer.audience,
            "sub": subject,
            "client_id": client.get_client_id(),
            "scope": scope,
            "iat": issued_at,
            "exp": issued_at + issuer.token_lifetime_seconds,
            "jti": issuer.new_token_id(),
            **_reach_claims(reach),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def error_response(status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
    """An OAuth error with a Chinese message beside its English description."""
    return JSONResponse(
        {**body, "message": MESSAGES.get(body["error"], OTHER)}, status, {**NO_STORE, **headers}
    )


def _holder(client: AuthlibClient | AuthlibApp, user: Account | None) -> tuple[str, Reach]:
    """Who may do what the token opens, and where."""
    if user is not None:
        return user.user_name, user.reach
    if isinstance(client, AuthlibApp):
        raise TypeError("an application has no rights of its own")
    return client.get_client_id(), client.client.reach


def _reach_claims(reach: Reach) -> dict[str, Any]:
    if reach.owners is not None:
        return {"organization": sorted(map(str, reach.owners))}
    return {"region": reach.region_code} if reach.region_code is not None else {}
