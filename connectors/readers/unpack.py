"""The bytes of a file, with gzip undone on the way and a bound on how much may come out."""

import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from connectors.readers import refusals

GZIP_MAGIC = b"\x1f\x8b"

#: A province's stock-take (80 million rows of 100 bytes) fits; what is larger is a mistake or an attack.
MAX_UNPACKED_BYTES = 8 << 30
#: Tables of medicines pack 5- to 50-fold, deflate can do 1,032-fold: only made-up data lies in between.
MAX_UNPACKED_RATIO = 250
#: Below this the ratio is not asked: a few kilobytes of blanks harm nobody.
RATIO_FREE_BYTES = 16 << 20


def unpacked_limit(packed_bytes: int) -> int:
    """How many bytes may come out of so many packed ones."""
    return min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed_bytes * MAX_UNPACKED_RATIO))


def open_unpacked(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked if it is gzip.

    Reading raises RefusedFileError `file.truncated_gzip` or `file.too_large_unpacked`.
    """
    if not is_gzip(path):
        return path.open("rb")
    unpacked = _Unpacked(path, unpacked_limit(path.stat().st_size))
    return cast("BinaryIO", io.BufferedReader(unpacked, 1 << 16))


def is_gzip(path: Path) -> bool:
    """Whether the file says of itself that it is gzip."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


class _Unpacked(io.RawIOBase):
    """A gzip file read as a stream, refusing what is cut off and what grows beyond the limit."""

    def __init__(self, path: Path, limit: int) -> None:
        self._file = gzip.open(path)  # noqa: SIM115  closed by close()
        self._limit = limit
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        try:
            block = self._file.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise refusals.truncated_gzip() from error
        self._given += len(block)
        if self._given > self._limit:
            raise refusals.too_large_unpacked(self._limit)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._file.close()
        super().close()
