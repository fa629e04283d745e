"""Cursors: where a page ends, as opaque text that a client hands back."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schema.declare import Entity, field_of
from schema.plan.nodes import Order

_FROM_TEXT: dict[type, Any] = {
    str: str,
    int: int,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


class CursorError(ValueError):
    """A cursor that this order of this entity never gave out."""


def encode_cursor(entity: type[Entity], order: tuple[Order, ...], row: Mapping[str, Any]) -> str:
    """The cursor of a row in an order: it names the order, so that it is good for no other."""
    parts = [_name(entity, order), *(_text(row[each.column]) for each in order)]
    return base64.urlsafe_b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode()


def decode_cursor(entity: type[Entity], order: tuple[Order, ...], cursor: str) -> tuple[Any, ...]:
    """The values of the order's columns in the row of a cursor. Raises CursorError."""
    try:
        name, *texts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if name != _name(entity, order) or not all(isinstance(text, str) for text in texts):
            raise CursorError(cursor)
        types = [field_of(entity, each.column).python_type for each in order]
        return tuple(_FROM_TEXT[kind](text) for kind, text in zip(types, texts, strict=True))
    except (binascii.Error, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise CursorError(cursor) from error


def _name(entity: type[Entity], order: tuple[Order, ...]) -> str:
    return " ".join((entity.__name__, *(f"{'-' if each.descending else ''}{each.column}" for each in order)))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
