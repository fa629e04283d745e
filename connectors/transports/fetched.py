"""What a transport hands over: files on this machine, and names that it left where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file from a source, here until `taken` is called."""

    path: Path
    #: as it goes into the books
    name: str
    #: the instant that it is about; None: when it is received
    as_of: datetime | None
    #: to be called when its bytes are in landing: the source is then not asked for it again
    taken: Callable[[], None]


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A file that is still being written at the source; a later pull takes it."""

    name: str
