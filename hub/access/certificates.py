"""The certificate by which a client opened its TLS connection, as the proxy in front of the hub tells (RFC 8705)."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
#: where in a connection's scope it stands who really opened it
_PEER = "baogong.peer"
_MAX_LENGTH = 16 * 1024


class RememberPeer:
    """ASGI middleware, the outermost: keeps who opened the connection, over whom others write a client's address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        if scope["type"] in ("http", "websocket") and _PEER not in scope:
            scope[_PEER] = (scope.get("client") or ("", 0))[0]
        await self._app(scope, receive, send)


class CertificateHeader:
    """The header in which a proxy hands on a client's certificate. From anybody else it means nothing."""

    def __init__(self, name: str | None, proxies: Sequence[Network]) -> None:
        """`name` None: there is no such proxy."""
        self._name = name
        self._proxies = proxies

    @property
    def is_used(self) -> bool:
        """Whether certificates can come at all."""
        return self._name is not None

    def thumbprint(self, connection: HTTPConnection) -> str | None:
        """SHA-256 of the certificate, in base64url; None where no proxy told of one."""
        if self._name is None or not self._is_proxy(connection):
            return None
        given = connection.headers.getlist(self._name)
        # a second one may be a client's own that the proxy did not take away
        return _thumbprint(given[0]) if len(given) == 1 and len(given[0]) <= _MAX_LENGTH else None

    def _is_proxy(self, connection: HTTPConnection) -> bool:
        peer = connection.scope.get(_PEER) or (connection.client.host if connection.client else "")
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)


def _thumbprint(text: str) -> str | None:
    """Of a certificate as RFC 9440 writes it (`:base64:`), or as nginx does (PEM, percent-encoded)."""
    try:
        der = base64.b64decode(text[1:-1], validate=True) if _is_rfc9440(text) else _der_of_pem(text)
        x509.load_der_x509_certificate(der)
    except (ValueError, binascii.Error):
        return None
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def _is_rfc9440(text: str) -> bool:
    return len(text) > 2 and text.startswith(":") and text.endswith(":")


def _der_of_pem(text: str) -> bytes:
    return x509.load_pem_x509_certificate(unquote(text).encode()).public_bytes(Encoding.DER)
