"""Introspection (RFC 7662) and revocation (RFC 7009) of the issuer's own tokens, by the clients that hold them."""

from dataclasses import dataclass
from typing import Any

import anyio.from_thread
from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from hub.access.apps import AuthlibApp
from hub.access.authorization_store import Authorization
from hub.access.caller import Caller
from hub.access.issuer_client import AuthlibClient
from hub.access.issuer_methods import CLIENT_AUTH, CONFIDENTIAL
from hub.access.issuer_request import FormRequest


@dataclass(frozen=True, slots=True)
class _Token:
    """A token as Authlib wants to ask it."""

    caller: Caller

    def check_client(self, client: AuthlibClient | AuthlibApp) -> bool:
        return self.caller.client_id == client.get_client_id()

    def is_expired(self) -> bool:
        return False  # it would not have been found

    def is_revoked(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class _Refresh:
    """A refresh token as Authlib wants to ask it."""

    family: Authorization

    def check_client(self, client: AuthlibClient | AuthlibApp) -> bool:
        return self.family.client_id == client.get_client_id()


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]  # Authlib is not typed
    """What a token is worth, told to the client that it was given to, and to no other."""

    CLIENT_AUTH_METHODS = CONFIDENTIAL

    def check_params(self, request: FormRequest, client: AuthlibClient) -> None:
        """There is a token, as the edge has seen to; hints of its kind are not needed."""

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Token | None:
        """The token, if it is good."""
        return _found(self.server, token_string)

    def check_permission(self, token: _Token, client: AuthlibClient, request: FormRequest) -> bool:
        """Whether it was given to the client that asks."""
        return token.check_client(client)

    def introspect_token(self, token: _Token) -> dict[str, Any]:
        """What the token says."""
        caller = token.caller
        return {
            "active": True,
            "iss": caller.issuer,
            "aud": self.server.issuer.audience,
            "sub": caller.subject,
            "client_id": caller.client_id,
            "scope": " ".join(sorted(caller.scopes)),
            "iat": int(caller.issued_at.timestamp()),
            "exp": int(caller.expires_at.timestamp()),
            "jti": caller.token_id,
            "token_type": "DPoP" if caller.binding.proof_key else "Bearer",
            **caller.binding.claims(),
        }


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # Authlib is not typed
    """A client gives a token back."""

    CLIENT_AUTH_METHODS = tuple(method.NAME for method in CLIENT_AUTH)

    def authenticate_token(
        self, request: FormRequest, client: AuthlibClient | AuthlibApp
    ) -> "_Token | _Refresh | None":
        """The token, if it is good: what is not need not be revoked. Raises InvalidGrantError for another's."""
        text = request.form["token"]
        authorizations = self.server.issuer.authorizations
        family = None if authorizations is None else anyio.from_thread.run(authorizations.find, text)
        token = _found(self.server, text) if family is None else _Refresh(family)
        if token is not None and not token.check_client(client):
            raise InvalidGrantError("The token was given to another client.")
        return token

    def revoke_token(self, token: "_Token | _Refresh", request: FormRequest) -> None:
        """Make it worthless; of a refresh token all that came of the sign-in."""
        if isinstance(token, _Refresh):
            anyio.from_thread.run(self.server.issuer.authorizations.sign_out, token.family)
        else:
            anyio.from_thread.run(self.server.issuer.tokens.revoke, token.caller)


def _found(server: Any, token: str) -> _Token | None:
    caller = anyio.from_thread.run(server.issuer.tokens.read, token)
    return None if caller is None else _Token(caller)
