"""Answers kept for as long as a release is served: computed once each, at most so many bytes of them."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from publish.site.asgi import Answer, Headers

#: what is worth the work of packing
_PACKED_FROM_BYTES = 1_000
_PACKED_KINDS = (
    b"text/",
    b"application/json",
    b"application/ld+json",
    b"application/problem+json",
    b"image/svg",
)
#: what an answer takes besides its bodies, about
_OVERHEAD_BYTES = 2_000


@dataclass(slots=True)
class Stored:
    """An answer ready to be sent."""

    status: int
    headers: Headers
    tag: bytes
    body: bytes
    is_packable: bool
    _packed: bytes | None = None

    @property
    def packed(self) -> bytes | None:
        """The body packed, where that is worth it: made when somebody first wants it so."""
        if self._packed is None and self.is_packable:
            self._packed = gzip.compress(self.body, 6, mtime=0)
        return self._packed

    @property
    def byte_count(self) -> int:
        """What it takes in memory, about, the packed body too, which is at most a half of the plain one."""
        return len(self.body) + len(self.body) // 2 * self.is_packable + _OVERHEAD_BYTES


def stored(answer: Answer, caching: Headers) -> Stored:
    """An answer with its entity tag, which follows from its body alone: what did not change is not sent again."""
    tag = b'"%s"' % blake2b(answer.body, digest_size=12).hexdigest().encode()
    headers = [*answer.headers, *caching]
    if answer.status == 200:
        headers.append((b"etag", b"W/" + tag))
    kind = answer.header(b"content-type")
    is_packable = len(answer.body) >= _PACKED_FROM_BYTES and kind.startswith(_PACKED_KINDS)
    if is_packable:
        headers.append((b"vary", b"accept-encoding"))
    return Stored(answer.status, headers, tag, answer.body, is_packable)


class Cache:
    """The answers of one release, by their address. The one that was not asked for longest goes first."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._kept: OrderedDict[bytes, Stored] = OrderedDict()
        self._pending: dict[bytes, asyncio.Task[Stored]] = {}

    def get(self, key: bytes) -> Stored | None:
        """The answer under a key, if it is here."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    async def get_or_compute(self, key: bytes, compute: Callable[[], Awaitable[Stored]]) -> Stored:
        """The answer under a key; those who ask at the same time wait for the same computation."""
        found = self.get(key)
        if found is not None:
            return found
        task = self._pending.get(key)
        if task is None:
            task = asyncio.create_task(self._compute(key, compute))
            self._pending[key] = task
        # a visitor who leaves takes nothing away from the others
        return await asyncio.shield(task)

    def newest_keys(self, count: int) -> Iterator[bytes]:
        """The keys asked for last, the very last first."""
        for key, _ in zip(reversed(self._kept), range(count), strict=False):
            yield key

    @property
    def byte_count(self) -> int:
        """What all of it takes, about."""
        return self._bytes

    async def _compute(self, key: bytes, compute: Callable[[], Awaitable[Stored]]) -> Stored:
        try:
            made = await compute()
            # an error or an unknown address costs whoever asks for it, not those who ask for pages
            if made.status < 400:
                self._keep(key, made)
            return made
        finally:
            del self._pending[key]

    def _keep(self, key: bytes, made: Stored) -> None:
        if made.byte_count > self._bytes_max // 8:
            return
        self._kept[key] = made
        self._bytes += made.byte_count
        while self._bytes > self._bytes_max:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.byte_count
