"""Cursors: where a page ends, as opaque text that a client hands back.

A cursor is the JSON array of an order's name and the values of its columns, in base64 for URLs. PostgreSQL writes the
same text (`schema.plan.sql.pages`).
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schema.declare import Entity, field_of
from schema.plan.nodes import Order

_FROM_JSON: dict[type, Any] = {
    str: str,
    int: int,
    bool: bool,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}
_WRITTEN: dict[type, type | tuple[type, ...]] = {int: int, bool: bool, Decimal: (int, Decimal)}


class CursorError(ValueError):
    """A cursor that this order of this entity never gave out."""


def order_name(entity: type[Entity], order: tuple[Order, ...]) -> str:
    """What an order is called in its cursors, so that they are good for no other."""
    return " ".join((entity.__name__, *(f"{'-' if each.descending else ''}{each.column}" for each in order)))


def encode_cursor(entity: type[Entity], order: tuple[Order, ...], row: Mapping[str, Any]) -> str:
    """The cursor of a row in an order."""
    return encode_place(order_name(entity, order), [row[each.column] for each in order])


def encode_place(name: str, values: Sequence[Any]) -> str:
    """The cursor of the place that these values have in the order of this name."""
    text = ", ".join(_json(value) for value in (name, *values))
    return base64.urlsafe_b64encode(f"[{text}]".encode()).decode()


def decode_cursor(entity: type[Entity], order: tuple[Order, ...], cursor: str) -> tuple[Any, ...]:
    """The values of the order's columns in the row of a cursor. Raises CursorError."""
    fields = [field_of(entity, each.column) for each in order]
    values = decode_place(order_name(entity, order), [field.python_type for field in fields], cursor)
    if any(value is None and not field.nullable for field, value in zip(fields, values, strict=True)):
        raise CursorError(cursor)
    return values


def decode_place(name: str, types: Sequence[type], cursor: str) -> tuple[Any, ...]:
    """The values of these types that a cursor of the order of this name holds. Raises CursorError."""
    found, *values = read_place(cursor)
    if found != name:
        raise CursorError(cursor)
    try:
        return tuple(_value(kind, value) for kind, value in zip(types, values, strict=True))
    except (ValueError, TypeError, ArithmeticError) as error:
        raise CursorError(cursor) from error


def read_place(cursor: str) -> list[Any]:
    """What a cursor holds, as JSON has it: a name, and the values of the place. Raises CursorError."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor.encode()), parse_float=Decimal)
    except (binascii.Error, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise CursorError(cursor) from error
    if not isinstance(found, list) or not found:
        raise CursorError(cursor)
    return found


def instant_text(value: datetime) -> str:
    """An instant as the graph writes it: ISO 8601 without the zeros at the end of a fraction."""
    text = value.isoformat()
    if not value.microsecond:
        return text
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest[:6].rstrip('0')}{rest[6:]}"


def number_text(value: Decimal) -> str:
    """A number as the graph writes it: never with an exponent."""
    return format(value, "f")


def _value(kind: type, value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, _WRITTEN.get(kind, str)) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(kind)
    return _FROM_JSON[kind](value)


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        value = instant_text(value)
    elif isinstance(value, date):
        value = value.isoformat()
    return json.dumps(value, ensure_ascii=False)
