"""Finding the row that names the columns, and the layout it belongs to."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.manifest import Layout
from connectors.readers import refusals

#: so many rows are searched; titles, notes and units above a header take a handful
SEARCHED_ROWS = 50
#: the widest public layout (National Medical Insurance code table) has under 50 columns
MAX_COLUMNS = 2_000

_BLANKS = re.compile(r"[\s\ufeff\u200b]+")
_NOTE = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")


@dataclass(frozen=True, slots=True)
class Header:
    """A row read as the header of a layout."""

    layout: Layout
    #: row of the file, first = 1
    row_number: int
    #: the header texts as the file writes them
    cells: tuple[str, ...]
    #: field → the columns (from 0) which claim to be it
    claims: dict[str, tuple[int, ...]]

    @property
    def missing(self) -> list[str]:
        """Required columns that are not there, as the manifest first names them."""
        return [self.layout.headers[name][0] for name in self.layout.required if name not in self.claims]

    @property
    def duplicate(self) -> tuple[str, str] | None:
        """Two headers which claim one field."""
        doubles = (columns for columns in self.claims.values() if len(columns) > 1)
        return next(((self.cells[first], self.cells[second]) for first, second, *_ in doubles), None)

    @property
    def columns(self) -> dict[str, int]:
        """Field → its column."""
        return {name: columns[0] for name, columns in self.claims.items()}

    @property
    def headers(self) -> dict[str, str]:
        """Field → header text as the file writes it."""
        return {name: self.cells[column] for name, column in self.columns.items()}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers that no field claims."""
        claimed = {column for columns in self.claims.values() for column in columns}
        return tuple(cell for column, cell in enumerate(self.cells) if column not in claimed and fold(cell))

    def is_named(self, column: int) -> bool:
        """Whether a column (from 0) has a header at all."""
        return column < len(self.cells) and bool(fold(self.cells[column]))

    @property
    def rank(self) -> tuple[float, ...]:
        """The higher the likelier: whole before partial, upper rows before lower, more columns before fewer."""
        is_whole = not self.missing
        return (
            is_whole,
            -self.row_number if is_whole else 0,
            self.duplicate is None,
            -len(self.missing) / max(1, len(self.layout.required)),
            len(self.claims),
            sum(1 for cell in self.cells if fold(cell)),
            -self.row_number,
        )


def fold(header: str) -> str:
    """Fold a header for comparison: NFKC, no blanks, no case, no asterisk that marks a required column."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", header)).casefold().strip("*")


def match(cells: Sequence[str], layout: Layout, row_number: int) -> Header:
    """Read a row as a header of a layout: which columns claim which field.

    A header that fits whole goes before one that fits without its bracketed note.
    """
    whole = [fold(cell) for cell in cells]
    noteless = [fold(_NOTE.sub("", text)) for text in whole]
    claims: dict[str, tuple[int, ...]] = {}
    for name, aliases in layout.headers.items():
        wanted = {fold(alias) for alias in aliases}
        claims[name] = _where(whole, wanted) or _where(noteless, wanted)
    return Header(
        layout, row_number, tuple(cells), {name: columns for name, columns in claims.items() if columns}
    )


def _where(texts: Sequence[str], wanted: set[str]) -> tuple[int, ...]:
    return tuple(column for column, text in enumerate(texts) if text in wanted)


def nearest_header(rows: Iterable[Sequence[str]], layouts: Sequence[Layout]) -> Header:
    """Return the likeliest header among rows, which may still lack columns; `settle` decides. Needs a row."""
    return max(
        (
            match(cells[: MAX_COLUMNS + 1], layout, row_number)
            for row_number, cells in enumerate(rows, 1)
            for layout in layouts
        ),
        key=lambda header: header.rank,
    )


def settle(header: Header) -> Header:
    """Return a header that is whole. Raises RefusedFileError saying what is wrong with any other."""
    missing = header.missing
    if len(missing) * 2 > len(header.layout.required):
        seen = [cell.strip() for cell in header.cells if fold(cell)]
        raise refusals.no_header(missing, seen, header.row_number)
    if missing:
        raise refusals.column_missing(missing, header.row_number)
    if len(header.cells) > MAX_COLUMNS:
        raise refusals.too_many_columns(MAX_COLUMNS, header.row_number)
    if double := header.duplicate:
        raise refusals.duplicate_column(*double, header.row_number)
    return header
