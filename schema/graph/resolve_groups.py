"""Resolvers of figures and groups: all rows are read and worked through here, so they must be few."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from schema.declare import Dimension, Entity, EntityField
from schema.entities import Region
from schema.graph.errors import ErrorCode, forbidden, graph_error
from schema.graph.resolve import Found, GraphInfo, Listed, Root, Standing, one
from schema.plan.conditions import page_size, place_of
from schema.plan.cursor import decode_place, encode_place
from schema.plan.groups import (
    DEFAULT_GROUPS,
    MAX_GROUPS,
    OF_DIVISIONS,
    chosen,
    groups_name,
    path_of,
    share,
    value_type,
)
from schema.plan.memory.figures import figure, part_of
from schema.plan.needs import Needs
from schema.plan.nodes import Page, Statistic, Times, Window, complete_order

#: rows that are worked through one by one; compiled, there is no such limit
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows that something is worked out of."""

    rows: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """A column's values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """What the rows of a group have in common, by dimension; only of those that the groups were made by."""

    values: dict[str, Any]
    times: Times


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that have something in common."""

    key: Key
    rows: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class GroupEdge:
    """A group and its place."""

    cursor: str
    node: Group


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A page of groups."""

    edges: list[GroupEdge]
    page_info: Standing

    @property
    def nodes(self) -> list[Group]:
        """The groups."""
        return [edge.node for edge in self.edges]


async def all_of(root: Listed, info: GraphInfo) -> Sample:
    """All rows of the page's source. TOO_LARGE where they are too many for this way."""
    source = root.page.source
    order = complete_order(source.entity, ())
    rows = await info.context.reader.page(Page(source, order, Window(MOST_ROWS)))
    if len(rows) > MOST_ROWS:
        raise graph_error(
            ErrorCode.TOO_LARGE,
            f"此查询含须逐项执行的字段，统计最多 {MOST_ROWS} 条；请把统计放在单独的查询里。",
            f"beside fields that are executed one by one at most {MOST_ROWS} rows are worked through:"
            " ask for figures in a query of their own",
        )
    times = replace(source.times, periods=False)
    return Sample(tuple(Found(source.entity, row, times) for row in rows))


def values_of(root: Sample | Group, field: EntityField) -> Values:
    """The values of a column."""
    return Values(tuple(getattr(found, field.name) for found in root.rows))


def statistic_of(root: Values, statistic: Statistic, at: float | None = None) -> Decimal | int | None:
    """One statistic of a column. BAD_ARGUMENT for a quantile that is none."""
    return figure(root.values, statistic, at if at is None else share(at))


async def groups(
    root: Listed, info: GraphInfo, by: Sequence[Any], first: int | None, after: str | None
) -> GroupPage:
    """A page of the groups of the source's rows, in the order of what they have in common."""
    entity = root.page.source.entity
    dimensions = chosen(entity, by, needs := Needs())
    if refused := needs.refused(info.context.scopes):
        raise forbidden(refused)
    times = replace(root.page.source.times, periods=False)
    size = page_size("first", first, DEFAULT_GROUPS, MAX_GROUPS)
    keyed = [(await _key(found, info, dimensions), found) for found in (await all_of(root, info)).rows]
    made = [
        (
            key,
            Group(
                Key(dict(zip((each.name for each in dimensions), key, strict=True)), times),
                tuple(f for _, f in rows),
            ),
        )
        for key, rows in groupby(sorted(keyed, key=lambda each: _place(each[0])), key=lambda each: each[0])
    ]
    place = _after(entity, dimensions, after)
    following = [each for each in made if place is None or _place(each[0]) > _place(place)]
    edges = [
        GroupEdge(encode_place(groups_name(entity, dimensions), list(key)), group)
        for key, group in following[:size]
    ]
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return GroupPage(edges, Standing(len(following) > size, after is not None, *ends))


async def group_value(root: Key, info: GraphInfo, dimension: Dimension) -> Any:
    """What a group's rows have in common; of a division: the division."""
    value = root.values.get(dimension.name)
    if dimension.part in OF_DIVISIONS and value is not None:
        return await one(Root(root.times), info, Region, "code", value)
    return value


async def _key(found: Found, info: GraphInfo, dimensions: tuple[Dimension, ...]) -> tuple[Any, ...]:
    return tuple([await _value(found, info, dimension) for dimension in dimensions])


async def _value(found: Found, info: GraphInfo, dimension: Dimension) -> Any:
    at: Found | None = found
    for relation, entity in path_of(found.entity, dimension):
        local = at and getattr(at, relation.local)
        at = None if local is None else await one(found, info, entity, relation.remote, local)
    return part_of(dimension.part, at and getattr(at, dimension.column))


def _place(key: tuple[Any, ...]) -> tuple[tuple[bool, Any], ...]:
    """For sorting: nothing comes last."""
    return tuple((value is None, 0 if value is None else value) for value in key)


def _after(entity: type[Entity], by: tuple[Dimension, ...], after: str | None) -> tuple[Any, ...] | None:
    types = [value_type(entity, dimension) for dimension in by]
    found = place_of(
        "after", after, len(by), lambda cursor: decode_place(groups_name(entity, by), types, cursor)
    )
    return found and tuple(value.bind({}) for value in found)
