"""Orders of rows, and places in them. Nothing is the greatest."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from schema.plan.nodes import Order

Row = Mapping[str, Any]


def in_order(rows: Iterable[Row], order: tuple[Order, ...]) -> list[Row]:
    """The rows, sorted."""
    found = list(rows)
    for each in reversed(order):
        found.sort(key=partial(_rank_in, each.column), reverse=each.descending)
    return found


def is_after(row: Row, order: tuple[Order, ...], place: Sequence[Any]) -> bool:
    """Whether a row comes after the place that these values have in the order."""
    for each, value in zip(order, place, strict=True):
        here, there = rank(row[each.column]), rank(value)
        if here != there:
            return (here < there) is each.descending
    return False


def is_before(row: Row, order: tuple[Order, ...], place: Sequence[Any]) -> bool:
    """Whether a row comes before a place."""
    opposite = tuple(Order(each.column, not each.descending) for each in order)
    return is_after(row, opposite, place)


def rank(value: Any) -> tuple[bool, Any]:
    """Sorts any values of one type, and None after them."""
    return value is None, False if value is None else value


def _rank_in(column: str, row: Row) -> tuple[bool, Any]:
    return rank(row[column])
