"""What is asked: a page of one entity, under conditions, in an order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schema.declare import Entity


class Operator(StrEnum):
    """How a condition compares; the values are the names in the graph's filters."""

    EQ = "eq"
    IN = "in_"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    GTE = "gte"
    LTE = "lte"
    IS_NULL = "is_null"
    #: value is a half-open range (lo, hi) of codes
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a column with a value; all conditions of a page hold at once."""

    column: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Order:
    """One column to order by."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of an entity in an order that tells all rows apart, from just after a given one."""

    entity: type[Entity]
    conditions: tuple[Condition, ...]
    #: ends with the key of the entity
    order: tuple[Order, ...]
    first: int
    #: the values of the order's columns in the row before the page; None: from the start
    after: tuple[Any, ...] | None = None


def complete_order(entity: type[Entity], asked: tuple[Order, ...]) -> tuple[Order, ...]:
    """The order asked for, completed by the entity's key."""
    named = {order.column for order in asked}
    return asked + tuple(Order(column) for column in entity.about.key if column not in named)
