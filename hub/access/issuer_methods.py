"""The ways to a token: grants, and how clients prove who they are. The one list of both."""

from typing import Any

from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant

from hub.access.client_assertion import PrivateKeyJwt
from hub.access.issuer import Issuer
from hub.access.issuer_client import ClientAuth, ClientSecretBasic
from hub.access.person_grants import CodeGrant, PublicApp, RefreshGrant

#: how systems prove who they are
OF_SYSTEMS: tuple[type[ClientAuth], ...] = (ClientSecretBasic, PrivateKeyJwt)
CONFIDENTIAL = tuple(method.NAME for method in OF_SYSTEMS)
#: how clients prove who they are
CLIENT_AUTH: tuple[type[ClientAuth], ...] = (*OF_SYSTEMS, PublicApp)


class SystemGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib is not typed
    """client_credentials: a system asks for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = CONFIDENTIAL


def grants_of(issuer: Issuer) -> tuple[type[Any], ...]:
    """Authlib's grants; each finds what it needs by `self.server.issuer`. Those of people where people can sign in."""
    return (SystemGrant,) if issuer.authorizations is None else (SystemGrant, CodeGrant, RefreshGrant)
