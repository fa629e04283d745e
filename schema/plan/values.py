"""Values of a plan: known while planning, or given with each request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from schema.reach import Reach

#: the coerced variables of a request, by name
Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Constant:
    """Stands in the document, or follows from it."""

    value: Any

    def bind(self, _variables: Variables) -> Any:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Given:
    """A variable, or a part of one."""

    name: str
    #: keys of input objects and positions of lists, from outside in
    path: tuple[str | int, ...] = ()

    def bind(self, variables: Variables) -> Any:
        """The part of the variable's value."""
        value = variables[self.name]
        for step in self.path:
            value = value[step]
        return value


@dataclass(frozen=True, slots=True)
class Several:
    """A list of values."""

    items: tuple["Value", ...]

    def bind(self, variables: Variables) -> Any:
        """The list of the values."""
        return [item.bind(variables) for item in self.items]


@dataclass(frozen=True, slots=True)
class Converted:
    """A value as the store compares it. `convert` raises GraphQLError for a value that makes no sense."""

    value: "Value"
    convert: Callable[[Any], Any]

    def bind(self, variables: Variables) -> Any:
        """The value, converted."""
        return self.convert(self.value.bind(variables))


@dataclass(frozen=True, slots=True)
class OfRow:
    """A column of the row of several kinds that something is shown of: known to the statement, not to the request."""

    column: str

    def bind(self, _variables: Variables) -> Any:
        """Nothing can be bound: the statement names the column."""
        raise TypeError(self.column)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a statement is told of whoever asks: which rows, and the same under the seal that the store believes."""

    reach: Reach
    sealed: str


#: where a request's variables hold the pass of whoever asks; no document can name it
CALLER = "who asks"


@dataclass(frozen=True, slots=True)
class OfCaller:
    """Something that the pass of whoever asks tells."""

    read: Callable[[Pass], Any]

    def bind(self, variables: Variables) -> Any:
        """What it tells."""
        return self.read(variables[CALLER])


Value = Constant | Given | Several | Converted | OfRow | OfCaller


def converted(value: Value, convert: Callable[[Any], Any]) -> Value:
    """A value, converted: at once where it is known, so that what makes no sense is told of while planning."""
    return Constant(convert(value.value)) if isinstance(value, Constant) else Converted(value, convert)


def as_value(found: Any) -> Value:
    """What an argument holds, as a value: arguments that were read already hold plain values."""
    return found if isinstance(found, Constant | Given | Several | Converted | OfRow) else Constant(found)
