"""SM2 with SM3 (GB/T 32918.2) through GmSSL, and its keys as PEM that OpenSSL reads."""

import base64
import textwrap
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from hub.errors import SettingError
from schema.declare import Label

try:
    import gmssl_pyx
except ImportError:  # an extra of the package: not every platform has a wheel
    gmssl_pyx = None

#: who signs, as far as the algorithm wants to know: the default of GM/T 0009
SIGNER_ID = b"1234567812345678"
_COORDINATE = 32
#: DER before the private key, between it and the public one, and before the public key alone
_PKCS8 = bytes.fromhex("308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420")
_AND_PUBLIC = bytes.fromhex("a14403420004")
_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")


@dataclass(frozen=True, slots=True)
class Sm2Public:
    """A point of the curve, 64 bytes."""

    point: bytes
    algorithm: str = "SM2"

    @property
    def pem(self) -> str:
        """SubjectPublicKeyInfo."""
        return _pem("PUBLIC KEY", _SPKI + self.point).decode()

    def verify(self, signature: bytes, content: bytes) -> bool:
        """Whether the key's owner signed this; the signature is r and s, 32 bytes each."""
        if len(signature) != 2 * _COORDINATE:
            return False
        r, s = (int.from_bytes(half) for half in (signature[:_COORDINATE], signature[_COORDINATE:]))
        try:
            found: bool = _library().sm2_verify(self.point, content, encode_dss_signature(r, s), SIGNER_ID)
        except _library().GmsslInnerError:
            return False
        return found


@dataclass(frozen=True, slots=True)
class Sm2Signer:
    """A number and its point."""

    number: bytes
    public: Sm2Public

    def sign(self, content: bytes) -> bytes:
        """r and s, 32 bytes each."""
        signed = _library().sm2_sign(self.number, self.public.point, content, SIGNER_ID)
        r, s = decode_dss_signature(signed)
        return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)


def new_private_pem() -> bytes:
    """A new key."""
    point, number = _library().sm2_key_generate()
    return _pem("PRIVATE KEY", _PKCS8 + number + _AND_PUBLIC + point)


def private_from_pem(pem: bytes) -> Sm2Signer:
    """The key of a file. ValueError where it holds none, or none in this form."""
    der = _der(pem, "PRIVATE KEY")
    number, rest = der[len(_PKCS8) :][:_COORDINATE], der[len(_PKCS8) + _COORDINATE :]
    if not der.startswith(_PKCS8) or not rest.startswith(_AND_PUBLIC):
        raise ValueError("no SM2 key")
    return Sm2Signer(number, Sm2Public(_point(rest[len(_AND_PUBLIC) :])))


def is_public_pem(pem: bytes) -> bool:
    """Whether a public key in PEM is one of SM2's curve."""
    return _der(pem, "PUBLIC KEY").startswith(_SPKI)


def public_from_pem(pem: bytes) -> Sm2Public:
    """The public key of a file. ValueError where it holds none."""
    der = _der(pem, "PUBLIC KEY")
    if not der.startswith(_SPKI):
        raise ValueError("no SM2 key")
    return Sm2Public(_point(der[len(_SPKI) :]))


def _point(point: bytes) -> bytes:
    try:
        found: bytes = _library().normalize_sm2_public_key(point)
    except _library().GmsslInnerError as error:
        raise ValueError("no point of SM2's curve") from error
    return found


def _pem(kind: str, der: bytes) -> bytes:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n".encode()


def _der(pem: bytes, kind: str) -> bytes:
    _, begun, rest = pem.decode("ascii").partition(f"-----BEGIN {kind}-----")
    body, ended, _ = rest.partition(f"-----END {kind}-----")
    if not begun or not ended:
        raise ValueError(f"no {kind}")
    return base64.b64decode("".join(body.split()), validate=True)


def _library() -> "gmssl_pyx":
    if gmssl_pyx is None:
        raise SettingError(
            "setting.audit_signature",
            Label(
                "使用 SM2 须安装 gmssl_pyx：pip install 'baogong[sm]'。",
                "SM2 needs gmssl_pyx: pip install 'baogong[sm]'",
            ),
        )
    return gmssl_pyx
