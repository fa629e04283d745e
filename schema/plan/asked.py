"""One field of a selection, as the planner hands it on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type

from schema.declare import Entity
from schema.plan.meaning import Meaning
from schema.plan.nodes import Part, Times, Word

Made = TypeVar("Made")


class NotCompiledError(Exception):
    """The operation asks for something that only its resolver can give."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as it stands in a selection."""

    key: str
    nodes: list[FieldNode]
    field: GraphQLField
    meaning: Meaning
    arguments: Mapping[str, Any]

    @property
    def kind(self) -> GraphQLObjectType:
        """The type of the field's objects; for fields that have some."""
        found = get_named_type(self.field.type)
        if not isinstance(found, GraphQLObjectType):
            raise NotCompiledError(found.name)
        return found


class Shows(Protocol):
    """Plans what is shown of a field's objects."""

    def each(self, asked: Asked, make: Callable[..., Made], *context: Any) -> tuple[Made | Word, ...]:
        """What `make` makes of each field that is selected of a field's objects."""
        ...

    def parts(self, asked: Asked, entity: type[Entity], times: Times) -> tuple[Part, ...]:
        """What is shown of the rows of an entity that a field gives."""
        ...

    def parts_as(self, asked: Asked, entity: type[Entity], times: Times) -> tuple[Part, ...]:
        """What is shown of the rows of an entity that may stand where a field gives an abstract type."""
        ...
