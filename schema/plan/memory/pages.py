"""Pages: which rows stand on one, and what is told of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schema.plan.cursor import encode_cursor
from schema.plan.memory.groups import aggregate, groups
from schema.plan.memory.order import in_order, is_after, is_before
from schema.plan.memory.store import Memory, Row
from schema.plan.nodes import (
    Aggregate,
    Cursor,
    Edges,
    Groups,
    Info,
    Mark,
    Nodes,
    Page,
    PagePart,
    Part,
    RowParts,
    Told,
    Total,
    Word,
)

Members = Callable[[Memory, tuple[Part, ...], Row | None], dict[str, Any]]


def a_page(
    memory: Memory, page: Page, parts: tuple[PagePart, ...], outer: Row | None, members: Members
) -> dict[str, Any]:
    """The page as an object. `members` shows what is asked of one row."""
    found = _found(memory, page, outer)
    return {part.key: _part(memory, found, part, members) for part in parts}


@dataclass(frozen=True, slots=True)
class _Found:
    """A page: all rows of its source, and its own rows in order."""

    page: Page
    all: list[Row]
    rows: list[Row]
    #: whether there are more between the places that enclose it, on the side where it ends
    is_cut: bool
    #: whether there are rows on the side where it was asked to begin
    is_preceded: bool

    def cursor(self, row: Row) -> str:
        """Where a row stands."""
        return encode_cursor(self.page.source.entity, self.page.order, row)

    def told(self, mark: Mark) -> bool | str | None:
        """One thing told of where the page stands."""
        backward = self.page.window.backward
        match mark:
            case Mark.START:
                return self.cursor(self.rows[0]) if self.rows else None
            case Mark.END:
                return self.cursor(self.rows[-1]) if self.rows else None
            case Mark.HAS_NEXT:
                return self.is_preceded if backward else self.is_cut
            case Mark.HAS_PREVIOUS:
                return self.is_cut if backward else self.is_preceded


def _found(memory: Memory, page: Page, outer: Row | None) -> _Found:
    window, order = page.window, page.order
    rows = in_order(memory.rows(page.source, outer), order)
    later, earlier = rows, rows
    if window.after is not None:
        place = memory.bound(window.after)
        later = [row for row in rows if is_after(row, order, place)]
    if window.before is not None:
        place = memory.bound(window.before)
        earlier = [row for row in rows if is_before(row, order, place)]
    inside = [row for row in later if row in earlier]
    skipped = max(0, len(inside) - window.size)
    shown = inside[skipped:] if window.backward else inside[: window.size]
    begun = earlier if window.backward else later
    return _Found(page, rows, shown, skipped > 0, len(begun) < len(rows))


def _part(memory: Memory, found: _Found, part: PagePart, members: Members) -> Any:
    match part:
        case Word(_, text):
            return text
        case Edges(_, parts):
            return [
                {each.key: _of_edge(memory, found, each, row, members) for each in parts}
                for row in found.rows
            ]
        case Nodes(_, parts):
            return [members(memory, parts, row) for row in found.rows]
        case Info(_, parts):
            return {each.key: _told(found, each) for each in parts}
        case Total():
            return len(found.all)
        case Aggregate():
            return aggregate(memory, part, found.all)
        case Groups():
            return groups(memory, part, found.page.source, found.all, members)


def _told(found: _Found, part: Word | Told) -> Any:
    return part.text if isinstance(part, Word) else found.told(part.mark)


def _of_edge(
    memory: Memory, found: _Found, part: Word | Cursor | RowParts, row: Row, members: Members
) -> Any:
    match part:
        case Word(_, text):
            return text
        case Cursor():
            return found.cursor(row)
        case RowParts(_, parts):
            return members(memory, parts, row)
