"""Whether all values of a plan make sense, those of rows that are never found too: a statement binds all at once."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from schema.plan.nodes import Groups, GroupValue, Nested
from schema.plan.values import Constant, Converted, Given, Several, Value, Variables


def check_values(root: Nested, variables: Variables) -> None:
    """Bind every value that stands in the tree. Raises GraphQLError for one that makes no sense."""
    for value in _values(root, ()):
        value.bind(variables)


def _values(node: Any, by: tuple[Any, ...]) -> Iterator[Value]:
    if isinstance(node, Constant | Given | Several | Converted):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from _values(each, by)
    elif isinstance(node, GroupValue) and node.dimension not in by:
        return  # shown as nothing, whatever is asked of it
    elif is_dataclass(node) and not isinstance(node, type):
        if isinstance(node, Groups):
            by = node.by
        for field in fields(node):
            yield from _values(getattr(node, field.name), by)
