"""Landing: bytes are kept, addressed by SHA-256. `hub.ingest.door` says which bytes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Landed:
    """Bytes in landing."""

    sha256: str
    byte_count: int
    path: Path
    #: of the bytes as they were received; of feeds that may hold persons landing does not keep them all
    received_sha256: str
    received_byte_count: int


class Landing:
    """The folder of landed bytes. A file in it is whole: it gets its name after its last byte is on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def incoming(self) -> Iterator["Incoming"]:
        """Bytes that come block by block. Unless they are settled before the end, nothing of them stays."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as out:
                yield Incoming(self, temporary, out)
        finally:
            temporary.unlink(missing_ok=True)

    def path_of(self, digest: str) -> Path:
        """Where the bytes with this SHA-256 lie, or would lie."""
        return self._folder / digest[:2] / digest

    def has(self, digest: str) -> bool:
        """Whether the bytes with this SHA-256 are here, unharmed; reads them through."""
        try:
            with self.path_of(digest).open("rb") as landed:
                return file_digest(landed, "sha256").hexdigest() == digest
        except FileNotFoundError:
            return False

    def settle(self, temporary: Path, digest: str) -> Path:
        """Give whole bytes that are on disk their place; `Incoming` does so."""
        path = self.path_of(digest)
        path.parent.mkdir(exist_ok=True)
        if path.exists():
            return path
        temporary.chmod(0o440)
        temporary.replace(path)
        # the rename itself must survive a power cut, or a batch could point at nothing
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return path


class Incoming:
    """Bytes on their way into landing: how many so far, and their SHA-256."""

    def __init__(self, landing: Landing, temporary: Path, out: BinaryIO) -> None:
        self._landing = landing
        self._temporary = temporary
        self._out = out
        self._digest = sha256()
        self.byte_count = 0

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the bytes so far."""
        return self._digest.digest()

    def write(self, block: bytes) -> None:
        """Add a block."""
        self._digest.update(block)
        self.byte_count += len(block)
        self._out.write(block)

    def settle(self) -> Landed:
        """These were all of them: bring them to disk and into their place."""
        self._out.flush()
        os.fsync(self._out.fileno())
        path = self._landing.settle(self._temporary, self._digest.hexdigest())
        digest = self._digest.hexdigest()
        return Landed(digest, self.byte_count, path, digest, self.byte_count)
