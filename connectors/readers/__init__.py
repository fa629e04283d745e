"""Readers: any received file as chunks of text cells, with the row of the file each stood in."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from connectors.manifest import Layout
from connectors.readers.delimited import open_delimited
from connectors.readers.encoding import detect_encoding, open_rows
from connectors.readers.jsonlines import open_json_lines
from connectors.readers.records import lines, records
from connectors.readers.sniff import Format, sniff
from connectors.readers.spreadsheet import open_spreadsheet, spreadsheet_row
from connectors.readers.table import Table

__all__ = ["Table", "open_table", "original_row"]


def open_table(path: Path, layouts: Sequence[Layout]) -> Table:
    """Open a received file at its header, whatever its format, encoding and delimiter.

    The layout is the one of `layouts` (at least one) whose required columns are all there; of several, the one
    with most columns. Raises RefusedFileError; so may reading the chunks, further down.
    """
    match sniff(path):
        case Format.SPREADSHEET:
            return open_spreadsheet(path, layouts)
        case Format.JSON_LINES:
            return open_json_lines(path, layouts)
        case Format.DELIMITED:
            return open_delimited(path, layouts)


def original_row(path: Path, row_number: int, layouts: Sequence[Layout] = ()) -> str:
    """Return a row as received, decoded, without its line end; cells of a workbook are joined by tabs.

    Rows count as in `Table.chunks`. `layouts` picks the sheet of a workbook; without any it is the
    first. Raises LookupError beyond the last row, and RefusedFileError.
    """
    kind = sniff(path)
    if kind is Format.SPREADSHEET:
        return spreadsheet_row(path, row_number, layouts)
    cut = lines if kind is Format.JSON_LINES else records
    with open_rows(path, detect_encoding(path), cut) as rows:
        row = next(islice(rows, row_number - 1, row_number), None)
    if row is None:
        raise LookupError(f"{path.name} has no row {row_number}")
    return row.rstrip("\r\n")
