"""XLSX and XLS as a table: the first sheet under whose titles a header is found, its cells as text."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import python_calamine as calamine

from connectors.frame import Chunk
from connectors.manifest import Layout
from connectors.readers import refusals
from connectors.readers.header import SEARCHED_ROWS, Header, nearest_header, settle
from connectors.readers.sniff import OLE_MAGIC
from connectors.readers.table import DEFAULT_ROWS, ROW_NUMBER, Table, column, make_chunk
from connectors.readers.unpack import is_gzip, open_unpacked
from connectors.readers.workbook import (
    MAX_WORKBOOK_BYTES,
    PACKAGE_ERRORS,
    check_package,
    scan_sheet,
    sheet_parts,
)

#: Excel keeps 15 digits; what a binary fraction shows beyond them is noise
_DIGITS = 15


class Sheet:
    """One sheet, its rows as text, each as wide as the sheet."""

    def __init__(self, sheet: calamine.CalamineSheet, errors: dict[tuple[int, int], str]) -> None:
        self._sheet = sheet
        self._errors = errors
        self._left = sheet.start[1] if sheet.start else 0

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows from the sheet's first on; calamine drops empty columns on the left, here they are back."""
        with_errors = {row for row, _ in self._errors}
        for number, values in enumerate(self._sheet.iter_rows() if self._sheet.start else (), 1):
            cells = [""] * self._left + [cell_text(value) for value in values]
            if number in with_errors:
                cells = [self._errors.get((number, place), cell) for place, cell in enumerate(cells)]
            yield cells


class SpreadsheetTable(Table):
    """A sheet under a header that was found. It is held in memory: a sheet ends at a million rows."""

    def __init__(self, path: Path, header: Header, sheet: Sheet) -> None:
        super().__init__(path, header, encoding=None)
        self._sheet = sheet

    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the rows below the header; see `Table.chunks`."""
        below = islice(enumerate(self._sheet.rows(), 1), self._header.row_number, None)
        while batch := list(islice(below, rows)):
            numbers = pl.Series([number for number, _ in batch], dtype=pl.Int32)
            cells = {
                column(place): pl.Series([row[place] for _, row in batch], dtype=pl.String)
                for place in range(len(self._header.cells))
            }
            yield make_chunk(pl.DataFrame({ROW_NUMBER: numbers, **cells}), self._header, [], skipped=0)


def open_spreadsheet(path: Path, layouts: Sequence[Layout]) -> SpreadsheetTable:
    """Open a workbook at the first sheet that has a header. Raises RefusedFileError."""
    header, sheet = _choose(path, layouts)
    settle(header)
    if not any(any(cell.strip() for cell in row) for row in islice(sheet.rows(), header.row_number, None)):
        raise refusals.no_rows(header.row_number)
    return SpreadsheetTable(path, header, sheet)


def _choose(path: Path, layouts: Sequence[Layout]) -> tuple[Header, Sheet]:
    nearest: tuple[Header, Sheet] | None = None
    for sheet in sheets(path):
        head = list(islice(sheet.rows(), SEARCHED_ROWS))
        if not head:
            continue
        header = nearest_header(head, layouts)
        if not header.missing:
            return header, sheet
        if nearest is None or header.rank > nearest[0].rank:
            nearest = header, sheet
    if nearest is None:
        raise refusals.empty()
    return nearest


def spreadsheet_row(path: Path, row_number: int, layouts: Sequence[Layout]) -> str:
    """Return a row's cells joined by tabs, of the sheet that `layouts` pick or the first that is not empty.

    Raises LookupError beyond the last row, and RefusedFileError.
    """
    filled = (sheet for sheet in sheets(path) if next(sheet.rows(), None))
    sheet = _choose(path, layouts)[1] if layouts else next(filled, None)
    row = next(islice(sheet.rows(), row_number - 1, row_number), None) if sheet else None
    if row is None:
        raise LookupError(f"{path.name} has no row {row_number}")
    return "\t".join(row)


def sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of a workbook in their order. Raises RefusedFileError where it does not open."""
    with _open_seekable(path) as file, _refusing_broken():
        is_xlsx = file.read(len(OLE_MAGIC)) != OLE_MAGIC
        if is_xlsx:
            check_package(file, path.stat().st_size)
        parts = sheet_parts(file) if is_xlsx else {}
        file.seek(0)
        workbook = calamine.CalamineWorkbook.from_filelike(file)
        names = [
            sheet.name for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        for name in names:
            errors = scan_sheet(file, parts[name]) if is_xlsx else {}
            yield Sheet(workbook.get_sheet_by_name(name), errors)


def _open_seekable(path: Path) -> BinaryIO:
    """Open a workbook for reading to and fro; a packed one is unpacked into memory."""
    if not is_gzip(path):
        return path.open("rb")
    with open_unpacked(path) as packed:
        unpacked = packed.read(MAX_WORKBOOK_BYTES + 1)
    if len(unpacked) > MAX_WORKBOOK_BYTES:
        raise refusals.too_large_unpacked(MAX_WORKBOOK_BYTES)
    return io.BytesIO(unpacked)


@contextmanager
def _refusing_broken() -> Iterator[None]:
    try:
        yield
    except (calamine.CalamineError, *PACKAGE_ERRORS) as error:
        raise refusals.broken_spreadsheet() from error


def cell_text(value: Any) -> str:
    """Return a cell's value as a person sees it: numbers without `.0`, dates and times as ISO 8601."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return _number_text(value)
        case dt.datetime():
            return value.isoformat(timespec="seconds")
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(value.isoformat())


def _number_text(value: float) -> str:
    if float(value).is_integer():
        return str(int(value))
    return format(Decimal(f"{value:.{_DIGITS}g}"), "f")
