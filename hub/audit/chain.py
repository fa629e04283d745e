"""The chain: each record's digest covers the one before it, so that none can be changed, moved or taken out alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.audit.digest import Digest

#: how a record ends inside of a segment; JSON on one line has none
LINE_END = b"\n"


@dataclass(frozen=True, slots=True)
class Segment:
    """Records that were committed together, as bytes."""

    chain_id: str
    first: int
    last: int
    #: the heads before the first record and after the last
    previous: bytes
    head: bytes
    content: bytes

    @property
    def lines(self) -> list[bytes]:
        """The records."""
        return self.content.split(LINE_END)


def genesis(digest: Digest, chain_id: str) -> bytes:
    """What the first record of a chain is chained to."""
    return digest.of(f"baogong audit {digest.name} {chain_id}".encode())


def heads(digest: Digest, previous: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    """The head after each record. A head has one length, so head and record cannot be taken apart otherwise."""
    head = previous
    for line in lines:
        head = digest.of(head + line)
        yield head


@dataclass(slots=True)
class Chain:
    """The end of a chain that is being written."""

    digest: Digest
    chain_id: str
    number: int = 0
    head: bytes = b""

    def __post_init__(self) -> None:
        self.head = self.head or genesis(self.digest, self.chain_id)

    def segment(self, lines: list[bytes]) -> Segment:
        """The next records; the chain goes on only when they were stored (`append`)."""
        head = self.head
        for head in heads(self.digest, self.head, lines):  # noqa: B007 - the last one is wanted
            pass
        return Segment(
            self.chain_id, self.number + 1, self.number + len(lines), self.head, head, LINE_END.join(lines)
        )

    def append(self, segment: Segment) -> None:
        """The segment was stored."""
        self.number, self.head = segment.last, segment.head
