"""Secrets that the hub must be able to read again, sealed with a key that is not in the database."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

PATTERN = "seal-*.key"
# Names sort by age: to rotate, put seal-0002.key beside it; what the old one sealed stays readable until it is removed.
FIRST_KEY = "seal-0001.key"


class SealError(Exception):
    """A sealed secret that no key here opens, or that was sealed for something else."""


class Seal:
    """Seals secrets, and digests text so that its digest cannot be guessed at without the key."""

    def __init__(self, keys: list[bytes]) -> None:
        """`keys`, the oldest first; the newest seals and digests."""
        self._fernet = MultiFernet([Fernet(key) for key in reversed(keys)])
        self._digest_key = hashlib.sha256(b"digest" + keys[-1]).digest()

    def seal(self, purpose: str, secret: str) -> bytes:
        """The secret, to be opened for this purpose only: a row's sealed secret is of no use in another row."""
        return self._fernet.encrypt(f"{purpose}\0{secret}".encode())

    def open(self, purpose: str, sealed: bytes, max_age_seconds: int | None = None) -> str:
        """What was sealed. Raises SealError."""
        try:
            found, _, secret = self._fernet.decrypt(sealed, ttl=max_age_seconds).decode().partition("\0")
        except InvalidToken as error:
            raise SealError(purpose) from error
        if found != purpose:
            raise SealError(purpose)
        return secret

    def digest(self, text: str) -> bytes:
        """A keyed SHA-256."""
        return hmac.digest(self._digest_key, text.encode("utf-8", "replace"), "sha256")


def load_or_create_seal(folder: Path) -> Seal:
    """The seal of this folder; its first key is made here when there is none. Processes that start together agree."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(folder.glob(PATTERN)):
        _create_first_key(folder)
    return Seal([path.read_bytes().strip() for path in sorted(folder.glob(PATTERN))])


def _create_first_key(folder: Path) -> None:
    draft = folder / f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        # as with the signing keys: a hard link appears whole or not at all, and the first process wins
        (folder / FIRST_KEY).hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
