"""Where rows stand in their page: cursors, and whether more rows come before or after."""

from collections.abc import Callable
from dataclasses import dataclass

from schema.plan.nodes import Mark
from schema.plan.sql.text import Piece, Sql, concat, or_null, quoted

#: makes one row of all rows, also where nothing of them is asked for (`pageInfo { __typename }`)
ONE_ROW = " HAVING true"


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows of a page with their number `n` in the order they were found in, and how many there are (`c`).

    One row more than the page has (`size`) may be among them; backward: they are found from the end.
    """

    row: str
    size: int
    backward: bool = False

    def listed(self, item: str) -> str:
        """The items of the page's rows, joined by commas."""
        order = f"{self.row}.n{' DESC' if self.backward else ''}"
        return f"string_agg({item}, ',' ORDER BY {order}) FILTER (WHERE {self.row}.n <= {self.size})"

    def has_more(self) -> str:
        """Whether there are rows beyond the page, where it ends."""
        return f"coalesce(max({self.row}.c), 0) > {self.size}"

    def at_edge(self, expression: str, *, last: bool) -> str:
        """An expression's value in the last or first row of the page, as found."""
        which = f"least({self.row}.c, {self.size})" if last else f"least(1, {self.size})"
        return f"max({expression}) FILTER (WHERE {self.row}.n = {which})"


def listed(pieces: list[Piece], numbered: Numbered | None) -> list[Piece]:
    """A JSON array with one item for each row."""
    # rows come in the order of the subquery, as PostgreSQL's manual says of aggregates over sorted subqueries
    item = concat(pieces)
    return ["[", Sql(numbered.listed(item) if numbered else f"string_agg({item}, ',')"), "]"]


def cursor(name: str, columns: list[str]) -> str:
    """The cursor of a row, as `schema.plan.cursor` writes it."""
    array = f"json_build_array({', '.join([quoted(name) + '::text', *columns])})::text"
    return f"translate(encode(convert_to({array}, 'UTF8'), 'base64'), E'+/\\n', '-_')"


def standing(
    mark: Mark, numbered: Numbered, cursor_of_row: Callable[[], str], outside: Callable[[], str | None]
) -> list[Piece]:
    """One thing told of where a page stands.

    `outside`: whether there are rows where the page was asked to begin; None: it begins where all begin.
    """
    if mark in (Mark.START, Mark.END):
        last = (mark is Mark.END) is not numbered.backward
        return [or_null(f"'\"' || {numbered.at_edge(cursor_of_row(), last=last)} || '\"'")]
    is_found_side = (mark is Mark.HAS_NEXT) is not numbered.backward
    condition = numbered.has_more() if is_found_side else outside()
    if condition is None:
        return ["false"]
    return [Sql(f"CASE WHEN {condition} THEN 'true' ELSE 'false' END")]
