"""Which encoding a text file is in, found by trying, and its text as UTF-8."""

import codecs
import io
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from connectors.readers import refusals
from connectors.readers.unpack import open_unpacked

#: a way to cut a text into rows: `records` or `lines`
Cut = Callable[[TextIO], Iterator[str]]

BLOCK_BYTES = 1 << 18

#: So many characters beyond ASCII that are valid UTF-8 are no accident: a pair of GB18030 bytes passes as
#: UTF-8 about once in thirty.
DECISIVE_CHARACTERS = 1_000

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a codec got: bytes understood, and whether a byte stopped it."""

    offset: int
    failed: bool


def detect_encoding(path: Path) -> str:
    """Name the codec of a text file: utf-8, utf-8-sig, utf-16 or gb18030 (which covers GBK and GB2312).

    Reads on until the matter is settled, to the end of a file that is pure ASCII. Where neither UTF-8 nor
    GB18030 fits, the one that gets farther is named, and reading the text refuses the file at that byte.
    Raises RefusedFileError for UTF-32.
    """
    with open_unpacked(path) as file:
        head = file.read(4)
    if head in _UTF32_BOMS:
        raise refusals.unknown_unicode()
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return codec
    utf8 = _reach(path, "utf-8")
    if not utf8.failed:
        return "utf-8"
    gb18030 = _reach(path, "gb18030", at_least=utf8.offset + BLOCK_BYTES)
    return "gb18030" if not gb18030.failed or gb18030.offset > utf8.offset else "utf-8"


def _reach(path: Path, codec: str, at_least: int = 0) -> _Reach:
    """Try a codec until it fails or so many bytes and enough characters beyond ASCII went well."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    fed = beyond_ascii = 0
    with open_unpacked(path) as file:
        while fed < at_least or beyond_ascii < DECISIVE_CHARACTERS:
            block = file.read(BLOCK_BYTES)
            fed += len(block)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return _Reach(fed - len(error.object) + error.start, failed=True)
            if not block:
                break
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return _Reach(fed, failed=False)


def text_blocks(path: Path, codec: str, cut: Cut) -> Generator[str]:
    """Yield a file's text, unpacked and decoded, without a byte order mark; `cut` says what a row is.

    Raises RefusedFileError `file.unknown_encoding` with row number and byte offset where a byte is no text.
    """
    decoder = codecs.getincrementaldecoder(codec)("strict")
    fed = 0
    with open_unpacked(path) as file:
        more = True
        while more:
            block = file.read(BLOCK_BYTES)
            fed += len(block)
            more = bool(block)
            try:
                text = decoder.decode(block, final=not more)
            except UnicodeDecodeError as error:
                offset = fed - len(error.object) + error.start
                row_number = sum(1 for _ in cut(_as_file(_text_until(path, codec, offset))))
                raise refusals.unknown_encoding(codec, offset, row_number) from error
            if text:
                yield text


def _text_until(path: Path, codec: str, offset: int) -> Iterator[str]:
    """Yield the text before a byte that does not decode, and one mark for that byte."""
    decoder = codecs.getincrementaldecoder(codec)("ignore")
    with open_unpacked(path) as file:
        while offset and (block := file.read(min(offset, BLOCK_BYTES))):
            offset -= len(block)
            yield decoder.decode(block)
    yield "?"


class ByteStream(io.RawIOBase):
    """Blocks of bytes as a file that can be read."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        """Fill a buffer from the next block; 0 at the end."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


@contextmanager
def open_rows(path: Path, codec: str, cut: Cut) -> Iterator[Iterator[str]]:
    """Open a file's text as an iterator over rows; reading raises as `text_blocks` and `cut` do."""
    with closing(text_blocks(path, codec, cut)) as blocks:
        yield cut(_as_file(blocks))


def _as_file(blocks: Iterable[str]) -> TextIO:
    """Text by blocks as a file whose line ends are left as they are."""
    encoded = ByteStream(text.encode() for text in blocks)
    return io.TextIOWrapper(io.BufferedReader(encoded, BLOCK_BYTES), "utf-8", newline="")
