"""The bytes of a file, with gzip or zip undone on the way and a bound on how much may come out."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
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

#: what an unreadable gzip stream raises
_BROKEN_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)
#: what an unreadable zip archive raises: a wrong checksum, a method nobody knows, a name out of place
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError)


def unpacked_limit(packed_bytes: int) -> int:
    """How many bytes may come out of so many packed ones."""
    return min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed_bytes * MAX_UNPACKED_RATIO))


def open_unpacked(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked if it is gzip or a member of a zip archive (see `member_path`).

    Reading raises RefusedFileError `file.truncated_gzip`, `file.broken_zip` or `file.too_large_unpacked`.
    """
    if (archive := archive_of(path)) is not None:
        return _buffered(_open_member(archive, int(path.name)))
    if not is_gzip(path):
        return path.open("rb")
    limit = unpacked_limit(path.stat().st_size)
    return _buffered(_Unpacked(gzip.open, path, limit, _BROKEN_GZIP, refusals.truncated_gzip))  # type: ignore[arg-type]


def is_packed(path: Path) -> bool:
    """Whether the bytes of the file have to be unpacked before they are its content."""
    return archive_of(path) is not None or is_gzip(path)


def is_gzip(path: Path) -> bool:
    """Whether the file says of itself that it is gzip."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def member_path(archive: Path, place: int) -> Path:
    """The path under which a member of a zip archive is opened, by its place in the archive's directory.

    Nothing lies there: no member is ever unpacked under a name, so no name can lead anywhere.
    """
    return archive / str(place)


def archive_of(path: Path) -> Path | None:
    """The archive of a `member_path`; None for any other path."""
    return path.parent if path.name.isdecimal() and path.parent.is_file() else None


def _open_member(archive: Path, place: int) -> "_Unpacked":
    def opened(_path: Path) -> BinaryIO:
        with ExitStack() as stack:
            package = stack.enter_context(zipfile.ZipFile(archive))
            member = package.open(package.infolist()[place])
            stack.pop_all()  # the member keeps the archive open as long as it is read
        return cast("BinaryIO", member)

    try:
        # a member gives no more bytes than the directory says, and their sum was asked for before
        return _Unpacked(opened, archive, MAX_UNPACKED_BYTES, BROKEN_ZIP, refusals.broken_zip)
    except (*BROKEN_ZIP, RuntimeError) as error:
        raise refusals.broken_zip() from error


def _buffered(unpacked: "_Unpacked") -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(unpacked, 1 << 16))


class _Unpacked(io.RawIOBase):
    """A packed file read as a stream, refusing what is cut off and what grows beyond the limit."""

    def __init__(
        self,
        opened: Callable[[Path], BinaryIO],
        path: Path,
        limit: int,
        broken: tuple[type[Exception], ...],
        refusal: Callable[[], Exception],
    ) -> None:
        self._file = opened(path)
        self._limit = limit
        self._broken = broken
        self._refusal = refusal
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        try:
            block = self._file.read(len(buffer))
        except self._broken as error:
            raise self._refusal() from error
        self._given += len(block)
        if self._given > self._limit:
            raise refusals.too_large_unpacked(self._limit)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._file.close()
        super().close()
