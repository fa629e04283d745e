"""The count of a delimited text's rows: numbers for the good ones, faults for those Arrow cannot cut."""

from bisect import bisect_left
from typing import Literal

import polars as pl
import pyarrow.csv as pa_csv

from connectors.frame import RefusedFileError, RowFault
from connectors.readers import refusals
from connectors.readers.cells import first_cell, is_total_text
from connectors.readers.records import cut
from connectors.readers.table import shown
from schema.declare import Label

#: so many rows of the wrong width in succession, and the file as a whole is wrong; keeps memory flat
MAX_FAULTS_IN_SUCCESSION = 100_000

_END = "\U0010ffff"


def end_row(delimiter: str, width: int) -> str:
    """Return the row put behind a text: one cell too many, each a noncharacter that no text holds.

    Where it does not come back as a row, an unclosed quote has swallowed it, and with it the end of the file.
    """
    return delimiter.join([_END] * (width + 1))


class Ledger:
    """Numbers the rows below a header, as Arrow hands over good rows by batches and bad ones one by one, ahead."""

    def __init__(self, header_row: int, delimiter: str) -> None:
        self._header_row = header_row
        self._delimiter = delimiter
        self._next = header_row + 1
        #: row number → its fault, or None for a row left out by rule; ascending
        self._aside: dict[int, RowFault | None] = {}
        self._succession = 0
        self._last_aside = 0
        #: whether the end row came back
        self.has_ended = False
        #: why reading was broken off, if it was
        self.uneven: RefusedFileError | None = None

    def set_aside(self, row: pa_csv.InvalidRow) -> Literal["skip", "error"]:
        """Take note of a row with too few or too many cells; Arrow's invalid_row_handler."""
        if row.text == end_row(self._delimiter, row.expected_columns):
            self.has_ended = True
            return "skip"
        number = self._header_row + row.number
        self._succession = self._succession + 1 if number == self._last_aside + 1 else 1
        self._last_aside = number
        if self._succession > MAX_FAULTS_IN_SUCCESSION:
            first = number - MAX_FAULTS_IN_SUCCESSION
            self.uneven = refusals.uneven_rows(first, row.expected_columns, row.actual_columns)
            return "error"
        cell = first_cell(cut(row.text, self._delimiter))
        self._aside[number] = None if cell is None or is_total_text(cell) else _fault(row, number)
        return "skip"

    def number(self, count: int) -> pl.Series:
        """Return the row numbers of the next `count` good rows: those that were not set aside."""
        aside = list(self._aside)
        below = bisect_left(aside, self._next)
        end = self._next + count
        while end != (stretched := self._next + count + bisect_left(aside, end) - below):
            end = stretched
        numbers = pl.int_range(self._next, end, dtype=pl.Int32, eager=True)
        gaps = pl.Series(aside[below : bisect_left(aside, end)], dtype=pl.Int32)
        self._next = end
        return numbers.filter(~numbers.is_in(gaps.implode())).rename("row_number")

    def settle(self, last_row: int | None = None) -> tuple[list[RowFault], int]:
        """Hand over the faults up to a row (None: all that are left), and how many rows were left out by rule."""
        aside = list(self._aside)
        numbers = aside if last_row is None else aside[: bisect_left(aside, last_row)]
        settled = [self._aside.pop(number) for number in numbers]
        faults = [fault for fault in settled if fault is not None]
        return faults, len(settled) - len(faults)


def _fault(row: pa_csv.InvalidRow, number: int) -> RowFault:
    expected, found = row.expected_columns, row.actual_columns
    if found < expected:
        return RowFault(number, "row.too_few_cells", None, shown(row.text), _too_few(expected, found))
    return RowFault(number, "row.too_many_cells", None, shown(row.text), _too_many(expected, found))


def _too_few(expected: int, found: int) -> Label:
    return Label(
        f"这一行只有 {found} 格，表头有 {expected} 格。请检查是否漏了分隔符，或行被截断、单元格内有换行。",
        f"This row has {found} cells, the header {expected}. A delimiter is missing, or the row was cut.",
    )


def _too_many(expected: int, found: int) -> Label:
    return Label(
        f"这一行有 {found} 格，表头只有 {expected} 格。单元格内含分隔符时，请给该格加英文双引号。",
        f"This row has {found} cells, the header {expected}. Put a cell that holds the delimiter in double quotes.",
    )
