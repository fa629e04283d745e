"""Pages: a page's rows and what is told of it, as one expression of JSON."""

from collections.abc import Callable
from dataclasses import dataclass

from schema.plan.cursor import order_name
from schema.plan.nodes import (
    Aggregate,
    Cursor,
    Edges,
    Groups,
    Info,
    Nodes,
    Page,
    PagePart,
    Part,
    RowParts,
    Told,
    Total,
    Word,
)
from schema.plan.sql.groups import aggregate, groups
from schema.plan.sql.places import ONE_ROW, Numbered, cursor, listed, standing
from schema.plan.sql.rows import in_order, past, place_columns, rows_of
from schema.plan.sql.text import Piece, Row, Sql, Writer, an_object, concat

Members = Callable[[Writer, tuple[Part, ...], Row | None], list[Piece]]


def a_page(
    writer: Writer, page: Page, parts: tuple[PagePart, ...], outer: Row | None, members: Members
) -> str:
    """The page as a JSON object. `members` renders what is shown of one row."""
    return _PageWriter(writer, page, outer, members).write(parts)


@dataclass(frozen=True, slots=True)
class _PageWriter:
    writer: Writer
    page: Page
    outer: Row | None
    members: Members

    def write(self, parts: tuple[PagePart, ...]) -> str:
        row = self.writer.row()
        numbered = Numbered(row.name, self.page.window.size, backward=self.page.window.backward)
        is_numbered = self.page.window.backward or any(isinstance(part, Info) for part in parts)
        shown = concat(
            an_object(
                [(part.key, self._part(part, row, numbered if is_numbered else None)) for part in parts]
            )
        )
        if not any(isinstance(part, Edges | Nodes | Info) for part in parts):
            window = self.page.window
            self.writer.checked += [*(window.after or ()), *(window.before or ())]
            return f"(SELECT {shown})"
        return f"(SELECT {shown} FROM ({self._rows(row, is_numbered=is_numbered)}) {row.name}{ONE_ROW})"

    def _part(self, part: PagePart, row: Row, numbered: Numbered | None) -> list[Piece]:
        match part:
            case Word(_, text):
                return [f'"{text}"']
            case Edges(_, parts):
                edge = an_object([(each.key, self._of_edge(each, row)) for each in parts])
                return listed(self._owned(edge), numbered)
            case Nodes(_, parts):
                return listed(self._owned(self.members(self.writer, parts, row)), numbered)
            case Info(_, parts) if numbered is not None:
                return an_object([(each.key, self._told(each, row, numbered)) for each in parts])
            case Total():
                counted = self.writer.row()
                rows = rows_of(self.writer, self.page.source, counted, self.outer)
                return [Sql(f"(SELECT count(*) {rows})")]
            case Aggregate():
                return [Sql(aggregate(self.writer, part, self.page.source, self.outer))]
            case Groups():
                return [Sql(groups(self.writer, part, self.page.source, self.outer, self.members))]
        raise TypeError(part)

    def _owned(self, pieces: list[Piece]) -> list[Piece]:
        return self.writer.owned(self.page.source.entity.about.provider, pieces)

    def _of_edge(self, part: Word | Cursor | RowParts, row: Row) -> list[Piece]:
        match part:
            case Word(_, text):
                return [f'"{text}"']
            case Cursor():
                return ['"', Sql(self._cursor(row)), '"']
            case RowParts(_, parts):
                return self.members(self.writer, parts, row)

    def _cursor(self, row: Row) -> str:
        name = order_name(self.page.source.entity, self.page.order)
        return cursor(name, [row.column(each.column) for each in self.page.order])

    def _told(self, part: Word | Told, row: Row, numbered: Numbered) -> list[Piece]:
        if isinstance(part, Word):
            return [f'"{part.text}"']
        return standing(part.mark, numbered, lambda: self._cursor(row), self._outside)

    def _outside(self) -> str | None:
        """Whether there are rows on the side where the page does not end but was asked to begin."""
        window = self.page.window
        place = window.before if window.backward else window.after
        if place is None:
            return None
        row = self.writer.row()
        rows = rows_of(self.writer, self.page.source, row, self.outer)
        columns = place_columns(self.page.source.entity, self.page.order, row)
        inside = past(self.writer, columns, place, backward=window.backward)
        return f"EXISTS (SELECT {rows.among(f'({inside}) IS NOT TRUE')})"

    def _rows(self, row: Row, *, is_numbered: bool) -> str:
        """The page's rows in order, and one more where it must be told whether more follow."""
        page, window = self.page, self.page.window
        columns = place_columns(page.source.entity, page.order, row)
        places = [
            past(self.writer, columns, place, backward=backward)
            for place, backward in ((window.after, False), (window.before, True))
            if place is not None
        ]
        rows = rows_of(self.writer, page.source, row, self.outer).among(*places)
        order = in_order(row, page.order, backward=window.backward)
        shown = ", ".join(f"{row.name}.{column}" for column in row.columns)
        limit = window.size + 1 if is_numbered else window.size
        found = f"SELECT {shown} {rows} ORDER BY {order} LIMIT {limit}"
        if not is_numbered:
            return found
        return (
            f"SELECT {row.name}.*, row_number() OVER (ORDER BY {order}) AS n, count(*) OVER () AS c"
            f" FROM ({found}) {row.name}"
        )
