"""What is shown of a row, as the dicts, lists and texts that JSON is made of."""

from datetime import datetime
from typing import Any

from schema.plan.memory.leaves import leaf
from schema.plan.memory.pages import a_page
from schema.plan.memory.sense import check_values
from schema.plan.memory.store import Memory, Row, RowsOf
from schema.plan.nodes import Leaf, Many, Nested, One, Origin, Part, Through, Word
from schema.plan.values import Variables

Json = dict[str, Any]


def answer(root: Nested, variables: Variables, rows_of: RowsOf, now: datetime) -> Json:
    """The whole answer: `{"data": …}`; `now` by the clock. Raises GraphQLError for values that make no sense."""
    check_values(root, variables)
    return {root.key: members(Memory(rows_of, variables, now), root.parts, None)}


def members(memory: Memory, parts: tuple[Part, ...], row: Row | None) -> Json:
    """An object of a row's parts; the root has no row."""
    return {part.key: _value(memory, part, row) for part in parts}


def _value(memory: Memory, part: Part, row: Row | None) -> Any:
    match part:
        case Word(_, text):
            return text
        case Nested(_, parts):
            return members(memory, parts, row)
        case Many(_, page, parts):
            return a_page(memory, page, parts, row, members)
        case One(_, source, parts):
            found = memory.first(source, row)
            return None if found is None else members(memory, parts, found)
    return _of_row(memory, part, {} if row is None else row)


def _of_row(memory: Memory, part: Part, row: Row) -> Any:
    match part:
        case Leaf(_, field):
            return leaf(field, row[field.name])
        case Through(_, source, field):
            found = memory.first(source, row)
            return None if found is None else leaf(field, found[field.name])
        case Origin():
            return members(memory, part.parts, _origin(memory, part, row))
    raise TypeError(part)


def _origin(memory: Memory, origin: Origin, row: Row) -> Row:
    """Back through the thing's periods for as long as the column's value is the same."""
    name, said = origin.field.name, row
    earlier = [each for each in memory.rows(origin.source, row) if each["valid_from"] <= row["valid_from"]]
    for each in sorted(earlier, key=lambda period: period["valid_from"], reverse=True):
        if each[name] != row[name]:
            break
        said = each
    return said
