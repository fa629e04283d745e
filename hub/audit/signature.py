"""Who signs checkpoints: ES256, or SM2 with SM3 (GB/T 32918) by setting, with keys of their own.

Software gives SM2's function, not its certification: that takes a certified module behind the same port.
"""

import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from hub.audit import sm2
from hub.errors import SettingError
from schema.declare import Label

_ES256 = ec.ECDSA(SHA256())
_COORDINATE = 32
_BEGIN = "-----BEGIN PUBLIC KEY-----"


class PublicKey(Protocol):
    """Says whether a checkpoint is the hub's."""

    @property
    def algorithm(self) -> str:
        """`ES256` or `SM2`."""
        ...

    @property
    def pem(self) -> str:
        """The key, to be handed to others."""
        ...

    def verify(self, signature: bytes, content: bytes) -> bool:
        """Whether the key's owner signed this."""
        ...


class Signer(Protocol):
    """Signs. What a certified module would have to do."""

    @property
    def public(self) -> PublicKey:
        """The other half."""
        ...

    def sign(self, content: bytes) -> bytes:
        """The signature."""
        ...


def key_id(public: PublicKey) -> str:
    """A short name of a key: of the digest of its PEM's body."""
    body = "".join(line for line in public.pem.splitlines() if not line.startswith("-----"))
    return sha256(body.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Es256Public:
    """A P-256 key."""

    key: ec.EllipticCurvePublicKey
    algorithm: str = "ES256"

    @property
    def pem(self) -> str:
        """SubjectPublicKeyInfo."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def verify(self, signature: bytes, content: bytes) -> bool:
        """Whether the key's owner signed this; the signature is r and s, 32 bytes each, as in JWS."""
        if len(signature) != 2 * _COORDINATE:
            return False
        r, s = (int.from_bytes(half) for half in (signature[:_COORDINATE], signature[_COORDINATE:]))
        try:
            self.key.verify(encode_dss_signature(r, s), content, _ES256)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Es256Signer:
    """A P-256 key that signs."""

    key: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> Es256Public:
        """The other half."""
        return Es256Public(self.key.public_key())

    def sign(self, content: bytes) -> bytes:
        """r and s, 32 bytes each."""
        r, s = decode_dss_signature(self.key.sign(content, _ES256))
        return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)


ALGORITHMS = ("es256", "sm2")


def load_or_create_signer(folder: Path, algorithm: str) -> Signer:
    """The newest key of an algorithm in the key folder (`audit-es256-0001.pem`); made where there is none.

    Processes that start at the same time agree on it. Raises SettingError for a file that is no such key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pattern = f"audit-{algorithm}-*.pem"
    if not any(folder.glob(pattern)):
        pem = sm2.new_private_pem() if algorithm == "sm2" else _new_es256_pem()
        _put(folder / f"audit-{algorithm}-0001.pem", pem)
    path = sorted(folder.glob(pattern))[-1]
    return _signer(path, algorithm)


def load_public_keys(path: Path) -> dict[str, PublicKey]:
    """The public keys of a file, by their short names. Raises SettingError."""
    pems = [f"{_BEGIN}{pem}" for pem in path.read_text("ascii").split(_BEGIN)[1:]]
    found = [_public_from_pem(pem.encode(), path) for pem in pems]
    return {key_id(public): public for public in found}


def known_keys(folder: Path) -> dict[str, PublicKey]:
    """All keys of the audit in a folder by their short names; of those that sign no more the public half suffices."""
    found = (_public(path) for path in sorted(folder.glob("audit-*.pem")))
    return {key_id(public): public for public in found}


def _signer(path: Path, algorithm: str) -> Signer:
    try:
        if algorithm == "sm2":
            return sm2.private_from_pem(path.read_bytes())
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _no_key(path)
    return Es256Signer(key)


def _public(path: Path) -> PublicKey:
    pem = path.read_bytes()
    if _BEGIN.encode() in pem:
        return _public_from_pem(pem, path)
    return _signer(path, "sm2" if path.name.startswith("audit-sm2-") else "es256").public


def _public_from_pem(pem: bytes, path: Path) -> PublicKey:
    try:
        if sm2.is_public_pem(pem):
            return sm2.public_from_pem(pem)
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _no_key(path)
    return Es256Public(key)


def _new_es256_pem() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _put(path: Path, pem: bytes) -> None:
    """Whole or not at all; the first process wins."""
    draft = path.parent / f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _no_key(path: Path) -> SettingError:
    return SettingError(
        "setting.audit_key", Label(f"不是审计密钥：{path.name}", f"no key of the audit: {path.name}")
    )
