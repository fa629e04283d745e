"""The graph's types for pages: Relay's connections, figures of their rows, and groups of them."""

from decimal import Decimal
from types import GenericAlias
from typing import Any, Generic, TypeVar

import strawberry

from schema.declare import Dimension, Entity, EntityField, Part, graph_fields
from schema.graph.directives import Public, RequiresScopes, requires
from schema.graph.inputs import choices, lazy, lazy_list
from schema.graph.resolve import GraphInfo, standing, total
from schema.graph.resolve_groups import all_of, group_value, groups, statistic_of, values_of
from schema.graph.signatures import give_signature, parameter
from schema.plan import meaning as m
from schema.plan.groups import DEFAULT_GROUPS, OF_DIVISIONS, column_of, path_of, value_type
from schema.plan.meaning import means
from schema.plan.nodes import Mark, Statistic
from schema.scopes import Scope

Node = TypeVar("Node")


def public(meaning: m.Meaning, description: str, **rest: Any) -> Any:
    """A field that only gives structure to guarded ones, or shows what an argument asked for, whose scopes it needs."""
    return strawberry.field(directives=[Public()], description=description, metadata=means(meaning), **rest)


@strawberry.type(description="分页位置 Where a page stands.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = public(m.Standing(Mark.HAS_NEXT), "后面是否还有 Whether more follow")
    has_previous_page: bool = public(m.Standing(Mark.HAS_PREVIOUS), "前面是否还有 Whether some come before")
    start_cursor: str | None = public(
        m.Standing(Mark.START), "首条游标，用作 before Cursor of the first edge, for `before`"
    )
    end_cursor: str | None = public(
        m.Standing(Mark.END), "末条游标，用作 after Cursor of the last edge, for `after`"
    )


@strawberry.type(description="一条结果及其游标 One result and its cursor.")
class Edge(Generic[Node]):
    """Relay's edge."""

    cursor: str = public(m.Shape.CURSOR, "游标 Cursor")
    node: Node = public(m.Shape.NODE, "内容 Content")


def _figure(statistic: Statistic, kind: Any, description: str) -> Any:
    def resolve(root: Any) -> Any:
        return statistic_of(root, statistic)

    return public(m.FigureOf(statistic), description, resolver=resolve, graphql_type=kind)


def _quantile(root: Any, at: float) -> Any:
    return statistic_of(root, Statistic.QUANTILE, at)


@strawberry.type(description="一列数值的统计，空值不计 Figures of a column; what is empty does not count.")
class Figures:
    """What is worked out of a column's values."""

    count: int = _figure(Statistic.COUNT, int, "有值的条数 How many have a value")
    sum: Decimal | None = _figure(Statistic.SUM, Decimal | None, "合计 Sum")
    min: Decimal | None = _figure(Statistic.MIN, Decimal | None, "最小 Least")
    max: Decimal | None = _figure(Statistic.MAX, Decimal | None, "最大 Greatest")
    average: Decimal | None = _figure(
        Statistic.AVERAGE, Decimal | None, "平均，六位小数 Average, to six decimals"
    )
    median: Decimal | None = _figure(Statistic.MEDIAN, Decimal | None, "中位数 Median")

    quantile: Decimal | None = public(
        m.FigureOf(Statistic.QUANTILE),
        "分位数，at 从 0 到 1 Quantile, `at` from 0 to 1",
        resolver=_quantile,
        graphql_type=Decimal | None,
    )


def measures_of(entity: type[Entity]) -> list[EntityField]:
    """The fields of an entity that figures are worked out of."""
    return [field for field in graph_fields(entity) if field.declaration.measured]


def page_types(entity: type[Entity]) -> dict[str, type]:
    """The types of an entity's pages, by name: its connection, its figures, and groups where it has dimensions."""
    made = {f"{entity.__name__}Aggregate": _aggregate_type(entity)}
    if entity.about.dimensions:
        made |= _group_types(entity)
    made[f"{entity.__name__}Connection"] = _connection_type(entity)
    return made


def _connection_type(entity: type[Entity]) -> type:
    name = entity.__name__
    edge: Any = Edge.__class_getitem__(lazy(name))  # type: ignore[attr-defined]
    fields = {
        "edges": (GenericAlias(list, (edge,)), public(m.Shape.EDGES, "各条及其游标 Edges")),
        "nodes": (
            lazy_list(name),
            public(m.Shape.NODES, "各条 The rows, without cursors", resolver=_nodes),
        ),
        "page_info": (
            PageInfo,
            public(m.Shape.PAGE_INFO, "分页位置 Where this page stands", resolver=standing),
        ),
        "total_count": (
            int,
            public(m.Shape.TOTAL, "符合条件的总数，按需统计 Total, counted when asked for", resolver=total),
        ),
        "aggregate": (
            lazy(f"{name}Aggregate"),
            public(
                m.Shape.AGGREGATE,
                "全部符合条件者的统计，不限本页 Figures of all that fit, on this page or others",
                resolver=all_of,
            ),
        ),
    }
    if entity.about.dimensions:
        fields["groups"] = (lazy(f"{name}GroupConnection"), _groups_field(entity))
    return _type(f"{name}Connection", f"{entity.about.label}：一页结果 a page of results.", fields)


def _aggregate_type(entity: type[Entity]) -> type:
    fields: dict[str, tuple[Any, Any]] = {
        "count": (int, public(m.Shape.TOTAL, "条数 How many", resolver=_count))
    }
    for field in measures_of(entity):
        fields[field.name] = (Figures, _figures_field(field))
    return _type(f"{entity.__name__}Aggregate", f"{entity.about.label}：统计 figures.", fields)


def _figures_field(field: EntityField) -> Any:
    def resolve(root: Any) -> Any:
        return values_of(root, field)

    unit = f"（{field.declaration.unit}）" if field.declaration.unit else ""
    return strawberry.field(
        resolver=resolve,
        graphql_type=Figures,
        description=f"{field.label.zh}{unit} {field.label.en}",
        directives=[requires(field.scope)],
        metadata=means(m.FiguresOf(field)),
    )


def _group_types(entity: type[Entity]) -> dict[str, type]:
    name, label = entity.__name__, entity.about.label
    keys = {dimension.name: _key_field(entity, dimension) for dimension in entity.about.dimensions}
    group = {
        "key": (lazy(f"{name}GroupKey"), public(m.Shape.GROUP_KEY, "共同之处 What its rows have in common")),
        "aggregate": (
            lazy(f"{name}Aggregate"),
            public(m.Shape.AGGREGATE, "统计 Figures of its rows", resolver=_itself),
        ),
    }
    edge = {
        "cursor": (str, public(m.Shape.CURSOR, "游标 Cursor")),
        "node": (lazy(f"{name}Group"), public(m.Shape.NODE, "一组 The group")),
    }
    page = {
        "edges": (lazy_list(f"{name}GroupEdge"), public(m.Shape.EDGES, "各组及其游标 Edges")),
        "nodes": (lazy_list(f"{name}Group"), public(m.Shape.NODES, "各组 The groups")),
        "page_info": (PageInfo, public(m.Shape.PAGE_INFO, "分页位置 Where this page stands")),
    }
    return {
        f"{name}Dimension": choices(
            f"{name}Dimension",
            f"{label}：可分组的维度 what it may be grouped by.",
            {dimension.name: str(dimension.label) for dimension in entity.about.dimensions},
        ),
        f"{name}GroupKey": _type(
            f"{name}GroupKey",
            f"{label}：一组的共同之处，未用于分组者为空 what a group has in common; empty where it is not grouped by.",
            keys,
        ),
        f"{name}Group": _type(f"{name}Group", f"{label}：一组 a group.", group),
        f"{name}GroupEdge": _type(f"{name}GroupEdge", f"{label}：一组及其游标 a group and its cursor.", edge),
        f"{name}GroupConnection": _type(
            f"{name}GroupConnection", f"{label}：一页分组 a page of groups.", page
        ),
    }


def _key_field(entity: type[Entity], dimension: Dimension) -> tuple[Any, Any]:
    column = column_of(entity, dimension)
    kind: Any = lazy("Region") if dimension.part in OF_DIVISIONS else value_type(entity, dimension)
    if dimension.part is Part.WHOLE and column.declaration.is_id:
        kind = strawberry.ID

    async def resolve(root: Any, info: GraphInfo) -> Any:
        return await group_value(root, info, dimension)

    scopes = [column.scope, *(target.about.scope for _, target in path_of(entity, dimension))]
    if dimension.part in OF_DIVISIONS:
        scopes.append(Scope.REGION_READ)
    field = strawberry.field(
        resolver=resolve,
        graphql_type=kind | None,
        description=str(dimension.label),
        directives=[RequiresScopes(scopes=[sorted({scope.value for scope in scopes})])],
        metadata=means(m.DimensionOf(dimension)),
    )
    return kind | None, field


def _groups_field(entity: type[Entity]) -> Any:
    async def resolve(root: Any, info: GraphInfo, **given: Any) -> Any:
        return await groups(root, info, given["by"], given.get("first"), given.get("after"))

    give_signature(
        resolve,
        [
            parameter("by", lazy_list(f"{entity.__name__}Dimension")),
            parameter("first", int | None, DEFAULT_GROUPS),
            parameter("after", str | None, None),
        ],
        lazy(f"{entity.__name__}GroupConnection"),
    )
    return public(
        m.Shape.GROUPS,
        "全部符合条件者按维度分组，依共同之处排序 All that fit, grouped, in the order of what groups have in common",
        resolver=resolve,
    )


def _type(name: str, description: str, fields: dict[str, tuple[Any, Any]]) -> type:
    namespace: dict[str, Any] = {
        "__annotations__": {field: kind for field, (kind, _) in fields.items()},
        "__doc__": description,
        **{field: definition for field, (_, definition) in fields.items()},
    }
    return strawberry.type(type(name, (), namespace), description=description)


def _nodes(root: Any) -> Any:
    return root.rows


def _itself(root: Any) -> Any:
    return root


def _count(root: Any) -> int:
    return len(root.rows)
