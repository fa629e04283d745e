"""Gzip files with a head of their own and a body in common, compressed once. The same content, the same bytes."""

import struct
import zlib
from pathlib import Path

_LEVEL = 6
#: no name, no time, no system: nothing of when and where it was made
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
#: an empty last block
_END = b"\x03\x00"


class GzipFiles:
    """Files that begin differently and go on alike. Each is one ordinary gzip member."""

    def __init__(self, heads: dict[Path, bytes]) -> None:
        self._files = []
        self._sums: list[int] = []
        self._size = 0
        for path, head in heads.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("wb")
            file.write(_HEADER + _compressed(head))
            self._files.append(file)
            self._sums.append(zlib.crc32(head))
        self._head_sizes = [len(head) for head in heads.values()]

    def write(self, content: bytes) -> None:
        """Add to all."""
        piece = _compressed(content)
        self._size += len(content)
        for number, file in enumerate(self._files):
            file.write(piece)
            self._sums[number] = zlib.crc32(content, self._sums[number])

    def close(self) -> None:
        """Finish all."""
        for file, checksum, head_size in zip(self._files, self._sums, self._head_sizes, strict=True):
            size = (self._size + head_size) & 0xFFFFFFFF
            file.write(_END + struct.pack("<II", checksum, size))
            file.close()


def _compressed(content: bytes) -> bytes:
    """Deflate blocks that lean on nothing before them and end on a whole byte, so that they can be put together."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
