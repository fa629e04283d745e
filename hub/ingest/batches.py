"""What a batch is to the steps of the ingest, and the states it goes through."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class BatchState(StrEnum):
    """How far a batch has come."""

    #: bytes are in landing; nothing is promoted yet (also what a killed run leaves)
    LANDED = "landed"
    #: its facts are in the graph
    PROMOTED = "promoted"
    #: outside the bands of its manifest; waits for a person, nothing promoted
    HELD = "held"
    #: was held, and a person decided against it; nothing promoted
    REJECTED = "rejected"
    #: cannot be read at all, nothing promoted
    REFUSED = "refused"
    #: a defect of the hub got in the way, nothing promoted; the same bytes sent again are tried again
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the steps see it."""

    id: int
    feed_code: str
    sender_code: str
    file_name: str
    sha256: str
    received_at: datetime
    #: the instant in the world that its statements are about
    as_of: datetime
    #: None until the file was opened
    layout_code: str | None
    state: BatchState


class Moment(NamedTuple):
    """The two instants of a promotion, and the batch it is of."""

    as_of: datetime
    recorded_at: datetime
    batch_id: int


@dataclass(frozen=True, slots=True)
class Books:
    """Rows of a batch by what became of them, and facts that a full file closed."""

    read: int
    promoted: int
    unchanged: int
    quarantined: int
    skipped: int
    closed: int

    @property
    def balance(self) -> bool:
        """Whether every row read is accounted for, once."""
        parts = (self.promoted, self.unchanged, self.quarantined, self.skipped)
        return self.read == sum(parts) and min(parts) >= 0


class Verdict(StrEnum):
    """What a person decides about a held batch."""

    #: promote it all the same
    RELEASE = "release"
    #: it stays out
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision about a held batch; kept for ever."""

    verdict: Verdict
    #: who decides, as the organisation names its people
    decided_by: str
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a batch went no further."""

    code: str
    reason: str
