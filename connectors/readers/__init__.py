"""Readers: any received file as chunks of text cells, with the row of the file each stood in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from connectors.manifest import Layout
from connectors.readers.archive import ArchiveTable, members_of, place_of
from connectors.readers.delimited import open_delimited
from connectors.readers.encoding import detect_encoding, open_rows
from connectors.readers.jsondocument import open_records
from connectors.readers.jsonlines import open_json, open_lines
from connectors.readers.records import records
from connectors.readers.sniff import Format, sniff
from connectors.readers.spreadsheet import open_spreadsheet, spreadsheet_row
from connectors.readers.table import Table
from connectors.readers.xmlrecords import open_xml, xml_row

__all__ = ["Table", "open_table", "original_row"]


def open_table(path: Path, layouts: Sequence[Layout]) -> Table:
    """Open a received file at its header, whatever its format, encoding and delimiter.

    The layout is the one of `layouts` (at least one) whose required columns are all there; of several, the one
    with most columns. Raises RefusedFileError; so may reading the chunks, further down.
    """
    if members := members_of(path):
        return ArchiveTable(path, members, open_table, layouts)
    match sniff(path):
        case Format.SPREADSHEET:
            return open_spreadsheet(path, layouts)
        case Format.JSON_LINES:
            return open_json(path, layouts)
        case Format.JSON_DOCUMENT:
            return open_json(path, layouts, open_records)
        case Format.XML:
            return open_xml(path, layouts)
        case Format.DELIMITED:
            return open_delimited(path, layouts)


def original_row(path: Path, row_number: int, layouts: Sequence[Layout] = ()) -> str:
    """Return a row as received, decoded, without its line end; cells of a workbook are joined by tabs,
    and an element of XML is given as the JSON object that it amounts to.

    Rows count as in `Table.chunks`. `layouts` picks the sheet of a workbook; without any it is the
    first. Raises LookupError beyond the last row, and RefusedFileError.
    """
    if members := members_of(path):
        return original_row(*place_of(members, row_number), layouts)
    kind = sniff(path)
    if kind is Format.SPREADSHEET:
        return spreadsheet_row(path, row_number, layouts)
    if kind is Format.XML:
        return xml_row(path, row_number, layouts)
    openers = {Format.JSON_LINES: open_lines, Format.JSON_DOCUMENT: open_records}
    with openers.get(kind, _open_delimited_rows)(path, detect_encoding(path)) as rows:
        row = next(islice(rows, row_number - 1, row_number), None)
    if row is None:
        raise LookupError(f"{path.name} has no row {row_number}")
    return row.rstrip("\r\n")


@contextmanager
def _open_delimited_rows(path: Path, codec: str) -> Iterator[Iterator[str]]:
    with open_rows(path, codec, records) as rows:
        yield rows
