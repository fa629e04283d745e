"""Scalars of the graph, in the form in which PostgreSQL writes them too."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry

from schema.graph.errors import ErrorCode, graph_error
from schema.plan.cursor import instant_text, number_text

#: a whole number that Int cannot hold, as text: JavaScript would round it
BigInt = NewType("BigInt", int)

BIG_INT = strawberry.scalar(
    name="BigInt",
    description="大整数，以文本表示 A whole number of 64 bits, as text.",
    serialize=str,
    parse_value=int,
)


#: digits before and after the point that a number may have
_MOST_DIGITS = 1_000


def _decimal(given: Any) -> Decimal:
    """A finite number, however it is written."""
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS or isinstance(given, bool):
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, f"应为数值，这里是“{given}”。", f"a number is expected, not {given!r}"
        )
    return value


def _instant(given: Any) -> datetime:
    """An instant with its offset: without one nobody knows when it is."""
    try:
        value = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        value = None
    if value is None or value.tzinfo is None:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT,
            f"应为带时区的时刻，如 2026-11-01T08:00:00+08:00，这里是“{given}”。",
            f"an instant with its offset is expected, as 2026-11-01T08:00:00+08:00, not {given!r}",
        )
    return value


DECIMAL = strawberry.scalar(
    name="Decimal",
    description="数值，以文本表示，不带指数 A number as text, without an exponent.",
    serialize=number_text,
    parse_value=_decimal,
)
INSTANT = strawberry.scalar(
    name="DateTime",
    description="时刻，ISO 8601，带时区；返回一律为 UTC An instant in ISO 8601 with its offset; answers are in UTC.",
    serialize=instant_text,
    parse_value=_instant,
)
SCALARS: dict[object, Any] = {BigInt: BIG_INT, Decimal: DECIMAL, datetime: INSTANT}
