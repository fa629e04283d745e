"""The hub's own OAuth 2 issuer: what it is made of. Served by `issuer_routes`; `issuer_methods` lists the ways in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from authlib.common.security import is_secure_transport

from hub.access.authorizations import Authorizations
from hub.access.certificates import CertificateHeader
from hub.access.clients import ClientDirectory
from hub.access.keys import OwnKeys
from hub.access.once import Once, OnceHere
from hub.access.own_tokens import OwnTokens

AUTHORIZE_PATH = "/oauth/authorize"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
INTROSPECTION_PATH = "/oauth/introspect"
REVOCATION_PATH = "/oauth/revoke"
JWKS_PATH = "/oauth/jwks.json"


@dataclass(frozen=True, slots=True)
class Issuer:
    """What the issuer is made of."""

    #: the issuer identifier: the public origin, https unless on loopback, no path, no slash at its end
    url: str
    #: the `aud` of the tokens: the hub as a resource server
    audience: str
    keys: OwnKeys
    clients: ClientDirectory
    #: UTC
    clock: Callable[[], datetime]
    token_lifetime_seconds: int = 300
    #: what people let applications do; None: nobody can sign in
    authorizations: Authorizations | None = None
    #: what assertions and proofs were shown
    once: Once = field(default_factory=OnceHere)
    #: where a proxy tells of certificates
    certificates: CertificateHeader = field(default_factory=lambda: CertificateHeader(None, ()))
    #: the tokens that it gave; None: nobody can ask about them or give them back
    tokens: OwnTokens | None = None
    new_token_id: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(16))

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if f"{parts.scheme}://{parts.netloc}" != self.url or not is_secure_transport(self.url):
            raise ValueError(
                f"签发者地址须形如 https://主机 / the issuer URL must look like https://host: {self.url!r}"
            )
