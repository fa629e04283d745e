"""The digest of the audit: SHA-256, or SM3 (GB/T 32905) by setting."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from hub.errors import SettingError
from schema.declare import Label


@dataclass(frozen=True, slots=True)
class Digest:
    """A hash function and its name."""

    name: str
    of: Callable[[bytes], bytes]


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _sm3(content: bytes) -> bytes:
    return hashlib.new("sm3", content).digest()


SHA256 = Digest("sha256", _sha256)
SM3 = Digest("sm3", _sm3)
DIGESTS = {digest.name: digest for digest in (SHA256, SM3)}


def digest_named(name: str) -> Digest:
    """The digest of a name, if OpenSSL has it here. Raises SettingError."""
    if name not in hashlib.algorithms_available:
        raise SettingError(
            "setting.audit_digest",
            Label(f"此处的 OpenSSL 没有 {name}。", f"the OpenSSL that is here has no {name}"),
        )
    return DIGESTS[name]
