"""The issuer's signing keys: ES256 keys as PEM files in one folder, of which the newest signs."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

ALGORITHM = "ES256"
CURVE = "P-256"
PATTERN = "es256-*.pem"
# Names sort by age: to rotate, put es256-0002.pem beside it; to retire a key, remove its file.
FIRST_KEY = "es256-0001.pem"


class SigningKeyError(Exception):
    """A file in the key folder is not a private ES256 key."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The private keys by age, oldest first; never empty. Each is known by its RFC 7638 thumbprint."""

    private: tuple[ECKey, ...]

    @property
    def current(self) -> ECKey:
        """The key that signs."""
        return self.private[-1]

    @property
    def public(self) -> KeySet:
        """The public halves of all keys, to verify with."""
        return KeySet([ECKey.import_key(key.as_dict(private=False)) for key in self.private])

    def public_jwks(self) -> dict[str, Any]:
        """The RFC 7517 document that others verify with."""
        return dict(self.public.as_dict())


def load_or_create_keys(folder: Path) -> SigningKeys:
    """The keys in this folder; the first one is made here when there is none.

    Processes that start at the same time agree on that first key. Raises SigningKeyError for a file that
    holds no private P-256 key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(folder.glob(PATTERN)):
        _create_first_key(folder)
    return SigningKeys(tuple(_read_key(path) for path in sorted(folder.glob(PATTERN))))


def _create_first_key(folder: Path) -> None:
    pem = ECKey.generate_key(CURVE).as_pem(private=True)
    draft = folder / f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        # A hard link appears whole or not at all, and fails where the name is taken: the first process wins.
        (folder / FIRST_KEY).hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _read_key(path: Path) -> ECKey:
    try:
        key = ECKey.import_key(path.read_bytes(), {"use": "sig", "alg": ALGORITHM})
    except (JoseError, ValueError, TypeError) as error:
        raise SigningKeyError(f"不是密钥文件 / not a key file: {path.name}") from error
    if not key.is_private or key.curve_name != CURVE:
        raise SigningKeyError(f"不是 ES256 私钥 / not a private ES256 key: {path.name}")
    key.ensure_kid()
    return key
