"""Filters and orders, made from what the entities declare filterable and sortable."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, EnumMeta
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema.declare import Entity, EntityField, graph_fields
from schema.graph.errors import ErrorCode, forbidden, graph_error
from schema.plan.nodes import Condition, Operator, Order


@strawberry.input(description="文本条件，同时成立 Conditions on a text; all hold at once.")
class TextFilter:
    """Conditions on a text."""

    eq: str | None = strawberry.UNSET
    in_: list[str] | None = strawberry.field(default=strawberry.UNSET, name="in")
    contains: str | None = strawberry.UNSET
    starts_with: str | None = strawberry.UNSET
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
    gte: int | None = strawberry.UNSET
    lte: int | None = strawberry.UNSET


@strawberry.input(description="数值条件 Conditions on a number.")
class DecimalFilter:
    """Conditions on a number."""

    gte: Decimal | None = strawberry.UNSET
    lte: Decimal | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="日期条件 Conditions on a date.")
class DateFilter:
    """Conditions on a date."""

    gte: date | None = strawberry.UNSET
    lte: date | None = strawberry.UNSET
    is_null: bool | None = strawberry.UNSET


@strawberry.input(description="时刻条件 Conditions on an instant.")
class InstantFilter:
    """Conditions on an instant."""

    gte: datetime | None = strawberry.UNSET
    lte: datetime | None = strawberry.UNSET


@strawberry.input(description="是非条件 A condition on yes or no.")
class BooleanFilter:
    """A condition on yes or no."""

    eq: bool | None = strawberry.UNSET


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


def filter_input(entity: type[Entity]) -> type | None:
    """The filter of an entity: one field for each that it declares filterable; None where there is none."""
    fields = [field for field in graph_fields(entity) if field.declaration.filterable]
    if not fields:
        return None
    namespace: dict[str, Any] = {
        "__annotations__": {field.name: _filter_type(field) | None for field in fields},
        "__doc__": f"Conditions on {entity.about.label.en}.",
        **{
            field.name: strawberry.field(default=strawberry.UNSET, description=str(field.label))
            for field in fields
        },
    }
    cls = type(f"{entity.__name__}Filter", (), namespace)
    return strawberry.input(
        cls, description=f"{entity.about.label}：各条件同时成立 all conditions hold at once."
    )


def order_input(entity: type[Entity]) -> type | None:
    """The order of an entity: a field that it declares sortable, and a direction; None where there is none."""
    fields = [field for field in graph_fields(entity) if field.declaration.sortable]
    if not fields:
        return None
    members = {field.name.upper(): field.name for field in fields}
    choice = strawberry.enum(
        EnumMeta.__call__(Enum, f"{entity.__name__}OrderField", members),
        description=f"{entity.about.label}：可排序的字段 fields to order by.",
    )
    namespace = {
        "__annotations__": {"field": choice, "direction": Direction},
        "__doc__": f"An order of {entity.about.label.en}.",
        "direction": Direction.ASC,
    }
    cls = type(f"{entity.__name__}Order", (), namespace)
    return strawberry.input(cls, description=f"{entity.about.label}：排序 order.")


def conditions_of(entity: type[Entity], given: Any, scopes: frozenset[str]) -> tuple[Condition, ...]:
    """A filter's conditions. To filter by a field is to read it, so it needs the same scope: FORBIDDEN_FIELD."""
    if given is None:
        return ()
    refused: dict[str, list[list[str]]] = {}
    conditions: list[Condition] = []
    for field in graph_fields(entity):
        comparisons = getattr(given, field.name, None)
        if comparisons is None or comparisons is strawberry.UNSET:
            continue
        if field.scope not in scopes:
            refused[f"{entity.__name__}Filter.{to_camel_case(field.name)}"] = [[field.scope.value]]
        conditions += _conditions(field, comparisons)
    if refused:
        raise forbidden(refused)
    return tuple(conditions)


def order_of(entity: type[Entity], given: list[Any] | None, scopes: frozenset[str]) -> tuple[Order, ...]:
    """An order's columns. To order by a field is to read it: FORBIDDEN_FIELD."""
    asked = tuple(Order(each.field.value, each.direction is Direction.DESC) for each in given or ())
    by_name = {field.name: field for field in graph_fields(entity)}
    refused = {
        f"{entity.__name__}OrderField.{each.column.upper()}": [[by_name[each.column].scope.value]]
        for each in asked
        if by_name[each.column].scope not in scopes
    }
    if refused:
        raise forbidden(refused)
    if len({each.column for each in asked}) < len(asked):
        raise graph_error(ErrorCode.BAD_ARGUMENT, "排序字段重复。", "a field stands twice in orderBy")
    return asked


def _filter_type(field: EntityField) -> Any:
    return IdFilter if field.declaration.is_id else _FILTERS[field.python_type]


def _conditions(field: EntityField, comparisons: Any) -> list[Condition]:
    found = []
    for operator in Operator:
        value = getattr(comparisons, operator.value, strawberry.UNSET)
        if value is None:
            name = to_camel_case(field.name)
            raise graph_error(
                ErrorCode.BAD_ARGUMENT,
                f"{name} 不能与 null 比较，请用 isNull。",
                f"{name}: nothing is compared with null, use isNull",
            )
        if value is not strawberry.UNSET:
            found.append(Condition(field.name, operator, _typed(field, operator, value)))
    return found


def _typed(field: EntityField, operator: Operator, value: Any) -> Any:
    """An identifier comes as text and is compared as a number."""
    if not field.declaration.is_id or operator is Operator.IS_NULL:
        return value
    name = to_camel_case(field.name)
    try:
        return [int(each) for each in value] if operator is Operator.IN else int(value)
    except ValueError as error:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, f"{name} 应为数字标识。", f"{name}: an identifier is digits"
        ) from error
