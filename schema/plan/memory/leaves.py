"""Single values as JSON has them in answers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from schema.declare import EntityField
from schema.plan.cursor import instant_text, number_text


def leaf(field: EntityField, value: Any) -> Any:
    """A column's value; identifiers and large numbers are texts."""
    declaration = field.declaration
    return scalar(value, as_text=declaration.is_id or declaration.is_big)


def scalar(value: Any, *, as_text: bool = False) -> Any:
    """A value; `as_text`: a number as a text."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return str(value) if as_text else value
        case Decimal():
            return number_text(value)
        case datetime():
            return instant_text(value.astimezone(UTC))
        case date():
            return value.isoformat()
    raise TypeError(type(value))
