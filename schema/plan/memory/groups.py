"""What is worked out of rows: figures of all of them, or of each group of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schema.declare import Dimension
from schema.declare import Part as PartOfValue
from schema.entities import Region
from schema.plan.conditions import joins_of
from schema.plan.cursor import encode_place
from schema.plan.groups import column_of, groups_name, path_of
from schema.plan.memory.figures import figure, part_of
from schema.plan.memory.leaves import scalar
from schema.plan.memory.order import rank
from schema.plan.memory.store import Memory, Row
from schema.plan.nodes import (
    Aggregate,
    All,
    Cursor,
    Figure,
    Figures,
    Group,
    GroupEdges,
    GroupKey,
    GroupNodes,
    Groups,
    GroupValue,
    Info,
    Join,
    Mark,
    Part,
    Source,
    Told,
    Total,
    Word,
)

Members = Callable[[Memory, tuple[Part, ...], Row | None], dict[str, Any]]
Key = tuple[Any, ...]


def aggregate(memory: Memory, part: Aggregate, rows: Sequence[Row]) -> dict[str, Any]:
    """What is worked out of these rows, as an object."""

    def show(each: Word | Total | Figures) -> Any:
        match each:
            case Word(_, text):
                return text
            case Total():
                return len(rows)
            case Figures(_, parts):
                return {one.key: _figure(memory, one, rows) for one in parts}

    return {each.key: show(each) for each in part.parts}


def groups(
    memory: Memory, part: Groups, source: Source, rows: Sequence[Row], members: Members
) -> dict[str, Any]:
    """A page of the groups of these rows, as an object. `members` shows what is asked of one row."""
    made: dict[Key, list[Row]] = {}
    for row in rows:
        made.setdefault(_key(memory, part, source, row), []).append(row)
    order = sorted(made, key=_place)
    if part.after is not None:
        place = _place(memory.bound(part.after))
        order = [key for key in order if _place(key) > place]
    shown = {key: made[key] for key in order[: part.size]}
    page = _GroupPage(memory, part, source, shown, len(order) > part.size, members)
    return {each.key: page.show(each) for each in part.parts}


@dataclass(frozen=True, slots=True)
class _GroupPage:
    memory: Memory
    groups: Groups
    source: Source
    #: rows by what they have in common, in order
    shown: dict[Key, list[Row]]
    is_cut: bool
    members: Members

    def show(self, part: Word | GroupEdges | GroupNodes | Info) -> Any:
        match part:
            case Word(_, text):
                return text
            case GroupEdges(_, parts):
                return [{each.key: self._of_edge(each, key) for each in parts} for key in self.shown]
            case GroupNodes(_, parts):
                return [self._group(parts, key) for key in self.shown]
            case Info(_, parts):
                return {each.key: self._told(each) for each in parts}

    def _told(self, part: Word | Told) -> Any:
        if isinstance(part, Word):
            return part.text
        cursors = [self._cursor(key) for key in self.shown]
        match part.mark:
            case Mark.HAS_NEXT:
                return self.is_cut
            case Mark.HAS_PREVIOUS:
                return self.groups.after is not None
            case Mark.START:
                return cursors[0] if cursors else None
            case Mark.END:
                return cursors[-1] if cursors else None

    def _cursor(self, key: Key) -> str:
        return encode_place(groups_name(self.source.entity, self.groups.by), key)

    def _of_edge(self, part: Word | Cursor | Group, key: Key) -> Any:
        match part:
            case Word(_, text):
                return text
            case Cursor():
                return self._cursor(key)
            case Group(_, parts):
                return self._group(parts, key)

    def _group(self, parts: tuple[Word | GroupKey | Aggregate, ...], key: Key) -> dict[str, Any]:
        return {part.key: self._of_group(part, key) for part in parts}

    def _of_group(self, part: Word | GroupKey | Aggregate, key: Key) -> Any:
        match part:
            case Word(_, text):
                return text
            case GroupKey(_, parts):
                return {each.key: self._value(each, key) for each in parts}
            case Aggregate():
                return aggregate(self.memory, part, self.shown[key])

    def _value(self, part: Word | GroupValue, key: Key) -> Any:
        if isinstance(part, Word):
            return part.text
        if part.dimension not in self.groups.by:
            return None
        value = key[self.groups.by.index(part.dimension)]
        if part.parts is not None:
            times = replace(self.source.times, periods=False)
            division = Source(Region, times, (Join("value", "code"),), All())
            found = self.memory.first(division, {"value": value})
            return None if found is None else self.members(self.memory, part.parts, found)
        column = column_of(self.source.entity, part.dimension)
        is_whole = part.dimension.part is PartOfValue.WHOLE
        return scalar(value, as_text=is_whole and column.declaration.is_id)


def _key(memory: Memory, part: Groups, source: Source, row: Row) -> Key:
    return tuple(_common(memory, source, dimension, row) for dimension in part.by)


def _common(memory: Memory, source: Source, dimension: Dimension, row: Row) -> Any:
    """What a row's group has in common, by one dimension."""
    at, times = row, replace(source.times, periods=False)
    for relation, entity in path_of(source.entity, dimension):
        found = memory.first(Source(entity, times, joins_of(relation), All()), at)
        if found is None:
            return None
        at = found
    return part_of(dimension.part, at[dimension.column])


def _place(key: Key) -> tuple[tuple[bool, Any], ...]:
    return tuple(rank(value) for value in key)


def _figure(memory: Memory, part: Word | Figure, rows: Sequence[Row]) -> Any:
    if isinstance(part, Word):
        return part.text
    at = None if part.at is None else part.at.bind(memory.variables)
    return scalar(figure([row[part.field.name] for row in rows], part.statistic, at))
