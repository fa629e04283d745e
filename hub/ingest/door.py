"""The door: where received bytes become landed ones. Of feeds that may hold persons only a part of them does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import BinaryIO, Protocol

import structlog

from connectors.frame import RefusedFileError
from connectors.manifest import Manifest
from connectors.memory import MemoryFile
from connectors.redaction.sieve import redact, refused
from hub.ingest.landing import Landed, Landing
from schema.declare import Label

_BLOCK = 1 << 20
#: a file that may hold persons is held in memory while it is looked through, for no disk may have it
MOST_BYTES_WITH_PERSONS = 128 << 20

log = structlog.get_logger(__name__)


class Receiving(Protocol):
    """Bytes on their way in, block by block."""

    byte_count: int

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the bytes received so far."""

    def write(self, block: bytes) -> None:
        """Add a block."""

    def settle(self) -> Landed:
        """These were all of them: bring what may be kept into its place."""


@contextmanager
def open_door(landing: Landing, manifest: Manifest) -> Iterator[Receiving]:
    """Receive one delivery of a feed. Unless it is settled before the end, nothing of it stays."""
    if manifest.personal is None:
        with landing.incoming() as incoming:
            yield incoming
        return
    held = MemoryFile()
    try:
        yield _Screened(landing, manifest, held)
    finally:
        held.discard()


def take_in(landing: Landing, manifest: Manifest, source: BinaryIO) -> Landed:
    """Bring a stream in. The same bytes again cost the reading and no second copy."""
    with open_door(landing, manifest) as receiving:
        while block := source.read(_BLOCK):
            receiving.write(block)
        return receiving.settle()


class _Screened:
    """Bytes that are held in memory until it is known what of them may be kept."""

    def __init__(self, landing: Landing, manifest: Manifest, held: MemoryFile) -> None:
        self._landing = landing
        self._manifest = manifest
        self._held = held
        self._digest = sha256()
        self.byte_count = 0

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the bytes received so far."""
        return self._digest.digest()

    def write(self, block: bytes) -> None:
        """Add a block; what is beyond the limit is counted and not held."""
        self._digest.update(block)
        self.byte_count += len(block)
        if self.byte_count <= MOST_BYTES_WITH_PERSONS:
            self._held.write(block)

    def settle(self) -> Landed:
        """Land what may be kept or, of a file that cannot be read, why not."""
        found = self._keep()
        # not where it was raised: the error before it, with words of the file, would follow it into a log
        kept = self._keep_refusal(found) if isinstance(found, RefusedFileError) else found
        return replace(kept, received_sha256=self._digest.hexdigest(), received_byte_count=self.byte_count)

    def _keep(self) -> Landed | RefusedFileError:
        if self.byte_count > MOST_BYTES_WITH_PERSONS:
            return _too_large()
        try:
            with self._landing.incoming() as incoming:
                redact(self._held.path, self._manifest, incoming.write)
                return incoming.settle()
        except RefusedFileError as refusal:
            return refusal
        except Exception as error:
            # its words may repeat the file's, and so may its trace: of what kind it was is all that is told
            log.warning("door.failed", feed=self._manifest.code, kind=type(error).__name__)
            return _unscreened()

    def _keep_refusal(self, refusal: RefusedFileError) -> Landed:
        with self._landing.incoming() as incoming:
            incoming.write(refused(refusal))
            return incoming.settle()


def _too_large() -> RefusedFileError:
    most = MOST_BYTES_WITH_PERSONS >> 20
    return RefusedFileError(
        "file.personal_too_large",
        Label(
            f"此数据源可能含个人信息，文件须在内存中筛除，最大 {most} MB。请拆成几个文件。",
            f"The feed may hold persons' data, which is sifted out in memory: at most {most} MB. Split the file.",
        ),
    )


def _unscreened() -> RefusedFileError:
    return RefusedFileError(
        "file.unscreened",
        Label(
            "筛除个人信息时系统出错，文件内容未保留；修复后请重送。",
            "The hub failed while sifting out persons' data; nothing was kept. Send it again once that is mended.",
        ),
    )
