"""The access tokens that the issuer signs (RFC 9068): what goes in, and what stands beside it in the answer."""

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749 import InvalidScopeError
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from joserfc import jwt

from hub.access.accounts import Account
from hub.access.apps import AuthlibApp
from hub.access.binding import UNBOUND, Binding
from hub.access.clients import Client
from hub.access.entitlement import Entitlement, NotEntitledError, entitlement
from hub.access.issuer import Issuer
from hub.access.issuer_client import AuthlibClient
from hub.access.keys import ALGORITHM
from schema.reach import Reach

#: what the token that is being signed is bound to; Authlib signs without a word about the request
_BINDING: ContextVar[Binding] = ContextVar("binding", default=UNBOUND)


def bind(binding: Binding) -> None:
    """Bind the token that will be signed for this request."""
    _BINDING.set(binding)


def bound_to() -> Binding:
    """What the token for this request will be bound to."""
    return _BINDING.get()


class Tokens(BearerTokenGenerator):  # type: ignore[misc]  # Authlib is not typed
    """Access tokens of one issuer, for a client itself or for the person who is signed in."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(self._sign)
        self._issuer = issuer

    def generate(
        self,
        grant_type: str,
        client: AuthlibClient | AuthlibApp,
        user: Account | None = None,
        scope: str | None = None,
        expires_in: int | None = None,
        include_refresh_token: bool = True,
    ) -> dict[str, Any]:
        """The answer, which says how the token is to be used, and for how long. Raises InvalidScopeError."""
        now = self._issuer.clock()
        entitled = _entitled(_holder(client, user), self.get_allowed_scope(client, scope), now)
        seconds = int((self._end(entitled, now) - now).total_seconds())
        token: dict[str, Any] = super().generate(
            grant_type, client, user, scope, seconds, include_refresh_token
        )
        return token | {"token_type": "DPoP"} if _BINDING.get().proof_key else token

    def _end(self, entitled: Entitlement, now: datetime) -> datetime:
        end = now + timedelta(seconds=self._issuer.token_lifetime_seconds)
        return end if entitled.not_after is None else min(end, entitled.not_after)

    def _sign(
        self, client: AuthlibClient | AuthlibApp, grant_type: str, user: Account | None, scope: str
    ) -> str:
        holder, now = _holder(client, user), self._issuer.clock()
        entitled = _entitled(holder, scope, now)
        key = self._issuer.keys.current
        claims = {
            "iss": self._issuer.url,
            "aud": self._issuer.audience,
            "sub": holder.user_name if isinstance(holder, Account) else holder.client_id,
            "client_id": client.get_client_id(),
            "scope": " ".join(sorted(entitled.scopes)),
            "iat": int(now.timestamp()),
            "exp": int(self._end(entitled, now).timestamp()),
            "jti": self._issuer.new_token_id(),
            **_reach_claims(entitled.reach),
            **({"grants": list(entitled.grants)} if entitled.grants else {}),
            **_BINDING.get().claims(),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def _holder(client: AuthlibClient | AuthlibApp, user: Account | None) -> Account | Client:
    """Who may do what the token opens."""
    if user is not None:
        return user
    if isinstance(client, AuthlibApp):
        raise TypeError("an application has no rights of its own")
    return client.client


def _entitled(holder: Account | Client, scope: str | None, now: datetime) -> Entitlement:
    try:
        return entitlement(holder, frozenset((scope or "").split()), now)
    except NotEntitledError as error:
        raise InvalidScopeError from error


def _reach_claims(reach: Reach) -> dict[str, Any]:
    if reach.owners is not None:
        return {"organization": reach.owner_texts}
    return {"region": reach.region_code} if reach.region_code is not None else {}
