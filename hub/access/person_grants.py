"""The ways to a token for people: authorization_code with PKCE by S256, and refresh, for the hub's own applications."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import anyio.from_thread
from authlib.oauth2.rfc6749 import (
    AccessDeniedError,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    UnsupportedGrantTypeError,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from joserfc.util import json_b64decode

from hub.access.accounts import Account
from hub.access.apps import APPS, AuthlibApp
from hub.access.authorizations import Authorizations, Granted
from hub.access.binding import binding_of
from hub.access.entitlement import within
from hub.access.issuer import Issuer
from hub.access.issuer_client import QueryClient
from hub.access.issuer_request import FormRequest
from hub.access.issuer_tokens import bound_to


class PublicApp:
    """`none`: an application of the hub's own, which has no secret to keep."""

    NAME: ClassVar[str] = "none"

    def __init__(self, issuer: Issuer) -> None:
        self._origin = issuer.url

    def __call__(self, query_client: QueryClient, request: FormRequest) -> AuthlibApp | None:
        """The application that says its name in the body."""
        app = APPS.get(request.payload.client_id or "")
        if app is None:
            return None
        if "authorization" in request.headers or "client_secret" in request.form:
            raise InvalidClientError("This application has no secret.", status_code=401)
        return AuthlibApp(app, self._origin)


class S256Only(CodeChallenge):  # type: ignore[misc]  # Authlib is not typed
    """PKCE, always, and by S256 alone: `plain` shows the verifier to whoever sees the address."""

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Raise InvalidRequestError where the challenge or its method is missing or another."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with code_challenge_method S256 is needed.")
        super().validate_code_challenge(grant, redirect_uri)


class _PersonGrant:
    """What both share: where the authorizations are, and the refresh token that goes with each access token."""

    TOKEN_ENDPOINT_AUTH_METHODS = (PublicApp.NAME,)
    server: Any
    request: Any

    @property
    def _authorizations(self) -> Authorizations:
        found: Authorizations | None = self.server.issuer.authorizations
        if found is None:
            raise UnsupportedGrantTypeError("Nobody can sign in here.")
        return found

    def _client_id(self) -> str:
        client_id: str = self.request.client.get_client_id()
        return client_id

    def save_token(self, token: dict[str, Any]) -> None:
        """Put a refresh token beside the access token, and say whose they are."""
        granted: Granted = self._granted()
        claims = json_b64decode(token["access_token"].split(".")[1].encode("ascii"))
        refresh = anyio.from_thread.run(
            self._authorizations.issue_refresh,
            granted.authorization.authorization_id,
            claims["jti"],
            datetime.fromtimestamp(claims["exp"], UTC),
            binding_of(claims.get("cnf")).proof_key,
        )
        if refresh is None:
            raise InvalidGrantError("The sign-in has ended.")
        token["refresh_token"] = refresh
        token["account"] = account_record(granted.account)

    def _granted(self) -> Granted:
        raise NotImplementedError


class CodeGrant(_PersonGrant, AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib is not typed
    """authorization_code: a person signed in, in a browser."""

    def __init__(self, request: Any, server: Any) -> None:
        super().__init__(request, server)
        S256Only()(self)

    def save_authorization_code(self, code: str, request: Any) -> None:
        """It is saved where it is made."""

    def generate_authorization_code(self) -> str:
        """A code for the account in `request.user`. Raises AccessDeniedError where it has none of the scopes."""
        account, session_hash = self.request.user
        scopes = within(account, frozenset(self.request.scope.split()), self.server.issuer.clock())
        if not scopes:
            raise AccessDeniedError(
                "The account has none of these scopes.", redirect_uri=self.request.payload.redirect_uri
            )
        return anyio.from_thread.run(
            self._authorizations.issue_code,
            account,
            self._client_id(),
            self.request.payload.redirect_uri,
            scopes,
            self.request.payload.data["code_challenge"],
            session_hash,
        )

    def query_authorization_code(self, code: str, client: AuthlibApp) -> Granted | None:
        """What the code stands for; it is used up by asking, whatever becomes of the request."""
        return anyio.from_thread.run(self._authorizations.use_code, code, client.get_client_id())

    def authenticate_user(self, authorization_code: Granted) -> Account:
        """Whose it is."""
        return authorization_code.account

    def delete_authorization_code(self, authorization_code: Granted) -> None:
        """It is used up already."""

    def _granted(self) -> Granted:
        granted: Granted = self.request.authorization_code
        return granted


class RefreshGrant(_PersonGrant, RefreshTokenGrant):  # type: ignore[misc]  # Authlib is not typed
    """refresh_token: the person is still there. Each is good once."""

    def authenticate_refresh_token(self, refresh_token: str) -> Granted | None:
        """Its family; it is used up by asking, whatever becomes of the request."""
        return anyio.from_thread.run(
            self._authorizations.use_refresh, refresh_token, self._client_id(), bound_to().proof_key
        )

    def authenticate_user(self, refresh_token: Granted) -> Account:
        """Whose it is."""
        return refresh_token.account

    def revoke_old_credential(self, refresh_token: Granted) -> None:
        """It is used up already."""

    def _granted(self) -> Granted:
        granted: Granted = self.request.refresh_token
        return granted


def account_record(account: Account) -> dict[str, Any]:
    """Who is signed in, as the token endpoint tells it beside the token."""
    reach = account.reach
    return {
        "user_name": account.user_name,
        "display_name": account.display_name,
        "organization_name": account.organization_name,
        "region": reach.region_code,
        "organization": None if reach.owners is None else sorted(map(str, reach.owners)),
    }
