"""Pieces of SQL: parameters, names of rows, and JSON put together from constants and expressions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from schema.declare import EntityField
from schema.plan.marks import MARKS
from schema.plan.values import OfCaller, OfRow, Value
from schema.provider import Provider
from schema.reach import Sight

#: PostgreSQL's concat takes at most 100 arguments
_MOST_ARGUMENTS = 90
_ESCAPES = str.maketrans({"'": "''", "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_TYPES: dict[type, str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    Decimal: "numeric",
    date: "date",
    datetime: "timestamptz",
}


@dataclass(frozen=True, slots=True)
class Sql:
    """An expression that gives a piece of JSON text; a plain `str` beside it is a piece that is the same always."""

    text: str


Piece = str | Sql


@dataclass(slots=True)
class Writer:
    """What a statement has gathered so far: its values, numbered as they come, and names of rows."""

    #: how far its caller sees
    sight: Sight
    values: list[Value] = field(default_factory=list)
    #: values that stand nowhere in the statement and must make sense all the same
    checked: list[Value] = field(default_factory=list)
    #: the row of several kinds whose columns stand for values, while something of it is shown
    of_several: "Row | None" = None
    #: whose rows are shown, each with its mark (`schema.plan.marks`)
    providers: dict[Provider, str] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def add(self, value: Value, sql_type: str) -> str:
        """A parameter of a type, or a column that stands for one."""
        if isinstance(value, OfRow) and self.of_several is not None:
            return self.of_several.column(value.column)
        if isinstance(value, OfCaller) and value in self.values:
            return f"${self.values.index(value) + 1}::{sql_type}"
        self.values.append(value)
        return f"${len(self.values)}::{sql_type}"

    def add_for(self, column: EntityField, value: Value) -> str:
        """A parameter to compare a column with."""
        return self.add(value, type_of(column.python_type))

    def owned(self, provider: Provider, pieces: "list[Piece]") -> "list[Piece]":
        """Something made of a provider's row, marked as such."""
        return [self.providers.setdefault(provider, MARKS[len(self.providers)]), *pieces]

    def row(self) -> "Row":
        """A new name for a row."""
        return Row(f"t{next(self._numbers)}")


@dataclass(slots=True)
class Row:
    """A row by its name in the statement; it knows which of its columns were asked for."""

    name: str
    columns: dict[str, None] = field(default_factory=dict)

    def column(self, column: str) -> str:
        """A column of the row."""
        self.columns[column] = None
        return f"{self.name}.{column}"


def type_of(python_type: type) -> str:
    """The SQL type of a field's values."""
    return _TYPES[python_type]


def quoted(text: str) -> str:
    """A text of our own as an SQL literal; marks in it are written as escapes, so that statements can be read."""
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return "E'" + text.translate(_ESCAPES) + "'"


def concat(pieces: list[Piece]) -> str:
    """An expression for all pieces, one after the other; never nothing."""
    arguments: list[str] = []
    constant = ""
    for piece in pieces:
        if isinstance(piece, str):
            constant += piece
            continue
        if constant:
            arguments.append(quoted(constant))
        constant = ""
        arguments.append(piece.text)
    if constant:
        arguments.append(quoted(constant))
    return _nested(arguments)


def an_object(members: list[tuple[str, list[Piece]]]) -> list[Piece]:
    """A JSON object of its members."""
    pieces: list[Piece] = ["{"]
    for at, (key, value) in enumerate(members):
        pieces += [f'{"," if at else ""}"{key}":', *value]
    return [*pieces, "}"]


def or_null(expression: str) -> Sql:
    """JSON's null where the expression gives nothing."""
    return Sql(f"coalesce({expression},'null')")


def _nested(arguments: list[str]) -> str:
    if len(arguments) > _MOST_ARGUMENTS:
        parts = [arguments[at : at + _MOST_ARGUMENTS] for at in range(0, len(arguments), _MOST_ARGUMENTS)]
        arguments = [_nested(part) for part in parts]
    return f"concat({', '.join(arguments)})"
