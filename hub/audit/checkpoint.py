"""Checkpoints: a signed line that says how far a chain had come, short enough for a header of an answer."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.audit.chain import Chain
from hub.audit.signature import PublicKey, Signer, key_id

#: chain, number of the last record, Unix time, digest, head, key, and the signature of all that stands before it
_FORM = re.compile(
    r"(?P<signed>(?P<chain>[\w-]{1,64})\.(?P<number>\d{1,18})\.(?P<at>\d{1,11})\.(?P<digest>sha256|sm3)"
    r"\.(?P<head>[\w-]{43})\.(?P<key>[0-9a-f]{16}))\.(?P<signature>[\w-]{86})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint, read."""

    text: str
    chain_id: str
    number: int
    made_at: datetime
    digest_name: str
    head: bytes
    key: str

    def is_signed(self, keys: Mapping[str, PublicKey]) -> bool:
        """Whether one of these keys signed it."""
        signed, _, signature = self.text.rpartition(".")
        public = keys.get(self.key)
        return public is not None and public.verify(_decoded(signature), signed.encode())


def make_checkpoint(chain: Chain, made_at: datetime, signer: Signer) -> Checkpoint:
    """Sign how far a chain has come."""
    key = key_id(signer.public)
    signed = (
        f"{chain.chain_id}.{chain.number}.{int(made_at.timestamp())}.{chain.digest.name}"
        f".{_encoded(chain.head)}.{key}"
    )
    return read_checkpoint(f"{signed}.{_encoded(signer.sign(signed.encode()))}")


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from its line. Raises ValueError."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"不是检查点 / no checkpoint: {text[:80]!r}")
    try:
        head, made_at = _decoded(found["head"]), datetime.fromtimestamp(int(found["at"]), UTC)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise ValueError(f"不是检查点 / no checkpoint: {text[:80]!r}") from error
    return Checkpoint(
        found[0], found["chain"], int(found["number"]), made_at, found["digest"], head, found["key"]
    )


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
