"""What a feed's records still need before they can be promoted: whose medicine, whose pharmacy."""

from collections.abc import Mapping

import asyncpg

from connectors.frame import Normalised
from hub.ingest.batches import Batch, Moment
from schema.declare import Entity

#: by staged entity, the columns that its stage has
Staged = dict[type[Entity], tuple[str, ...]]


class Resolver:
    """Resolution for one batch: as it stands, for feeds whose records need none.

    The methods are called in their order here, all within the batch's transaction.
    """

    #: columns that the resolver adds to a stage
    added: dict[type[Entity], tuple[str, ...]]
    #: entities of which many rows of a file speak, so that their staged row is only an example
    shared: frozenset[type[Entity]]
    #: by entity, the column within whose staged values (in `stage_scope`) the file is complete:
    #: there absence means the end
    full_within: dict[type[Entity], str]
    #: of these, those of which ever so much may vanish, as when their end follows from what else the file says
    unguarded: frozenset[type[Entity]]
    #: the part of its register that the file says whole, by its name (`Layout.whole_part`); empty: an increment
    whole_part: tuple[str, ...]
    #: entities of which single facts end by a row that says so (in `stage_end_…`)
    ends: frozenset[type[Entity]]
    #: by entity, the column within whose values (in `stage_spoken`) all statements of the file lie
    spoken_within: dict[type[Entity], str]
    #: rows of the file that are not staged because the file before has them too; all others are
    kept: int

    def __init__(self) -> None:
        self.added = {}
        self.shared = frozenset()
        self.full_within = {}
        self.unguarded = frozenset()
        self.whole_part = ()
        self.ends = frozenset()
        self.spoken_within = {}
        self.kept = 0

    async def prepare(self, connection: asyncpg.Connection, batch: Batch, headers: Mapping[str, str]) -> None:
        """Fetch what resolving the chunks needs. `headers`: raw field to header as the file writes it."""

    def chunk(self, normalised: Normalised) -> Normalised:
        """Resolve what a chunk says; what cannot be resolved becomes a fault."""
        return normalised

    async def find_faults(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Find faults that only the whole stage shows. Afterwards faulted rows leave the stages."""

    async def settle(self, connection: asyncpg.Connection, staged: Staged) -> None:
        """Resolve what needs the whole stage."""

    async def conclude(self, connection: asyncpg.Connection, batch: Batch, moment: Moment) -> None:
        """After promotion: what follows from the new facts."""
