"""XLSX and XLS as a table: the first sheet under whose titles a header is found, its cells as text."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from shutil import copyfileobj
from typing import IO, BinaryIO, cast

import polars as pl

from connectors.frame import Chunk
from connectors.manifest import Layout
from connectors.readers import refusals, sheet_child
from connectors.readers.header import SEARCHED_ROWS, Header, nearest_header, settle
from connectors.readers.sniff import OLE_MAGIC
from connectors.readers.table import DEFAULT_ROWS, ROW_NUMBER, Table, column
from connectors.readers.unpack import archive_of, is_packed, open_unpacked
from connectors.readers.workbook import (
    MAX_WORKBOOK_BYTES,
    PACKAGE_ERRORS,
    check_package,
    scan_sheet,
    sheet_parts,
)


class SpreadsheetTable(Table):
    """A sheet under a header that was found. A process beside this one holds it in memory, and streams it."""

    def __init__(self, path: Path, header: Header, sheet_number: int) -> None:
        super().__init__(path, header, encoding=None)
        self._sheet_number = sheet_number

    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the rows below the header; see `Table.chunks`."""
        with open_sheet(self.path, self._sheet_number) as sheet:
            below = islice(enumerate(sheet or (), 1), self.header.row_number, None)
            while batch := list(islice(below, rows)):
                yield self._make_chunk(self._frame(batch), [], skipped=0)

    def _frame(self, batch: list[tuple[int, list[str]]]) -> pl.DataFrame:
        numbers = pl.Series([number for number, _ in batch], dtype=pl.Int32)
        cells = {
            column(place): pl.Series([row[place] for _, row in batch], dtype=pl.String)
            for place in range(len(batch[0][1]))
        }
        return pl.DataFrame({ROW_NUMBER: numbers, **cells})


@dataclass(frozen=True, slots=True)
class _Candidate:
    sheet_number: int
    header: Header
    has_rows: bool


def open_spreadsheet(path: Path, layouts: Sequence[Layout]) -> SpreadsheetTable:
    """Open a workbook at the first sheet that has a header. Raises RefusedFileError."""
    chosen = _choose(path, layouts)
    header = settle(chosen.header)
    if not chosen.has_rows:
        raise refusals.no_rows(header.row_number)
    return SpreadsheetTable(path, header, chosen.sheet_number)


def spreadsheet_row(path: Path, row_number: int, layouts: Sequence[Layout]) -> str:
    """Return a row's cells joined by tabs, of the sheet that `layouts` pick or, without any, of the first.

    Raises LookupError beyond the last row, and RefusedFileError.
    """
    sheet_number = _choose(path, layouts).sheet_number if layouts else 0
    with open_sheet(path, sheet_number) as sheet:
        row = next(islice(sheet or (), row_number - 1, row_number), None)
    if row is None:
        raise LookupError(f"{path.name} has no row {row_number}")
    return "\t".join(row)


def _choose(path: Path, layouts: Sequence[Layout]) -> _Candidate:
    """Find the first sheet with a whole header, or else the one that comes nearest."""
    candidates: list[_Candidate] = []
    for sheet_number in count():
        with open_sheet(path, sheet_number) as sheet:
            if sheet is None:
                break
            head = list(islice(sheet, SEARCHED_ROWS))
            if head:
                header = nearest_header(head, layouts)
                below = chain(head[header.row_number :], sheet)
                has_rows = any(cell.strip() for row in below for cell in row)
                candidates.append(_Candidate(sheet_number, header, has_rows))
        if candidates and not candidates[-1].header.missing:
            return candidates[-1]
    if not candidates:
        raise refusals.empty()
    return max(candidates, key=lambda candidate: candidate.header.rank)


@contextmanager
def open_sheet(path: Path, sheet_number: int) -> Iterator[Iterator[list[str]] | None]:
    """Open a sheet, counted from 0, as its rows of text from row 1 on; None where there is no such sheet.

    Raises RefusedFileError where the workbook does not open, also while rows are read.
    """
    with _open_seekable(path) as file:
        # before the process starts: it would die of a sheet too large, and nobody would know why
        packed_bytes = (archive_of(path) or path).stat().st_size
        name, errors = _inspect(file, packed_bytes, sheet_number)
        with _child(file, sheet_number) as process:
            line = process.stdout.readline() if process.stdout else b""
            if line and name in (None, json.loads(line)):
                yield _rows(process, errors)
            elif not line and process.wait() == sheet_child.NO_SUCH_SHEET:
                yield None
            else:
                raise refusals.broken_spreadsheet()


def _open_seekable(path: Path) -> BinaryIO:
    """Open a workbook for reading to and fro; a packed one is unpacked into memory."""
    if not is_packed(path):
        return path.open("rb")
    with open_unpacked(path) as packed:
        unpacked = packed.read(MAX_WORKBOOK_BYTES + 1)
    if len(unpacked) > MAX_WORKBOOK_BYTES:
        raise refusals.too_large_unpacked(MAX_WORKBOOK_BYTES)
    return io.BytesIO(unpacked)


def _inspect(
    file: BinaryIO, packed_bytes: int, sheet_number: int
) -> tuple[str | None, dict[tuple[int, int], str]]:
    """Return name and error cells of a sheet of an XLSX, once it is known to be safe; of an XLS neither is known."""
    if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
        return None, {}
    try:
        check_package(file, packed_bytes)
        for name, part in islice(sheet_parts(file).items(), sheet_number, sheet_number + 1):
            return name, scan_sheet(file, part)
    except PACKAGE_ERRORS as error:
        raise refusals.broken_spreadsheet() from error
    return None, {}


@contextmanager
def _child(file: BinaryIO, sheet_number: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the process that reads a sheet and give it the workbook; it is ended on leaving."""
    command = [sys.executable, "-I", sheet_child.__file__, str(sheet_number)]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing) as process:
        try:
            file.seek(0)
            with suppress(BrokenPipeError), cast("IO[bytes]", process.stdin) as stdin:
                copyfileobj(file, stdin)
            yield process
        finally:
            process.kill()


def _rows(process: "subprocess.Popen[bytes]", errors: dict[tuple[int, int], str]) -> Iterator[list[str]]:
    with_errors = {row for row, _ in errors}
    for number, line in enumerate(process.stdout or (), 1):
        cells: list[str] = json.loads(line)
        if number in with_errors:
            cells = [errors.get((number, place), cell) for place, cell in enumerate(cells)]
        yield cells
    if process.wait():
        raise refusals.broken_spreadsheet()
