"""What resolvers are handed with each request: who asks, and where to read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from schema.declare import Entity
from schema.graph.writer import Administrator, Inspector, ListWriter, Writer
from schema.plan.nodes import Changes, Hits, Page, Source, Times
from schema.reach import Reach
from schema.scopes import Scope

#: a row of an entity by field names
Row = Mapping[str, Any]


class Reader(Protocol):
    """Reads facts for one request."""

    async def page(self, page: Page) -> Sequence[Row]:
        """The rows of a page in the order they are found in (backward: from the end), and one more if more follow."""
        ...

    async def is_outside(self, page: Page) -> bool:
        """Whether there are rows on the side where the page was asked to begin."""
        ...

    async def count(self, source: Source) -> int:
        """How many rows a source has."""
        ...

    async def hits(self, hits: Hits) -> Sequence[Row]:
        """The hits of a page of a search in their order, and one more if more follow."""
        ...

    async def changes(self, changes: Changes) -> Sequence[Row]:
        """The changes of a page in their order, and one more if more follow."""
        ...

    async def one(self, entity: type[Entity], column: str, value: Any, times: Times) -> Row | None:
        """The row whose column has this value; requests made together are answered together."""
        ...

    async def original_row(self, batch_id: int, row_number: int) -> str | None:
        """The row of the source file as it was received."""
        ...

    async def raw_scope(self, batch_id: int) -> Scope | None:
        """What else it takes to read a batch's rows as received; None: nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as their token says."""

    client_id: str
    #: the person, or the client itself
    subject: str
    #: what the token opens
    scopes: frozenset[str]
    #: whose rows
    reach: Reach
    #: grants that are asked under
    grants: tuple[int, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class GraphContext:
    """The context of one operation."""

    asker: Asker
    reader: Reader
    #: carries out what the caller decides
    writer: Writer
    #: the same about lists
    list_writer: ListWriter
    #: carries out what the caller decides about access
    administrator: Administrator
    #: tells who in the store knows a text
    inspector: Inspector
    #: fields of a document that these scopes do not open, with what would
    preview: Callable[[str, Mapping[str, Any]], Mapping[str, list[list[str]]]]

    @property
    def scopes(self) -> frozenset[str]:
        """What the caller's token opens."""
        return self.asker.scopes
