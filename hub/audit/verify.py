"""Whether the audit is whole: chains, their checkpoints, and checkpoints that others kept."""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import orjson

from hub.audit.chain import Segment, genesis, heads
from hub.audit.checkpoint import Checkpoint, read_checkpoint
from hub.audit.digest import DIGESTS, Digest
from hub.audit.signature import PublicKey
from hub.audit.store import chain_ids, checkpoints_of, openings, segments_of
from schema.declare import Label

#: 网络安全法: logs are kept six months at least
KEPT_DAYS = 183


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written."""

    code: str
    chain_id: str
    #: numbers of the first and last record that it may concern
    first: int
    last: int
    message: Label


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found."""

    chains: int = 0
    records: int = 0
    checkpoints: int = 0
    #: of those that others kept
    witnessed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class Verifier:
    """Reads all chains once. What it knows of keys and checkpoints comes from elsewhere, or it proves little."""

    def __init__(
        self, keys: Mapping[str, PublicKey], now: datetime, witnessed: Iterable[Checkpoint] = ()
    ) -> None:
        """`witnessed`: checkpoints that callers kept."""
        self._keys = keys
        self._now = now
        self._known: defaultdict[str, dict[str, Checkpoint]] = defaultdict(dict)
        self.report = Report()
        for checkpoint in witnessed:
            self.report.witnessed += 1
            self._meet(checkpoint)

    async def verify(self, connection: asyncpg.Connection) -> Report:
        """Go through the store, in one snapshot."""
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            async for opened in openings(connection):
                self._meet_all(opened)
            chains = await chain_ids(connection)
            for chain_id in chains:
                for checkpoint in await checkpoints_of(connection, chain_id):
                    self._meet(checkpoint)
                await self._chain(chain_id, segments_of(connection, chain_id))
        for chain_id in sorted(self._known.keys() - set(chains)):
            self._vanished(chain_id)
        return self.report

    def _meet(self, checkpoint: Checkpoint) -> None:
        """Take a checkpoint for what it says, if the hub signed it."""
        if checkpoint.text in self._known[checkpoint.chain_id]:
            return
        self.report.checkpoints += 1
        if not checkpoint.is_signed(self._keys):
            self._find("signature", checkpoint.chain_id, checkpoint.number, checkpoint.number)
        else:
            self._known[checkpoint.chain_id][checkpoint.text] = checkpoint

    async def _chain(self, chain_id: str, segments: AsyncIterator[Segment]) -> None:
        self.report.chains += 1
        reading: _Reading | None = None
        async for segment in segments:
            if reading is None:
                reading = self._begun(chain_id, segment)
            self._segment(reading, segment)
        last = 0 if reading is None else reading.number
        known = self._known[chain_id].values()
        if beyond := [each for each in known if each.number > last]:
            self._find("truncated", chain_id, last + 1, max(each.number for each in beyond))

    def _begun(self, chain_id: str, segment: Segment) -> "_Reading":
        """Where the chain begins: at its first record, or, pruned, at a checkpoint that is old enough."""
        known = [*self._known[chain_id].values()]
        digest = _digest_of(segment, known)
        reading = _Reading(digest, known)
        if segment.first == 1:
            reading.head = genesis(digest, chain_id)
            return reading
        before = segment.first - 1
        at = [each for each in known if each.number == before]
        if not at:
            self._find("beginning", chain_id, 1, before)
        elif self._now - at[-1].made_at < timedelta(days=KEPT_DAYS):
            self._find("too_young", chain_id, 1, before)
        reading.number = before
        reading.head = at[-1].head if at else segment.previous
        return reading

    def _segment(self, reading: "_Reading", segment: Segment) -> None:
        if segment.first != reading.number + 1:
            self._find("gap", segment.chain_id, reading.number + 1, segment.first - 1)
        elif segment.previous != reading.head:
            self._find("chain", segment.chain_id, segment.first, segment.last)
        lines = segment.lines
        if not _are_numbered(lines, segment):
            self._find("order", segment.chain_id, segment.first, segment.last)
        number, head = segment.first - 1, segment.previous
        for number, head in enumerate(heads(reading.digest, segment.previous, lines), segment.first):
            for checkpoint in reading.at.get(number, ()):
                if checkpoint.head != head:
                    self._find("checkpoint", segment.chain_id, reading.sealed + 1, number)
                reading.sealed = number
        if head != segment.head:
            self._find("content", segment.chain_id, segment.first, segment.last)
        self.report.records += len(lines)
        reading.number, reading.head = number, segment.head

    def _meet_all(self, opened: bytes) -> None:
        """The checkpoints of other chains that a chain's first record names."""
        for text in _named(opened):
            try:
                self._meet(read_checkpoint(text))
            except ValueError:
                continue  # that the record was changed is found by its digest

    def _vanished(self, chain_id: str) -> None:
        """A chain that checkpoints tell of and that is not there: pruned, if all of it was old enough."""
        known = self._known[chain_id].values()
        young = [each for each in known if self._now - each.made_at < timedelta(days=KEPT_DAYS)]
        if young:
            self._find("vanished", chain_id, 1, max(each.number for each in young))

    def _find(self, code: str, chain_id: str, first: int, last: int) -> None:
        self.report.findings.append(Finding(f"audit.{code}", chain_id, first, last, _MESSAGES[code]))


@dataclass(slots=True)
class _Reading:
    """How far a chain was read."""

    digest: Digest
    known: Sequence[Checkpoint]
    number: int = 0
    head: bytes = b""
    #: the last record under a checkpoint
    sealed: int = 0
    at: defaultdict[int, list[Checkpoint]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for checkpoint in self.known:
            self.at[checkpoint.number].append(checkpoint)


def _digest_of(segment: Segment, known: Sequence[Checkpoint]) -> Digest:
    """By which digest a chain is made, as signed checkpoints say, or else its first record."""
    named = {each.digest_name for each in known} or {str(_member(segment.lines[0], "digest"))}
    found = [name for name in named if name in DIGESTS and name in hashlib.algorithms_available]
    return DIGESTS[found[0] if found else "sha256"]


def _are_numbered(lines: list[bytes], segment: Segment) -> bool:
    """Whether each record has its number, and the segment as many as it says."""
    if len(lines) != segment.last - segment.first + 1:
        return False
    return all(line.startswith(b'{"n":%d,' % number) for number, line in enumerate(lines, segment.first))


def _named(opened: bytes) -> list[str]:
    named = _member(opened, "before")
    return [text for text in named if isinstance(text, str)] if isinstance(named, list) else []


def _member(line: bytes, name: str) -> object:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return record.get(name) if isinstance(record, dict) else None


_MESSAGES = {
    "signature": Label(
        "检查点的签名不对，或密钥不在此处", "a checkpoint's signature is wrong, or its key is not here"
    ),
    "truncated": Label("检查点证明有过的记录不见了", "records are gone that a checkpoint proves were there"),
    "vanished": Label(
        "检查点证明有过的整条链不见了", "a whole chain is gone that a checkpoint proves was there"
    ),
    "beginning": Label(
        "链的开头不见了，且没有检查点", "the chain's beginning is gone, and no checkpoint tells of it"
    ),
    "too_young": Label(
        f"链的开头不足 {KEPT_DAYS} 天就被清除",
        f"the beginning of the chain was pruned before {KEPT_DAYS} days",
    ),
    "gap": Label("中间有记录不见了或重复", "records in between are gone, or there twice"),
    "chain": Label("与前一条记录接不上", "the records do not follow from those before them"),
    "order": Label("记录的编号不对", "the records' numbers are wrong"),
    "checkpoint": Label("记录与检查点不符", "the records are not those that were signed"),
    "content": Label("记录被改过", "the records were changed"),
}
