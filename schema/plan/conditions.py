"""Filters, orders and windows as their arguments say them, read into the tree of the plan."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from schema.declare import Above, Below, Entity, EntityField, Relation, ToMany, ToOne, field_of, graph_fields
from schema.entities import entity_named
from schema.graph.errors import ErrorCode, graph_error
from schema.identifiers import IdentifierError
from schema.plan.cursor import CursorError, decode_cursor
from schema.plan.needs import Needs
from schema.plan.nodes import (
    All,
    AnyOf,
    Compare,
    Join,
    Not,
    Operator,
    Order,
    Related,
    Tie,
    Times,
    Where,
    Window,
    complete_order,
)
from schema.plan.values import Constant, Value, as_value, converted
from schema.regions import codes_above, complete_code

#: rows of a page where nothing is said, and at most
DEFAULT_PAGE = 20
MAX_PAGE = 100
#: comparisons of one filter, and how deep they reach through relations
MAX_CONDITIONS = 60
MAX_REACH = 4

_TIES = {ToOne: Tie.EQUAL, ToMany: Tie.EQUAL, Below: Tie.BELOW, Above: Tie.ABOVE}
#: identifiers have 64 bits
_IDENTIFIER = re.compile("-?[0-9]{1,19}")
_MOST_ID = 1 << 63
_COMBINE: dict[str, type[All | AnyOf]] = {"and": All, "or": AnyOf}
_OPERATORS = {operator.value: operator for operator in Operator}


def joins_of(relation: Relation) -> tuple[Join, ...]:
    """How a relation ties its target's rows to a row."""
    tied = Join(relation.local, relation.remote, _TIES[type(relation)])
    if isinstance(relation, ToMany) and relation.province_of is not None:
        # follows from the other, and tells the one partition where they are
        return (tied, Join(relation.province_of, "province_code", Tie.PROVINCE))
    return (tied,)


@cache
def relations_of(entity: type[Entity]) -> Mapping[str, Relation]:
    """The relations of an entity by their names in the graph."""
    return {to_camel_case(relation.name): relation for relation in entity.about.relations}


@cache
def fields_by_name(entity: type[Entity]) -> Mapping[str, EntityField]:
    """The fields of an entity that the graph has, by their names there."""
    return {to_camel_case(field.name): field for field in graph_fields(entity)}


def tied_to(entity: type[Entity], join: Join, value: Any) -> Where:
    """The condition on rows of an entity that a join ties to a row whose column has this value."""
    field = field_of(entity, join.remote)
    match join.tie:
        case Tie.EQUAL:
            return Compare(field, Operator.EQ, Constant(value))
        case Tie.BELOW:
            return Compare(field, Operator.WITHIN, Constant(value))
        case Tie.ABOVE:
            return Compare(field, Operator.IN, Constant([*codes_above(value)]))
        case Tie.PROVINCE:
            return Compare(field, Operator.EQ, Constant(value[:2]))


class FilterReader:
    """Reads one filter; what it needs is noted in `needs`. Raises GraphQLError for what makes no sense."""

    def __init__(self, times: Times, needs: Needs) -> None:
        self._times = times
        self._needs = needs
        self._left = MAX_CONDITIONS

    def read(self, entity: type[Entity], given: Mapping[str, Any] | None, reach: int = MAX_REACH) -> Where:
        """The conditions of a filter: all hold at once."""
        return All(tuple(self._part(entity, name, part, reach) for name, part in (given or {}).items()))

    def _part(self, entity: type[Entity], name: str, given: Any, reach: int) -> Where:
        self._left -= 1
        if self._left < 0 or reach < 0:
            raise graph_error(
                ErrorCode.TOO_LARGE,
                f"筛选条件最多 {MAX_CONDITIONS} 个，关联最多 {MAX_REACH} 层。",
                f"a filter has at most {MAX_CONDITIONS} conditions and reaches through {MAX_REACH} relations",
            )
        if given is None:
            raise _no_null(name)
        if name in _COMBINE:
            return _COMBINE[name](tuple(self.read(entity, each or {}, reach) for each in given))
        if name == "not":
            return Not(self.read(entity, given, reach))
        if name in relations_of(entity):
            return self._related(entity, relations_of(entity)[name], given, reach - 1)
        return self._compared(entity, fields_by_name(entity)[name], given)

    def _related(
        self, entity: type[Entity], relation: Relation, given: Mapping[str, Any], reach: int
    ) -> Where:
        target = entity_named(relation.target)
        self._needs.add(f"{entity.__name__}Filter.{to_camel_case(relation.name)}", target.about.scope)
        if isinstance(relation, ToOne):
            return Related(target, self._times, joins_of(relation), self.read(target, given, reach))
        found = []
        for quantifier, part in given.items():
            if part is None:
                raise _no_null(quantifier)
            there_is = Related(target, self._times, joins_of(relation), self.read(target, part, reach))
            found.append(there_is if quantifier == "some" else Not(there_is))
        return All(tuple(found))

    def _compared(self, entity: type[Entity], field: EntityField, given: Mapping[str, Any]) -> Where:
        name = to_camel_case(field.name)
        self._needs.add(f"{entity.__name__}Filter.{name}", field.scope)
        found = []
        for word, value in given.items():
            if value is None:
                raise _no_null(name)
            found.append(_compare(field, _OPERATORS[word], as_value(value)))
        return All(tuple(found))


def order_of(entity: type[Entity], given: list[Mapping[str, Any]] | None, needs: Needs) -> tuple[Order, ...]:
    """An order that tells all rows apart: the columns asked for, then the key."""
    asked = tuple(Order(each["field"].value, each["direction"].value == "desc") for each in given or ())
    if len({each.column for each in asked}) < len(asked):
        raise graph_error(ErrorCode.BAD_ARGUMENT, "排序字段重复。", "a field stands twice in orderBy")
    for field in graph_fields(entity):
        if any(field.name == each.column for each in asked):
            needs.add(f"{entity.__name__}OrderField.{field.name.upper()}", field.scope)
    return complete_order(entity, asked)


def window_of(entity: type[Entity], order: tuple[Order, ...], arguments: Mapping[str, Any]) -> Window:
    """Which rows of the order a page has."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, "first 与 last 只能给一个。", "give first or last, not both"
        )
    backward = last is not None
    size = page_size("last" if backward else "first", last if backward else first, DEFAULT_PAGE, MAX_PAGE)

    def decode(cursor: str) -> tuple[Any, ...]:
        return decode_cursor(entity, order, cursor)

    return Window(
        size,
        backward,
        place_of("after", arguments.get("after"), len(order), decode),
        place_of("before", arguments.get("before"), len(order), decode),
    )


def page_size(name: str, given: int | None, default: int, most: int) -> int:
    """How many rows a page has at most."""
    size = default if given is None else given
    if 0 <= size <= most:
        return size
    raise graph_error(
        ErrorCode.BAD_ARGUMENT,
        f"{name} 应在 0 到 {most} 之间，这里是 {size}。",
        f"{name} must be from 0 to {most}, here it is {size}",
    )


def place_of(
    name: str, given: Any, width: int, decode: Callable[[str], tuple[Any, ...]]
) -> tuple[Value, ...] | None:
    """The values of the order's columns that a cursor stands for."""
    if given is None:
        return None

    def part(at: int) -> Callable[[str], Any]:
        def convert(cursor: str) -> Any:
            try:
                return decode(cursor)[at]
            except CursorError as error:
                raise graph_error(
                    ErrorCode.BAD_ARGUMENT,
                    f"{name} 不是此排序给出的游标。",
                    f"{name} is no cursor that this order gave out",
                ) from error

        return convert

    return tuple(converted(as_value(given), part(at)) for at in range(width))


def _compare(field: EntityField, operator: Operator, value: Value) -> Where:
    if field.python_type is str and operator is not Operator.IS_NULL:
        value = converted(value, _storable(field))
    if operator is Operator.WITHIN:
        return Compare(field, operator, converted(value, _division(field)))
    if field.declaration.is_id and operator is not Operator.IS_NULL:
        value = converted(value, _identifiers(field) if operator is Operator.IN else _identifier(field))
    return Compare(field, operator, value)


def _storable(field: EntityField) -> Callable[[Any], Any]:
    name = to_camel_case(field.name)

    def convert(given: Any) -> Any:
        if any("\0" in text for text in (given if isinstance(given, list) else [given])):
            raise graph_error(ErrorCode.BAD_ARGUMENT, f"{name} 不能含 NUL。", f"{name}: no text has a NUL")
        return given

    return convert


def _division(field: EntityField) -> Callable[[str], str]:
    name = to_camel_case(field.name)

    def convert(code: str) -> str:
        return understood(name, complete_code, code)

    return convert


def understood(name: str, understand: Callable[[str], str], given: str) -> str:
    """A code as it is kept. Raises BAD_ARGUMENT with the code's own hint where it is none."""
    try:
        return understand(given)
    except IdentifierError as error:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, f"{name}：{error.hint_zh}", f"{name}: {error.hint_en}"
        ) from error


def _identifier(field: EntityField) -> Callable[[str], int]:
    name = to_camel_case(field.name)

    def convert(text: str) -> int:
        if _IDENTIFIER.fullmatch(text) and -_MOST_ID <= int(text) < _MOST_ID:
            return int(text)
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, f"{name} 应为数字标识。", f"{name}: an identifier is digits, of 64 bits"
        )

    return convert


def _identifiers(field: EntityField) -> Callable[[list[str]], list[int]]:
    one = _identifier(field)
    return lambda texts: [one(text) for text in texts]


def _no_null(name: str) -> Exception:
    return graph_error(
        ErrorCode.BAD_ARGUMENT,
        f"{name} 不能与 null 比较，请用 isNull。",
        f"{name}: nothing is compared with null, use isNull",
    )
