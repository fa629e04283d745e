"""Plans what is worked out of a source's rows: figures of all, and of groups of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from schema.declare import Dimension, Entity, EntityField, Part, ToOne, field_of
from schema.entities import Region, entity_named
from schema.graph.errors import ErrorCode, graph_error
from schema.plan import meaning as m
from schema.plan import nodes as n
from schema.plan.asked import Asked, NotCompiledError, Shows
from schema.plan.conditions import page_size, place_of
from schema.plan.cursor import decode_place
from schema.plan.needs import Needs
from schema.plan.values import converted

#: groups of a page where nothing is said, and at most
DEFAULT_GROUPS = 100
MAX_GROUPS = 500
#: parts of a division code: the group's value is the code of a division
OF_DIVISIONS = frozenset({Part.PROVINCE, Part.CITY, Part.COUNTY})


def path_of(entity: type[Entity], dimension: Dimension) -> tuple[tuple[ToOne, type[Entity]], ...]:
    """The relations that lead from an entity to the row which has the dimension's column, with their targets."""
    found = []
    for name in dimension.path:
        [relation] = [
            each for each in entity.about.relations if each.name == name and isinstance(each, ToOne)
        ]
        entity = entity_named(relation.target)
        found.append((relation, entity))
    return tuple(found)


def column_of(entity: type[Entity], dimension: Dimension) -> EntityField:
    """The column that a dimension groups by."""
    path = path_of(entity, dimension)
    return field_of(path[-1][1] if path else entity, dimension.column)


def value_type(entity: type[Entity], dimension: Dimension) -> type:
    """The type of the values that groups have in common; of a division: of its code."""
    if dimension.part is Part.WHOLE:
        return column_of(entity, dimension).python_type
    return date if dimension.part is Part.DAY else str


def groups_name(entity: type[Entity], by: tuple[Dimension, ...]) -> str:
    """What the order of groups is called in their cursors."""
    return " ".join((f"{entity.__name__}Groups", *(dimension.name for dimension in by)))


def aggregate(plan: Shows, asked: Asked) -> n.Aggregate:
    """What is worked out of all rows of a source, or of a group."""
    return n.Aggregate(asked.key, plan.each(asked, _of_aggregate, plan))


def chosen(entity: type[Entity], by: Sequence[Any], needs: Needs) -> tuple[Dimension, ...]:
    """The dimensions that are asked for, members of an enum; to group by a field is to read it."""
    if not by:
        raise graph_error(ErrorCode.BAD_ARGUMENT, "by 至少要有一个维度。", "by names no dimension")
    known = {dimension.name: dimension for dimension in entity.about.dimensions}
    dimensions = tuple(dict.fromkeys(known[member.value] for member in by))
    for dimension in dimensions:
        scopes = [target.about.scope for _, target in path_of(entity, dimension)]
        name = f"{entity.__name__}Dimension.{dimension.name.upper()}"
        needs.add(name, column_of(entity, dimension).scope, *scopes)
    return dimensions


def share(at: float) -> float:
    """A share from 0 to 1. Raises BAD_ARGUMENT for another number."""
    if 0 <= at <= 1:
        return at
    raise graph_error(
        ErrorCode.BAD_ARGUMENT,
        f"at 应在 0 到 1 之间，这里是 {at}。",
        f"at must be from 0 to 1, here it is {at}",
    )


def groups(plan: Shows, needs: Needs, asked: Asked, source: n.Source) -> n.Groups:
    """A page of the groups of a source's rows."""
    entity = source.entity
    by = chosen(entity, asked.arguments["by"], needs)
    types = [value_type(entity, dimension) for dimension in by]

    def decode(cursor: str) -> tuple[Any, ...]:
        return decode_place(groups_name(entity, by), types, cursor)

    return n.Groups(
        asked.key,
        by,
        page_size("first", asked.arguments.get("first"), DEFAULT_GROUPS, MAX_GROUPS),
        place_of("after", asked.arguments.get("after"), len(by), decode),
        plan.each(asked, _of_groups, plan, source.times),
    )


def told(asked: Asked) -> n.Told:
    """One thing told of where a page stands."""
    if not isinstance(asked.meaning, m.Standing):
        raise NotCompiledError(asked.key)
    return n.Told(asked.key, asked.meaning.mark)


def _of_groups(asked: Asked, plan: Shows, times: n.Times) -> n.GroupEdges | n.GroupNodes | n.Info:
    match asked.meaning:
        case m.Shape.EDGES:
            return n.GroupEdges(asked.key, plan.each(asked, _of_edge, plan, times))
        case m.Shape.NODES:
            return n.GroupNodes(asked.key, plan.each(asked, _of_group, plan, times))
        case m.Shape.PAGE_INFO:
            return n.Info(asked.key, plan.each(asked, told))
    raise NotCompiledError(asked.key)


def _of_edge(asked: Asked, plan: Shows, times: n.Times) -> n.Cursor | n.Group:
    if asked.meaning is m.Shape.CURSOR:
        return n.Cursor(asked.key)
    return n.Group(asked.key, plan.each(asked, _of_group, plan, times))


def _of_group(asked: Asked, plan: Shows, times: n.Times) -> n.GroupKey | n.Aggregate:
    if asked.meaning is m.Shape.GROUP_KEY:
        return n.GroupKey(asked.key, plan.each(asked, _of_key, plan, times))
    return aggregate(plan, asked)


def _of_key(asked: Asked, plan: Shows, times: n.Times) -> n.GroupValue:
    if not isinstance(asked.meaning, m.DimensionOf):
        raise NotCompiledError(asked.key)
    dimension = asked.meaning.dimension
    parts = plan.parts(asked, Region, times) if dimension.part in OF_DIVISIONS else None
    return n.GroupValue(asked.key, dimension, parts)


def _of_aggregate(asked: Asked, plan: Shows) -> n.Total | n.Figures:
    match asked.meaning:
        case m.Shape.TOTAL:
            return n.Total(asked.key)
        case m.FiguresOf(field):
            return n.Figures(asked.key, plan.each(asked, _figure, field))
    raise NotCompiledError(asked.key)


def _figure(asked: Asked, field: EntityField) -> n.Figure:
    if not isinstance(asked.meaning, m.FigureOf):
        raise NotCompiledError(asked.key)
    at = asked.arguments.get("at")
    return n.Figure(asked.key, field, asked.meaning.statistic, None if at is None else converted(at, share))
