"""Rows as programs get them: flat, ISO dates, identifiers as texts, and “not stated” as a value of its own."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from publish.site.codes import codes_of
from publish.site.reading import Row
from publish.tables import PublicTable, public_tables
from schema.declare import EntityField

#: what a coded column says where its source says nothing
NOT_STATED = "not_stated"

_TYPES: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


@cache
def tables() -> dict[str, PublicTable]:
    """The public tables by name."""
    return {table.name: table for table in public_tables()}


def shown(fields: Iterable[EntityField], row: Row) -> Row:
    """One row of a table."""
    return {field.name: _value(field, row[field.name]) for field in fields}


def schema_of(fields: Iterable[EntityField]) -> dict[str, Any]:
    """The JSON schema of such a row."""
    properties = {field.name: _property(field) for field in fields}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def fields_named(table: str, *names: str) -> tuple[EntityField, ...]:
    """Some columns of a public table."""
    columns = {field.name: field for field in tables()[table].columns}
    return tuple(columns[name] for name in names)


def _value(field: EntityField, value: Any) -> Any:
    if value is None:
        return NOT_STATED if _is_coded(field) else None
    if field.declaration.is_id:
        return str(value)
    return bool(value) if field.python_type is bool else value


def _property(field: EntityField) -> dict[str, Any]:
    kind: dict[str, Any] = dict(_TYPES[field.python_type])
    if field.declaration.is_id:
        kind = {"type": "string", "pattern": "^[0-9]+$"}
    if _is_coded(field):
        kind["enum"] = [*codes_of(field.name), *([NOT_STATED] if field.nullable else [])]
    elif field.nullable:
        kind["type"] = [kind["type"], "null"]
    note = f" {field.declaration.note}" if field.declaration.note else ""
    unit = f" ({field.declaration.unit})" if field.declaration.unit else ""
    return kind | {"description": f"{field.label}{unit}{note}"}


def _is_coded(field: EntityField) -> bool:
    return field.name.endswith("_code") and bool(codes_of(field.name))
