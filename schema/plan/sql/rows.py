"""Which rows: sources in their time, conditions, orders, and places in an order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schema.declare import Entity, EntityField, field_of
from schema.entities.fact import OPEN_END, holds_by_clock, live_now
from schema.plan.nodes import (
    All,
    AnyOf,
    Compare,
    Join,
    Not,
    Operator,
    Order,
    Related,
    Source,
    Tie,
    Times,
    Where,
)
from schema.plan.sql.reach import seen
from schema.plan.sql.text import Row, Writer, type_of
from schema.plan.values import Value, converted
from schema.regions import COUNTRY_CODE, code_range

#: characters that LIKE reads as patterns
_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
#: the last character there is: every text that begins with another text comes before that text and this
_LAST = "\U0010ffff"
#: the digits that a division and all below it share
_PREFIX = "regexp_replace({0}, '(00)+$', '')"


@dataclass(frozen=True, slots=True)
class Rows:
    """Where rows come from, and what they must satisfy."""

    tables: str
    conditions: tuple[str, ...]

    def among(self, *conditions: str) -> "Rows":
        """Those for which these hold too."""
        return Rows(self.tables, (*self.conditions, *conditions))

    def __str__(self) -> str:
        """FROM and WHERE."""
        return f"FROM {self.tables}{_all(self.conditions)}"


def rows_of(writer: Writer, source: Source, row: Row, outer: Row | None) -> Rows:
    """The rows of a source that the caller sees, each named `row`; `outer` is the row that its joins tie it to."""
    table, conditions = _in_time(writer, source.entity, source.times, row)
    conditions += seen(writer, source.entity, row)
    conditions += [_tied(join, row, outer) for join in source.joins if outer is not None]
    conditions += _asked(writer, source.where, row)
    return Rows(table, tuple(conditions))


def beside(writer: Writer, rows: Rows, source: Source, row: Row, outer: Row) -> Rows:
    """Each row with the one row of a source that is tied to `outer`, where there is one."""
    other, key = rows_of(writer, source, row, outer), source.entity.about.key
    if [join.remote for join in source.joins] == [*key]:
        joined = f"{other.tables} ON {' AND '.join(other.conditions)}"
    else:  # several may fit: the first by key is taken
        order = in_order(row, tuple(Order(column) for column in key))
        joined = f"LATERAL (SELECT {row.name}.* {other} ORDER BY {order} LIMIT 1) {row.name} ON true"
    return Rows(f"{rows.tables} LEFT JOIN {joined}", rows.conditions)


def in_order(row: Row, order: tuple[Order, ...], *, backward: bool = False) -> str:
    """The columns to sort by; backward: from the end."""
    return ", ".join(
        f"{row.column(each.column)}{' DESC' if each.descending is not backward else ''}" for each in order
    )


def past(
    writer: Writer,
    columns: Sequence[tuple[str, bool, bool, str]],
    place: tuple[Value, ...],
    *,
    backward: bool = False,
) -> str:
    """Whether a row comes after a place in an order; backward: before it.

    `columns`: expression, whether it descends, whether it may be nothing, SQL type. Nothing is the greatest.
    """
    marks = [writer.add(value, sql_type) for value, (_, _, _, sql_type) in zip(place, columns, strict=True)]
    downs = [descends is not backward for _, descends, _, _ in columns]
    if len(set(downs)) == 1 and not any(nullable for _, _, nullable, _ in columns):
        names = ", ".join(expression for expression, *_ in columns)
        return f"({names}) {'<' if downs[0] else '>'} ({', '.join(marks)})"
    ways = []
    for at, (expression, _, nullable, _) in enumerate(columns):
        same = [_same(columns[i][0], marks[i], nullable=columns[i][2]) for i in range(at)]
        ways.append(" AND ".join([*same, _beyond(expression, marks[at], down=downs[at], nullable=nullable)]))
    return f"({' OR '.join(f'({way})' for way in ways)})"


def place_columns(
    entity: type[Entity], order: tuple[Order, ...], row: Row
) -> list[tuple[str, bool, bool, str]]:
    """The columns of an order, for `past`."""
    fields = [(field_of(entity, each.column), each.descending) for each in order]
    return [
        (row.column(field.name), down, field.nullable, type_of(field.python_type)) for field, down in fields
    ]


def _same(expression: str, mark: str, *, nullable: bool) -> str:
    return f"{expression} {'IS NOT DISTINCT FROM' if nullable else '='} {mark}"


def _beyond(expression: str, mark: str, *, down: bool, nullable: bool) -> str:
    plain = f"{expression} {'<' if down else '>'} {mark}"
    if not nullable:
        return plain
    nothing = (expression, mark) if not down else (mark, expression)
    return f"({plain} OR ({nothing[0]} IS NULL AND {nothing[1]} IS NOT NULL))"


def _in_time(writer: Writer, entity: type[Entity], times: Times, row: Row) -> tuple[str, list[str]]:
    """A fact's table, and what its rows must satisfy to count. Other entities have no past: it is as it is now."""
    table = str(entity.__tablename__)
    if not entity.about.temporal:
        return f"{table} {row.name}", []
    is_now = times.as_of is None and times.known_at is None and not times.periods
    if is_now and not entity.about.may_be_ahead:
        return f"{table} {row.name}", [live_now(row.name)]
    if times.periods:
        return f"{table} {row.name}", _known(writer, times, f"{row.name}.")
    # live rows and others have indexes of their own, so that each half finds its rows by one
    halves = (live_now(), f"NOT ({live_now()})")
    held = _held(writer, entity, times)
    found = (f"SELECT * FROM {table}{_all([half, *held, *_known(writer, times)])}" for half in halves)
    return f"({' UNION ALL '.join(found)}) {row.name}", []


def _held(writer: Writer, entity: type[Entity], times: Times) -> list[str]:
    if times.as_of is None:
        return [holds_by_clock()] if entity.about.may_be_ahead else [f"valid_to = '{OPEN_END}'"]
    at = writer.add(times.as_of, "timestamptz")
    return [f"valid_from <= {at}", f"valid_to > {at}"]


def _known(writer: Writer, times: Times, dot: str = "") -> list[str]:
    if times.known_at is None:
        return [f"{dot}superseded_at = '{OPEN_END}'"]
    at = writer.add(times.known_at, "timestamptz")
    return [f"{dot}recorded_at <= {at}", f"{dot}superseded_at > {at}"]


def _tied(join: Join, row: Row, outer: Row) -> str:
    here, there = row.column(join.remote), outer.column(join.local)
    match join.tie:
        case Tie.EQUAL:
            return f"{here} = {there}"
        case Tie.BELOW:
            prefix = _PREFIX.format(there)
            return f"{here} >= {prefix} AND {here} < {prefix} || '~'"
        case Tie.ABOVE:
            above = f"ARRAY['{COUNTRY_CODE}', left({there}, 2) || '0000', left({there}, 4) || '00']"
            return f"{here} = ANY({above}) AND {here} <> {there}"
        case Tie.PROVINCE:
            return f"{here} = left({there}, 2)"


def _asked(writer: Writer, where: Where, row: Row) -> list[str]:
    """Conditions that all hold."""
    if isinstance(where, All):
        return [text for part in where.parts for text in _asked(writer, part, row)]
    return [_condition(writer, where, row)]


def _condition(writer: Writer, where: Where, row: Row) -> str:
    match where:
        case Compare(field, operator, value):
            return _COMPARE[operator](writer, row.column(field.name), field, value)
        case All(parts):
            return _joined([_condition(writer, part, row) for part in parts], " AND ", "true")
        case AnyOf(parts):
            return _joined([_condition(writer, part, row) for part in parts], " OR ", "false")
        case Not(part):
            return f"({_condition(writer, part, row)}) IS NOT TRUE"
        case Related(entity, times, joins, inner):
            there = writer.row()
            return f"EXISTS (SELECT {rows_of(writer, Source(entity, times, joins, inner), there, row)})"


def _joined(parts: list[str], word: str, empty: str) -> str:
    return f"({word.join(parts)})" if parts else empty


def _all(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


Comparison = Callable[[Writer, str, EntityField, Value], str]


def _sign(sign: str) -> Comparison:
    return lambda writer, column, field, value: f"{column} {sign} {writer.add_for(field, value)}"


def _is_in(writer: Writer, column: str, field: EntityField, value: Value) -> str:
    return f"{column} = ANY({writer.add(value, type_of(field.python_type) + '[]')})"


def _contains(writer: Writer, column: str, _field: EntityField, value: Value) -> str:
    pattern = converted(value, lambda text: f"%{text.translate(_LIKE)}%")
    return f"{column} ILIKE {writer.add(pattern, 'text')}"


def _between(low: Callable[[Any], str], high: Callable[[Any], str]) -> Comparison:
    """A range of texts, which an index finds where LIKE with a parameter does not."""

    def render(writer: Writer, column: str, _field: EntityField, value: Value) -> str:
        lo, hi = writer.add(converted(value, low), "text"), writer.add(converted(value, high), "text")
        return f"{column} >= {lo} AND {column} < {hi}"

    return render


def _is_null(_writer: Writer, column: str, _field: EntityField, value: Value) -> str:
    return f"{column} IS {'' if value.bind({}) else 'NOT '}NULL"


_COMPARE: dict[Operator, Comparison] = {
    Operator.EQ: _sign("="),
    Operator.GTE: _sign(">="),
    Operator.LTE: _sign("<="),
    Operator.IN: _is_in,
    Operator.CONTAINS: _contains,
    Operator.STARTS_WITH: _between(str, lambda text: text + _LAST),
    Operator.IS_NULL: _is_null,
    Operator.WITHIN: _between(lambda code: code_range(code)[0], lambda code: code_range(code)[1]),
}
