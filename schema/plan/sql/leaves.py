"""Single values as pieces of JSON, in the same form as the graph's scalars have when Python writes them."""

from datetime import date
from decimal import Decimal

from schema.declare import EntityField
from schema.entities.fact import OPEN_END
from schema.plan.sql.text import Piece, Sql, or_null


def leaf(field: EntityField, column: str) -> list[Piece]:
    """A column's value as JSON."""
    nullable = field.nullable
    if field.declaration.is_open_ended:
        column, nullable = f"nullif({column}, '{OPEN_END}')", True
    return scalar(field.python_type, column, nullable=nullable, as_text=_as_text(field))


def scalar(kind: type, expression: str, *, nullable: bool, as_text: bool = False) -> list[Piece]:
    """A value as JSON; `as_text`: a number between quotation marks."""
    if kind is bool:
        return [Sql(f"CASE {expression} WHEN true THEN 'true' WHEN false THEN 'false' ELSE 'null' END")]
    if kind is int and not as_text:
        return [or_null(f"{expression}::text") if nullable else Sql(expression)]
    if kind in (int, Decimal, date):
        quoted = f"'\"' || {expression} || '\"'"
        return [or_null(quoted)] if nullable else ['"', Sql(expression), '"']
    json = f"to_json({expression})"
    return [or_null(f"{json}::text") if nullable else Sql(json)]


def _as_text(field: EntityField) -> bool:
    return field.declaration.is_id or field.declaration.is_big
