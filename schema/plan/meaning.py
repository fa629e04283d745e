"""What the graph's fields mean to the planner: set where a field is made, read from the schema. Closed set."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphql import GraphQLField

from schema.declare import Dimension, Entity, EntityField, Relation
from schema.plan.nodes import Aspect, Mark, Statistic

#: under which name a field's meaning stands in Strawberry's metadata
KEY = "meaning"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row."""

    field: EntityField


@dataclass(frozen=True, slots=True)
class OneOf:
    """The one row that a relation leads to."""

    entity: type[Entity]
    relation: Relation


@dataclass(frozen=True, slots=True)
class Found:
    """The row whose column has the value of an argument; `understand` raises IdentifierError."""

    entity: type[Entity]
    argument: str
    column: str
    understand: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page of an entity; of those that a relation leads to, or of all."""

    entity: type[Entity]
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class HistoryOf:
    """A page of the periods of the row's thing."""

    entity: type[Entity]


@dataclass(frozen=True, slots=True)
class ProvenanceOf:
    """Where the row, or one of its columns, comes from."""

    entity: type[Entity]


@dataclass(frozen=True, slots=True)
class OfBatch:
    """A column of the batch that the row came with."""

    field: EntityField


@dataclass(frozen=True, slots=True)
class BatchOf:
    """The batch that the row came with."""


@dataclass(frozen=True, slots=True)
class RowNumber:
    """The row of the file that the fact came with."""


@dataclass(frozen=True, slots=True)
class Past:
    """The root, at other instants."""


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """A page of what the hub learned."""


@dataclass(frozen=True, slots=True)
class AspectOf:
    """One thing told of a change."""

    aspect: Aspect


@dataclass(frozen=True, slots=True)
class SearchOf:
    """A page of what a text is found in."""


@dataclass(frozen=True, slots=True)
class HitColumn:
    """A column of a hit."""

    column: str


@dataclass(frozen=True, slots=True)
class ThingOf:
    """The thing that was found."""


@dataclass(frozen=True, slots=True)
class FactOf:
    """The fact that a change is about, as known after it."""


class Shape(StrEnum):
    """Fields that give a page, or a page of groups, its shape."""

    EDGES = "edges"
    NODES = "nodes"
    NODE = "node"
    CURSOR = "cursor"
    PAGE_INFO = "page_info"
    TOTAL = "total"
    AGGREGATE = "aggregate"
    GROUPS = "groups"
    GROUP_KEY = "group_key"


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing told of where a page stands."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class FiguresOf:
    """What is worked out of a column."""

    field: EntityField


@dataclass(frozen=True, slots=True)
class FigureOf:
    """One statistic."""

    statistic: Statistic


@dataclass(frozen=True, slots=True)
class DimensionOf:
    """What a group's rows have in common."""

    dimension: Dimension


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Not compiled: its resolver gives it. A document that asks for it is executed the ordinary way."""


Meaning = (
    Column
    | OneOf
    | Found
    | PageOf
    | HistoryOf
    | ProvenanceOf
    | OfBatch
    | BatchOf
    | RowNumber
    | Past
    | ChangesSince
    | AspectOf
    | FactOf
    | SearchOf
    | HitColumn
    | ThingOf
    | Shape
    | Standing
    | FiguresOf
    | FigureOf
    | DimensionOf
    | Ordinary
)


def means(meaning: Meaning) -> dict[str, Any]:
    """Strawberry's metadata of a field that means this."""
    return {KEY: meaning}


def meaning_of(field: GraphQLField) -> Meaning:
    """What a field of the schema means; one that nobody gave a meaning is not compiled."""
    definition = field.extensions.get("strawberry-definition")
    found: Meaning = (getattr(definition, "metadata", None) or {}).get(KEY, Ordinary())
    return found
