"""A client as Authlib wants to ask it, and how it proves who it is by its secret."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.util import extract_basic_authorization, scope_to_list

from hub.access.apps import AuthlibApp
from hub.access.clients import Client, new_client, verify_secret
from hub.access.entitlement import held_scopes
from hub.access.issuer import Issuer
from hub.access.issuer_request import FormRequest
from schema.reach import NOWHERE
from schema.scopes import READ_SCOPES

#: the client of an id; None where it is unknown or disabled
QueryClient = Callable[[str], Client | None]


@dataclass(slots=True)
class AuthlibClient:
    """A client that has proved who it is, for one request."""

    client: Client

    def get_client_id(self) -> str:
        """Its public name."""
        return self.client.client_id

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Whether it may prove itself so: whoever got here has done it."""
        return True

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it may ask for tokens in this way."""
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)

    def get_allowed_scope(self, scope: str | None) -> str:
        """What is asked for, or all there is without a grant; whether that is too much is judged with the token."""
        return " ".join(sorted(scope_to_list(scope) or held_scopes(self.client)))


class ClientAuth(Protocol):
    """One way in which clients prove who they are."""

    #: as RFC 8414 names it
    NAME: ClassVar[str]

    def __init__(self, issuer: Issuer) -> None: ...

    def __call__(self, query_client: QueryClient, request: FormRequest) -> AuthlibClient | AuthlibApp | None:
        """The client; None where the request does not use this way. Raises OAuth2Error where it does so wrongly."""
        ...


class ClientSecretBasic:
    """`client_secret_basic`: id and secret in an Authorization header."""

    NAME: ClassVar[str] = "client_secret_basic"

    def __init__(self, issuer: Issuer) -> None:
        self._nobody, _ = new_client("nobody", READ_SCOPES, NOWHERE, issuer.clock())

    def __call__(self, query_client: QueryClient, request: FormRequest) -> AuthlibClient | None:
        """The client whose secret this is. An unknown client costs the same time and gets the same answer."""
        if "authorization" not in request.headers:
            return None
        client_id, secret = _basic_credentials(request)
        client = query_client(client_id)
        proven = verify_secret(client or self._nobody, secret)
        if client is None or not proven:
            raise InvalidClientError("Unknown client or wrong secret.", status_code=401)
        return AuthlibClient(client)


def _basic_credentials(request: FormRequest) -> tuple[str, str]:
    """Client id and secret of the one Basic header. Raises InvalidClientError (401) where there is none."""
    failed = InvalidClientError("Use HTTP Basic with the client's id and secret.", status_code=401)
    try:
        client_id, secret = extract_basic_authorization(request.headers)
    except ValueError as error:  # not base64, or not UTF-8 in it
        raise failed from error
    if len(request.headers.getlist("authorization")) != 1 or not client_id or not secret:
        raise failed
    if "client_secret" in request.form:
        raise InvalidRequestError("The secret belongs in the Authorization header only.")
    if "client_assertion" in request.form:
        raise InvalidRequestError("One way to prove who the client is, not two.")
    return client_id, secret
