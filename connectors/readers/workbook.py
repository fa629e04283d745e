"""What calamine does not tell about an XLSX file: whether a sheet is safe to load, and its error cells."""

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from connectors.readers import refusals
from connectors.readers.unpack import unpacked_limit

#: A sheet is held in memory as a whole: a million rows of twenty columns of forty bytes come to this.
MAX_WORKBOOK_BYTES = 1 << 30
#: calamine takes 32 bytes for each cell between the first used one and the last, empty or not, and as much for text
MAX_CELLS = 10_000_000
#: the list of sheets takes a few kilobytes
MAX_INDEX_BYTES = 16 << 20

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s[^>]*?ref="(?:[A-Z]+[0-9]+:)?([A-Z]+[0-9]+)"')
_ERROR_MARKS = (b't="e"', b"t='e'")
_BLOCK_BYTES = 1 << 18
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

#: what an unreadable package raises, from zip, deflate and XML
PACKAGE_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError),
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
    """Name of each sheet of cells, in order → the part of the package it is stored in.

    Raises PACKAGE_ERRORS where the package is broken.
    """
    with zipfile.ZipFile(file) as package:
        if any(package.getinfo(name).file_size > MAX_INDEX_BYTES for name in (_RELATIONS, _WORKBOOK)):
            raise zipfile.BadZipFile("an index of sheets that is no index")
        relations = ET.fromstring(package.read(_RELATIONS))  # noqa: S314  expat caps entities, fetches nothing
        workbook = ET.fromstring(package.read(_WORKBOOK))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = (element for element in workbook.iter() if element.tag.endswith("}sheet"))
    named = {
        sheet.get("name", ""): str(PurePosixPath("/xl", targets[sheet.get(_RELATION_ID)])).lstrip("/")
        for sheet in sheets
    }
    return {name: part for name, part in named.items() if part.startswith("xl/worksheets/")}


def scan_sheet(file: BinaryIO, part: str) -> dict[tuple[int, int], str]:
    """Return the error cells of a sheet, (row from 1, column from 0) → text such as `#N/A`.

    Raises RefusedFileError `file.spreadsheet_too_large`, and PACKAGE_ERRORS where the sheet is broken.
    """
    with zipfile.ZipFile(file) as package:
        with package.open(part) as xml:
            has_errors = _look_over(xml)
        if not has_errors:
            return {}
        scan = _ErrorScan()
        with package.open(part) as xml:
            scan.parser.ParseFile(xml)
    return scan.errors


def _look_over(xml: IO[bytes]) -> bool:
    """Check the extent a sheet states of itself; return whether it can have error cells at all.

    Most have none, and parsing a sheet in Python takes four times as long as calamine takes to read it. A sheet
    that states a false extent is stopped by the memory limit of the process that reads it.
    """
    block = xml.read(_BLOCK_BYTES)
    if stated := _DIMENSION.search(block):
        rows, columns = _position(stated[1].decode())
        if rows * (columns + 1) > MAX_CELLS:
            raise refusals.too_many_cells(rows, columns + 1)
    tail = b""
    while block:
        if any(mark in tail + block for mark in _ERROR_MARKS):
            return True
        tail = block[-len(_ERROR_MARKS[0]) :]
        block = xml.read(_BLOCK_BYTES)
    return False


class _ErrorScan:
    """Reads a sheet's XML as a stream, for its error cells."""

    def __init__(self) -> None:
        self.errors: dict[tuple[int, int], str] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self._error_at: tuple[int, int] | None = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" c"):
            self._error_at = _position(attributes.get("r", "")) if attributes.get("t") == "e" else None
        elif tag.endswith(" v") and self._error_at:
            self.parser.CharacterDataHandler = self._text
            self.parser.EndElementHandler = self._end

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
