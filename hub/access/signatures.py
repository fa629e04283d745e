"""Signatures of requests (RFC 9421) by the keys that clients have registered."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    MappingKeyResolver,
    algorithms,
)

#: how old a signature may be; the same request again within this time is a repeat of the same bytes
LONGEST_AGE = timedelta(minutes=5)
#: what every signature must cover: where the request goes, and by its digest what it brings
REQUIRED = ("@method", "@authority", "@path", "content-digest")


class SignatureError(Exception):
    """There is no signature, or none that a key of the client made over what it must cover."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """The parts of a request that a signature may cover."""

    method: str
    #: as clients see it, also where a proxy stands in front
    url: str
    headers: Mapping[str, str]


class _Verifier(HTTPMessageVerifier):
    """A verifier that bears with clocks which go wrong by a minute."""

    max_clock_skew = timedelta(minutes=1)


def import_key(pem: bytes) -> tuple[str, str]:
    """A public key's id (SHA-256 of its DER form, in hexadecimal) and its PEM. ValueError unless Ed25519 or P-256."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("不是 PEM 格式的公钥 / no public key in PEM") from error
    is_p256 = isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    if not is_p256 and not isinstance(key, Ed25519PublicKey):
        raise ValueError("公钥须为 Ed25519 或 ECDSA P-256 / the key must be Ed25519 or ECDSA P-256")
    form = PublicFormat.SubjectPublicKeyInfo
    key_id = hashlib.sha256(key.public_bytes(Encoding.DER, form)).hexdigest()
    return key_id, key.public_bytes(Encoding.PEM, form).decode()


def verify(
    request: SignedRequest,
    keys: Mapping[str, str],
    required: Collection[str] = REQUIRED,
    longest_age: timedelta | None = LONGEST_AGE,
) -> str:
    """The id of the key that signed the request. `keys` are PEM by id. Raises SignatureError."""
    resolver = MappingKeyResolver(
        public_keys={key_id: pem.encode() for key_id, pem in keys.items()}, private_keys={}
    )
    problem: Exception | None = None
    for algorithm in {_algorithm_of(pem) for pem in keys.values()}:
        verifier = _Verifier(signature_algorithm=algorithm, key_resolver=resolver)
        try:
            [result] = verifier.verify(request, max_age=longest_age, require_components=tuple(required))
        except (HTTPMessageSignaturesException, ValueError) as error:
            problem = error
        else:
            return str(result.parameters["keyid"])
    raise SignatureError(str(problem)) from problem


def _algorithm_of(pem: str) -> type[HTTPSignatureAlgorithm]:
    is_ed25519 = isinstance(load_pem_public_key(pem.encode()), Ed25519PublicKey)
    return algorithms.ED25519 if is_ed25519 else algorithms.ECDSA_P256_SHA256
