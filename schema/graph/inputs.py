"""Filters and orders, made from what the entities declare filterable and sortable, and from their relations."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, EnumMeta
from types import GenericAlias
from typing import Annotated, Any

import strawberry

from schema.declare import Entity, EntityField, ToOne, graph_fields
from schema.entities import Region, entity_named

#: where Strawberry finds the types that are made here and named lazily
MODULE = "schema.graph.types"


@strawberry.input(description="文本条件，同时成立 Conditions on a text; all hold at once.")
class TextFilter:
    """Conditions on a text."""

    eq: str | None = strawberry.UNSET
    in_: list[str] | None = strawberry.field(default=strawberry.UNSET, name="in")
    contains: str | None = strawberry.field(
        default=strawberry.UNSET, description="含有，不分大小写 Contains, in whatever case"
    )
    starts_with: str | None = strawberry.field(
        default=strawberry.UNSET, description="以此开头，区分大小写 Begins with, in this case"
    )
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="行政区划条件，同时成立 Conditions on a division; all hold at once.")
class DivisionFilter:
    """Conditions on the code of a division."""

    eq: str | None = strawberry.UNSET
    in_: list[str] | None = strawberry.field(default=strawberry.UNSET, name="in")
    within: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="该区划及其下级，2、4 或 6 位代码 This division and all below it, by 2, 4 or 6 digits",
    )
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="标识条件 Conditions on an identifier.")
class IdFilter:
    """Conditions on an identifier."""

    eq: strawberry.ID | None = strawberry.UNSET
    in_: list[strawberry.ID] | None = strawberry.field(default=strawberry.UNSET, name="in")
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="整数条件 Conditions on a whole number.")
class IntFilter:
    """Conditions on a whole number."""

    eq: int | None = strawberry.UNSET
    in_: list[int] | None = strawberry.field(default=strawberry.UNSET, name="in")
    gte: int | None = strawberry.UNSET
    lte: int | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="数值条件 Conditions on a number.")
class DecimalFilter:
    """Conditions on a number."""

    eq: Decimal | None = strawberry.UNSET
    gte: Decimal | None = strawberry.UNSET
    lte: Decimal | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="日期条件 Conditions on a date.")
class DateFilter:
    """Conditions on a date."""

    eq: date | None = strawberry.UNSET
    gte: date | None = strawberry.UNSET
    lte: date | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="时刻条件 Conditions on an instant.")
class InstantFilter:
    """Conditions on an instant."""

    gte: datetime | None = strawberry.UNSET
    lte: datetime | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="是非条件 A condition on yes or no.")
class BooleanFilter:
    """A condition on yes or no."""

    eq: bool | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


_FILTERS: dict[type, type] = {
    str: TextFilter,
    int: IntFilter,
    Decimal: DecimalFilter,
    date: DateFilter,
    datetime: InstantFilter,
    bool: BooleanFilter,
}


@strawberry.enum(description="次序 Direction of an order.")
class Direction(Enum):
    """Direction of an order."""

    ASC = "asc"
    DESC = "desc"


def lazy(name: str) -> Any:
    """A type of the graph by its name: types point to each other in circles."""
    return Annotated[name, strawberry.lazy(MODULE)]


def lazy_list(name: str) -> Any:
    """A list of a type of the graph by its name."""
    return GenericAlias(list, (lazy(name),))


def filter_input(entity: type[Entity]) -> type:
    """The filter of an entity: its filterable fields, its relations, and ways to combine filters."""
    own = lazy(f"{entity.__name__}Filter")
    several = lazy_list(f"{entity.__name__}Filter")
    kinds: dict[str, Any] = {"and_": several, "or_": several, "not_": own}
    texts = {
        "and_": "全部成立 All hold",
        "or_": "至少一个成立 At least one holds",
        "not_": "不成立 Does not hold",
    }
    for field in graph_fields(entity):
        if field.declaration.filterable:
            kinds[field.name], texts[field.name] = _filter_type(entity, field), str(field.label)
    for relation in entity.about.relations:
        suffix = "Filter" if isinstance(relation, ToOne) else "ListFilter"
        kinds[relation.name], texts[relation.name] = lazy(f"{relation.target}{suffix}"), str(relation.label)
    return _input(
        f"{entity.__name__}Filter",
        f"{entity.about.label}：各条件同时成立 all conditions hold at once.",
        kinds,
        texts,
    )


def list_filter_input(entity: type[Entity]) -> type:
    """The filter by related rows of an entity."""
    own = lazy(f"{entity.__name__}Filter")
    return _input(
        f"{entity.__name__}ListFilter",
        f"{entity.about.label}：按关联记录筛选 by related rows.",
        {"some": own, "none": own},
        {"some": "至少一条符合 At least one fits", "none": "没有一条符合 None fits"},
    )


def order_input(entity: type[Entity]) -> type | None:
    """The order of an entity: a field that it declares sortable, and a direction; None where there is none."""
    fields = [field for field in graph_fields(entity) if field.declaration.sortable]
    if not fields:
        return None
    choice = choices(
        f"{entity.__name__}OrderField",
        f"{entity.about.label}：可排序的字段 fields to order by.",
        {field.name: str(field.label) for field in fields},
    )
    namespace = {
        "__annotations__": {"field": choice, "direction": Direction},
        "__doc__": f"An order of {entity.about.label.en}.",
        "direction": Direction.ASC,
    }
    cls = type(f"{entity.__name__}Order", (), namespace)
    return strawberry.input(cls, description=f"{entity.about.label}：排序 order.")


def choices(name: str, description: str, members: dict[str, str]) -> Any:
    """An enum of names, each with its description; its values are the names."""
    values = {
        member.upper(): strawberry.enum_value(member, description=text) for member, text in members.items()
    }
    return strawberry.enum(EnumMeta.__call__(Enum, name, values), description=description)


def _filter_type(entity: type[Entity], field: EntityField) -> Any:
    if field.declaration.is_id:
        return IdFilter
    return DivisionFilter if is_division(entity, field) else _FILTERS[field.python_type]


def is_division(entity: type[Entity], field: EntityField) -> bool:
    """Whether a field is the code of a division: the country's own, or one that leads there."""
    return (entity is Region and field.name == "code") or any(
        isinstance(relation, ToOne)
        and relation.local == field.name
        and entity_named(relation.target) is Region
        for relation in entity.about.relations
    )


def _input(name: str, description: str, kinds: dict[str, Any], texts: dict[str, str]) -> type:
    namespace: dict[str, Any] = {
        "__annotations__": {field: kind | None for field, kind in kinds.items()},
        "__doc__": description,
        **{
            field: strawberry.field(
                default=strawberry.UNSET, description=texts[field], name=_WORDS.get(field)
            )
            for field in kinds
        },
    }
    return strawberry.input(type(name, (), namespace), description=description)


#: names that Python keeps for itself
_WORDS = {"and_": "and", "or_": "or", "not_": "not"}
