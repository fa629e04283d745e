"""Proofs of possession (RFC 9449, DPoP): small tokens, each signed for one request by the key a token is bound to."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey
from starlette.datastructures import Headers

from hub.access.algorithms import OF_CLIENTS, Registry, fits
from hub.access.once import Once

HEADER = "dpop"
#: clocks go wrong by so much, and a proof may be on its way for so long
LEEWAY = timedelta(seconds=60)
_MAX_LENGTH = 4096
_MAX_ID = 256
_TYPE = "dpop+jwt"
_PARAMETERS = {"typ", "alg", "jwk"}
_KINDS: Mapping[str, type[ECKey] | type[OKPKey]] = {"EC": ECKey, "OKP": OKPKey}
_PORTS = {"http": 80, "https": 443}


class ProofError(Exception):
    """A proof that proves nothing; says why, in both languages."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english


@dataclass(frozen=True, slots=True)
class Shown:
    """The request that a proof has to be about."""

    method: str
    #: as clients see it, also where a proxy stands in front
    url: str
    #: the access token that comes with it; None where one is asked for
    token: str | None = None


async def proven_key(headers: Headers, shown: Shown, once: Once, now: datetime) -> str:
    """The RFC 7638 thumbprint of the key that proves its possession here. ProofError; OnceUnavailableError."""
    given = headers.getlist(HEADER)
    if len(given) != 1 or len(given[0]) > _MAX_LENGTH:
        raise ProofError("须有且只有一个 DPoP 请求头", "exactly one DPoP header is needed")
    key, claims = _signed(given[0])
    said_at = _check(claims, shown, now)
    thumbprint = str(key.thumbprint())
    if not await once.is_first(f"proof {thumbprint}", claims["jti"], said_at + 2 * LEEWAY):
        raise ProofError("DPoP 证明已用过", "the proof was shown before")
    return thumbprint


def _signed(text: str) -> tuple[Key, dict[str, Any]]:
    """The key in the proof's own header, and the claims that it has signed."""
    try:
        found = jws.extract_compact(text.encode("ascii"))
        header = found.headers()
        key = _offered_key(header)
        if not jws.validate_compact(found, key, registry=Registry(OF_CLIENTS)):
            raise ProofError("DPoP 证明的签名不对", "the proof's signature is not by its key")
        claims = json.loads(found.payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError, AttributeError) as error:
        raise ProofError("DPoP 证明格式不对", "the proof is malformed") from error
    if not isinstance(claims, dict):
        raise ProofError("DPoP 证明格式不对", "the proof is malformed")
    return key, claims


def _offered_key(header: Any) -> Key:
    if not isinstance(header, dict) or header.keys() != _PARAMETERS or header["typ"] != _TYPE:
        raise ProofError(
            "DPoP 证明头须为 typ、alg、jwk", "the proof's header must be typ dpop+jwt, alg and jwk"
        )
    member = header["jwk"]
    if header["alg"] not in OF_CLIENTS or not isinstance(member, dict) or "d" in member:
        raise ProofError("DPoP 证明须用 ES256 或 Ed25519", "proofs are signed by ES256 or Ed25519")
    key = _KINDS[member["kty"]].import_key(member)
    if not fits(header["alg"], key):
        raise ProofError("DPoP 证明的密钥与算法不符", "the proof's key is not one of its algorithm")
    return key


def _check(claims: dict[str, Any], shown: Shown, now: datetime) -> datetime:
    """When it was said, if it is about this request. Raises ProofError."""
    if claims.get("htm") != shown.method:
        raise ProofError("DPoP 证明的 htm 不对", "the proof is for another method")
    if not _is_same_address(claims.get("htu"), shown.url):
        raise ProofError("DPoP 证明的 htu 不对", "the proof is for another address")
    if shown.token is not None and claims.get("ath") != _digest(shown.token):
        raise ProofError("DPoP 证明的 ath 不对", "the proof is for another token")
    name, said = claims.get("jti"), claims.get("iat")
    if not isinstance(name, str) or not 0 < len(name) <= _MAX_ID:
        raise ProofError("DPoP 证明的 jti 不对", "the proof has no jti")
    if not isinstance(said, int | float) or isinstance(said, bool):
        raise ProofError("DPoP 证明的 iat 不对", "the proof has no iat")
    try:
        said_at = datetime.fromtimestamp(said, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ProofError("DPoP 证明的 iat 不对", "the proof's iat is out of range") from error
    if abs(now - said_at) > LEEWAY:
        raise ProofError(
            "DPoP 证明不是刚才签的，请核对时钟", "the proof was not made just now: see to the clock"
        )
    return said_at


def _is_same_address(said: object, url: str) -> bool:
    """Whether both are the same address, without query and fragment (RFC 9449 §4.3)."""
    try:
        return isinstance(said, str) and _address(urlsplit(said)) == _address(urlsplit(url))
    except ValueError:
        return False


def _address(parts: SplitResult) -> tuple[object, ...]:
    if parts.username is not None or parts.password is not None:
        raise ValueError("credentials")
    port = parts.port or _PORTS.get(parts.scheme)
    return (parts.scheme, (parts.hostname or "").lower(), port, unquote(parts.path) or "/")


def _digest(token: str) -> str:
    digest = hashlib.sha256(token.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
