"""Compression of answers: Zstandard or gzip, as the client accepts; small ones stay as they are."""

import asyncio
import gzip
import sys
from collections.abc import Callable

from hub.web.http_media import answer_coding

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: bytes from which on compression pays: less than this fits into one packet
SMALLEST = 1_400
#: bytes from which on it is done beside the loop that answers others
_LARGE = 128 * 1024


def _gzip(body: bytes) -> bytes:
    # no instant within: the same bytes stay the same bytes
    return gzip.compress(body, 5, mtime=0)


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body, 3)


#: the hub's favourite first
CODINGS: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "gzip": _gzip}


async def encoded(body: bytes, accept: str | None) -> tuple[bytes, str | None]:
    """The body as it is sent, and the name of its coding; None: as it is."""
    coding = answer_coding(accept, list(CODINGS)) if len(body) >= SMALLEST else None
    if coding is None:
        return body, None
    if len(body) >= _LARGE:
        return await asyncio.to_thread(CODINGS[coding], body), coding
    return CODINGS[coding](body), coding
