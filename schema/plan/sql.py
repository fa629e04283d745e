"""A page as SQL: text with parameters, and their values. Names come from declared entities only."""

from collections.abc import Callable
from typing import Any

from schema.declare import Entity, EntityField, graph_fields
from schema.entities.fact import OPEN_END, live_now
from schema.plan.nodes import Condition, Operator, Order, Page

#: characters that LIKE reads as patterns
_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class _Values:
    """Parameter values, numbered as they come."""

    def __init__(self) -> None:
        self.all: list[Any] = []

    def add(self, value: Any) -> str:
        self.all.append(value)
        return f"${len(self.all)}"


def render_page(page: Page) -> tuple[str, list[Any]]:
    """The rows of a page, and one more if there is one, so that the caller sees whether more follow."""
    values = _Values()
    where = _where(page, values)
    if page.after is not None:
        where.append(_after(page.order, page.after, values))
    order = ", ".join(f"{each.column}{' DESC' if each.descending else ''}" for each in page.order)
    limit = values.add(page.first + 1)
    return f"{_select(page.entity)}{_all_of(where)} ORDER BY {order} LIMIT {limit}", values.all


def render_count(page: Page) -> tuple[str, list[Any]]:
    """How many rows satisfy the page's conditions, on this page or others."""
    values = _Values()
    where = _where(page, values)
    return f"SELECT count(*) FROM {page.entity.__tablename__}{_all_of(where)}", values.all


def render_lookup(entity: type[Entity], column: str, wanted: list[Any]) -> tuple[str, list[Any]]:
    """The rows whose column has one of the wanted values."""
    where = [*_live(entity), f"{column} = ANY($1)"]
    return f"{_select(entity)}{_all_of(where)}", [wanted]


def _select(entity: type[Entity]) -> str:
    columns = ", ".join(_shown(field) for field in graph_fields(entity))
    return f"SELECT {columns} FROM {entity.__tablename__}"


def _shown(field: EntityField) -> str:
    if field.declaration.is_open_ended:
        return f"nullif({field.name}, '{OPEN_END}') AS {field.name}"
    return field.name


def _live(entity: type[Entity]) -> list[str]:
    return [live_now()] if entity.about.temporal else []


def _where(page: Page, values: _Values) -> list[str]:
    return _live(page.entity) + [_CONDITIONS[each.operator](each, values) for each in page.conditions]


def _all_of(where: list[str]) -> str:
    return f" WHERE {' AND '.join(where)}" if where else ""


def _after(order: tuple[Order, ...], after: tuple[Any, ...], values: _Values) -> str:
    """Rows past a given one: (a > x) or (a = x and b > y) or …, each with its own direction."""
    marks = [values.add(value) for value in after]
    ways = []
    for position, each in enumerate(order):
        same = [f"{order[i].column} = {marks[i]}" for i in range(position)]
        past = f"{each.column} {'<' if each.descending else '>'} {marks[position]}"
        ways.append(f"({' AND '.join([*same, past])})")
    return f"({' OR '.join(ways)})"


def _compare(sign: str) -> Callable[[Condition, _Values], str]:
    return lambda each, values: f"{each.column} {sign} {values.add(each.value)}"


def _like(before: str, after: str) -> Callable[[Condition, _Values], str]:
    def render(each: Condition, values: _Values) -> str:
        pattern = f"{before}{str(each.value).translate(_LIKE)}{after}"
        return f"{each.column} ILIKE {values.add(pattern)}"

    return render


def _within(each: Condition, values: _Values) -> str:
    lo, hi = each.value
    return f"{each.column} >= {values.add(lo)} AND {each.column} < {values.add(hi)}"


_CONDITIONS: dict[Operator, Callable[[Condition, _Values], str]] = {
    Operator.EQ: _compare("="),
    Operator.GTE: _compare(">="),
    Operator.LTE: _compare("<="),
    Operator.IN: lambda each, values: f"{each.column} = ANY({values.add(each.value)})",
    Operator.CONTAINS: _like("%", "%"),
    Operator.STARTS_WITH: _like("", "%"),
    Operator.IS_NULL: lambda each, _values: f"{each.column} IS {'' if each.value else 'NOT '}NULL",
    Operator.WITHIN: _within,
}
