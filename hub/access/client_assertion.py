"""`private_key_jwt` (RFC 7523): a client proves who it is by a small token, signed with a key it has registered."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import anyio.from_thread
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey

from hub.access.algorithms import OF_CLIENTS, Registry, fits
from hub.access.clients import Client
from hub.access.issuer import TOKEN_PATH, Issuer
from hub.access.issuer_client import AuthlibClient, QueryClient
from hub.access.issuer_request import FormRequest

LEEWAY = timedelta(seconds=60)
#: an assertion is remembered until it expires, so it may not be good for ever
LONGEST_LIFE = timedelta(hours=1)
_MAX_LENGTH = 4096
_MAX_ID = 256
_PARAMETERS = {"typ", "alg", "kid"}
_TYPES = ("JWT", "client-authentication+jwt", None)


class PrivateKeyJwt:
    """A client that signs an assertion about itself. Whatever is wrong with it, the answer is the same."""

    NAME: ClassVar[str] = "private_key_jwt"

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._audiences = {issuer.url, issuer.url + TOKEN_PATH}

    def __call__(self, query_client: QueryClient, request: FormRequest) -> AuthlibClient | None:
        """The client that has signed the assertion."""
        form = request.form
        if "client_assertion" not in form and "client_assertion_type" not in form:
            return None
        if "authorization" in request.headers or "client_secret" in form:
            raise InvalidRequestError("One way to prove who the client is, not two.")
        if form.get("client_assertion_type") != JWTBearerClientAssertion.CLIENT_ASSERTION_TYPE:
            raise _failed()
        client, claims = _signed(form.get("client_assertion", ""), query_client)
        if form.get("client_id", client.client_id) != client.client_id:
            raise _failed()
        expires_at = self._check(claims, client)
        if not anyio.from_thread.run(
            self._issuer.once.is_first, f"assertion {client.client_id}", claims["jti"], expires_at + LEEWAY
        ):
            raise _failed()
        return AuthlibClient(client)

    def _check(self, claims: dict[str, Any], client: Client) -> datetime:
        """When the assertion expires. Raises InvalidClientError where it says anything else than it must."""
        audiences = claims.get("aud")
        named = [audiences] if isinstance(audiences, str) else audiences
        # one that is for others too could be shown to us by them
        if not isinstance(named, list) or not named or not all(each in self._audiences for each in named):
            raise _failed()
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            raise _failed()
        if not isinstance(name := claims.get("jti"), str) or not 0 < len(name) <= _MAX_ID:
            raise _failed()
        now = self._issuer.clock()
        times = {name: _instant(claims[name]) for name in ("exp", "nbf", "iat") if name in claims}
        expires_at = times.get("exp")
        if expires_at is None or not now - LEEWAY < expires_at <= now + LONGEST_LIFE + LEEWAY:
            raise _failed()
        if any(times[name] > now + LEEWAY for name in ("nbf", "iat") if name in times):
            raise _failed()
        return expires_at


def _signed(assertion: str, query_client: QueryClient) -> tuple[Client, dict[str, Any]]:
    """The client that the assertion names, one of whose keys has signed it, and what it says."""
    try:
        if len(assertion) > _MAX_LENGTH:
            raise _failed()
        found = jws.extract_compact(assertion.encode("ascii"))
        header, claims = found.headers(), json.loads(found.payload)
        if not isinstance(header, dict) or not header.keys() <= _PARAMETERS or not isinstance(claims, dict):
            raise _failed()
        if header.get("typ") not in _TYPES or header.get("alg") not in OF_CLIENTS:
            raise _failed()
        client = query_client(claims["sub"]) if isinstance(claims.get("sub"), str) else None
        if client is None:
            raise _failed()
        keys = [key for key in _keys(client, header.get("kid")) if fits(header["alg"], key)]
        if any(jws.validate_compact(found, key, registry=Registry(OF_CLIENTS)) for key in keys):
            return client, claims
    except (JoseError, ValueError, TypeError, RecursionError, AttributeError) as error:
        raise _failed() from error
    raise _failed()


def _keys(client: Client, key_id: object) -> Iterator[Key]:
    """The client's keys; where the assertion names one, by either of the names that keys go by, this one."""
    for name, pem in client.keys.items():
        loaded = load_pem_public_key(pem.encode())
        key: Key = (OKPKey if isinstance(loaded, Ed25519PublicKey) else ECKey).import_key(pem)
        if key_id is None or key_id in (name, key.thumbprint()):
            yield key


def _instant(seconds: object) -> datetime:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise _failed()
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _failed() from error


def _failed() -> InvalidClientError:
    return InvalidClientError("The client assertion proves nothing.", status_code=401)
