"""Pages of rows of several kinds, as one expression of JSON."""

from collections.abc import Callable
from dataclasses import dataclass

from schema.plan.nodes import (
    Changes,
    Cursor,
    Edges,
    Hits,
    Info,
    Mark,
    Mixed,
    Nodes,
    Part,
    RowParts,
    Told,
    Word,
)
from schema.plan.sql.changes import change_cursor, change_rows, last_place
from schema.plan.sql.hits import hit_cursor, hit_rows
from schema.plan.sql.places import ONE_ROW, Numbered, listed, standing
from schema.plan.sql.text import Piece, Row, Sql, Writer, an_object, concat
from schema.provider import Provider

Members = Callable[[Writer, tuple[Part, ...], Row | None], list[Piece]]


def a_mixed_page(writer: Writer, page: Mixed, members: Members) -> str:
    """The page as a JSON object. `members` renders what is shown of one row."""
    found = _MixedWriter(writer, page, writer.row(), members)
    shown = concat(found.shown())
    return f"(SELECT {shown} FROM ({found.rows()}) {found.row.name}{ONE_ROW})"


def a_pushed_page(writer: Writer, page: Mixed, members: Members) -> str:
    """A statement for a subscription: the payload's bytes, the page's last cursor, its length, whether more follow."""
    found = _MixedWriter(writer, page, writer.row(), members)
    payload = concat(an_object([("data", an_object([(page.key, found.shown())]))]))
    numbered = found.numbered
    return (
        f"SELECT convert_to({payload}, 'UTF8') AS payload, {found.end()} AS last, coalesce(max({found.row.name}.c), 0)"
        f" AS length, {numbered.has_more()} AS more FROM ({found.rows()}) {found.row.name}"
    )


@dataclass(frozen=True, slots=True)
class _MixedWriter:
    writer: Writer
    page: Mixed
    row: Row
    members: Members

    @property
    def numbered(self) -> Numbered:
        """The page's rows."""
        return Numbered(self.row.name, self.page.rows.size)

    def shown(self) -> list[Piece]:
        """The page as a JSON object."""
        self.writer.of_several = self.row
        try:
            return an_object([(part.key, self._part(part)) for part in self.page.parts])
        finally:
            self.writer.of_several = None

    def rows(self) -> str:
        """The page's rows, numbered, with the columns that `shown` names."""
        rows = self.page.rows
        if isinstance(rows, Hits):
            return hit_rows(self.writer, rows)
        return change_rows(self.writer, rows, self.row)

    def end(self) -> str:
        """The cursor to go on from: of the last row, or where there is none, of where the page began."""
        last = self.numbered.at_edge(self._cursor(), last=True)
        rows = self.page.rows
        return last if isinstance(rows, Hits) else f"coalesce({last}, {last_place(self.writer, rows)})"

    def _part(self, part: Word | Edges | Nodes | Info) -> list[Piece]:
        match part:
            case Word(_, text):
                return [f'"{text}"']
            case Edges(_, parts):
                edge = an_object([(each.key, self._of_edge(each)) for each in parts])
                return listed(self._owned(edge), self.numbered)
            case Nodes(_, parts):
                return listed(self._owned(self.members(self.writer, parts, self.row)), self.numbered)
            case Info(_, parts):
                return an_object([(each.key, self._told(each)) for each in parts])

    def _owned(self, pieces: list[Piece]) -> list[Piece]:
        """That there is a change or a hit, the hub found out; what it leads to is its provider's."""
        return self.writer.owned(Provider.HUB, pieces)

    def _of_edge(self, part: Word | Cursor | RowParts) -> list[Piece]:
        match part:
            case Word(_, text):
                return [f'"{text}"']
            case Cursor():
                return ['"', Sql(self._cursor()), '"']
            case RowParts(_, parts):
                return self.members(self.writer, parts, self.row)

    def _told(self, part: Word | Told) -> list[Piece]:
        if isinstance(part, Word):
            return [f'"{part.text}"']
        rows = self.page.rows
        if part.mark is Mark.END and isinstance(rows, Changes):
            return ['"', Sql(self.end()), '"']
        begins = rows.after if isinstance(rows, Hits) else rows.since
        began_later = "true" if begins is not None else None
        return standing(part.mark, self.numbered, self._cursor, lambda: began_later)

    def _cursor(self) -> str:
        rows = self.page.rows
        return hit_cursor(self.row) if isinstance(rows, Hits) else change_cursor(rows, self.row)
