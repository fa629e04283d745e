"""Landing: bytes are kept as they came, addressed by SHA-256, before anybody looks into them."""

import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Landed:
    """Bytes in landing."""

    sha256: str
    byte_count: int
    path: Path


class Landing:
    """The folder of landed bytes. A file in it is whole: it gets its name after its last byte is on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, source: BinaryIO) -> Landed:
        """Copy a stream into landing. The same bytes again cost the reading and no second copy."""
        self._folder.mkdir(parents=True, exist_ok=True)
        digest, count = sha256(), 0
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as out:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    count += len(block)
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            path = self.path_of(digest.hexdigest())
            self._settle(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        return Landed(digest.hexdigest(), count, path)

    def path_of(self, digest: str) -> Path:
        """Where the bytes with this SHA-256 lie, or would lie."""
        return self._folder / digest[:2] / digest

    @staticmethod
    def _settle(temporary: Path, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        if path.exists():
            return
        temporary.chmod(0o440)
        temporary.replace(path)
        # the rename itself must survive a power cut, or a batch could point at nothing
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
