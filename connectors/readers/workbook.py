"""What calamine does not tell about an XLSX file: whether a sheet is safe to load, and its error cells."""

import re
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from connectors.readers import refusals
from connectors.readers.unpack import unpacked_limit

#: A sheet is held in memory as a whole: a million rows of twenty columns of forty bytes come to this.
MAX_WORKBOOK_BYTES = 1 << 30
#: calamine takes 32 bytes for each cell between the first used one and the last, empty or not
MAX_CELLS = 20_000_000
#: the list of sheets takes a few kilobytes
MAX_INDEX_BYTES = 16 << 20

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

#: what an unreadable package raises, from zip, deflate and XML
PACKAGE_ERRORS = (
    *(zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError),
    *(ET.ParseError, expat.ExpatError, KeyError, ValueError),
)


def check_package(file: BinaryIO, packed_bytes: int) -> None:
    """Refuse a zip that is no XLSX or that would unpack to too much. Raises PACKAGE_ERRORS where it is broken."""
    with zipfile.ZipFile(file) as package:
        if _WORKBOOK not in package.namelist():
            raise refusals.unknown_format(
                "这是压缩包，不是 .xlsx 表格。请解压后上传其中的 .xlsx 或 CSV 文件。",
                "This is an archive, not an XLSX workbook. Unpack it and send the XLSX or CSV inside.",
            )
        limit = min(MAX_WORKBOOK_BYTES, unpacked_limit(packed_bytes))
        if sum(member.file_size for member in package.infolist()) > limit:
            raise refusals.too_large_unpacked(limit)


def sheet_parts(file: BinaryIO) -> dict[str, str]:
    """Name of a sheet → the part of the package it is stored in. Raises PACKAGE_ERRORS where it is broken."""
    with zipfile.ZipFile(file) as package:
        if any(package.getinfo(name).file_size > MAX_INDEX_BYTES for name in (_RELATIONS, _WORKBOOK)):
            raise zipfile.BadZipFile("an index of sheets that is no index")
        relations = ET.fromstring(package.read(_RELATIONS))  # noqa: S314  expat caps entities, fetches nothing
        workbook = ET.fromstring(package.read(_WORKBOOK))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = (element for element in workbook.iter() if element.tag.endswith("}sheet"))
    return {
        sheet.get("name", ""): str(PurePosixPath("/xl", targets[sheet.get(_RELATION_ID)])).lstrip("/")
        for sheet in sheets
    }


def scan_sheet(file: BinaryIO, part: str) -> dict[tuple[int, int], str]:
    """Return the error cells of a sheet, (row from 1, column from 0) → text such as `#N/A`.

    Raises RefusedFileError `file.spreadsheet_too_large`, and PACKAGE_ERRORS where the sheet is broken.
    """
    scan = _SheetScan()
    with zipfile.ZipFile(file) as package, package.open(part) as xml:
        scan.parser.ParseFile(xml)
    return scan.errors


class _SheetScan:
    """Reads a sheet's XML as a stream, for its extent and its error cells."""

    def __init__(self) -> None:
        self.errors: dict[tuple[int, int], str] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self._rows = self._columns = 0
        self._error_at: tuple[int, int] | None = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" c"):
            at = _position(attributes.get("r", ""))
            self._measure(at)
            self._error_at = at if attributes.get("t") == "e" else None
        elif tag.endswith(" v") and self._error_at:
            self.parser.CharacterDataHandler = self._text
            self.parser.EndElementHandler = self._end

    def _measure(self, at: tuple[int, int]) -> None:
        row, column = at
        if row > self._rows or column >= self._columns:
            self._rows, self._columns = max(row, self._rows), max(column + 1, self._columns)
            if self._rows * self._columns > MAX_CELLS:
                raise refusals.too_many_cells(self._rows, self._columns)

    def _text(self, text: str) -> None:
        if self._error_at:
            self.errors[self._error_at] = text

    def _end(self, _tag: str) -> None:
        self._error_at = None
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None


def _position(reference: str) -> tuple[int, int]:
    """Return row from 1 and column from 0 of a reference such as `AB12`; (0, 0) where there is none."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1
