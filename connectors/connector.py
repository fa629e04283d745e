"""What a connector is to the hub: a manifest, and a function from chunks to records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from connectors.frame import Chunk, Normalised
from connectors.manifest import Manifest
from schema.declare import Entity


@dataclass(frozen=True, slots=True)
class FileContext:
    """What a connector may know of the file beside its rows."""

    layout: str
    sender_code: str
    #: the instant in the world that the file is about
    as_of: datetime
    #: raw field → header as the file writes it
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Connector:
    """One kind of source system."""

    manifest: Manifest
    normalise: Callable[[FileContext, Chunk], Normalised]
    #: by layout, the entity of which each row of the file is one record
    row_entity: dict[str, type[Entity]]
