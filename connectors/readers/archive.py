"""A zip archive as one table: its members, in their order, are parts of it and have one layout."""

import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

import polars as pl

from connectors.frame import Chunk, RowFault
from connectors.manifest import Layout
from connectors.readers import refusals
from connectors.readers.table import DEFAULT_ROWS, ROW_NUMBER, Table
from connectors.readers.unpack import BROKEN_ZIP, archive_of, member_path, unpacked_limit

#: Rows of the second member are numbered from this on, those of the third from twice this: so a number tells
#: member and row, and the only member of an archive has the numbers that it would have unpacked.
ROWS_OF_A_MEMBER = 10_000_000
MAX_MEMBERS = 200

_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
#: a workbook is a zip archive too; it has one of these in it
_WORKBOOK_PARTS = ("xl/workbook.xml", "[Content_Types].xml")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800

#: opens a member: `open_table`
Opener = Callable[[Path, Sequence[Layout]], Table]


def members_of(path: Path) -> list[Path] | None:
    """The paths of an archive's members in their order (`member_path`); None where the file is no such archive.

    A workbook is none. Raises RefusedFileError `file.empty`, `file.encrypted_zip`, `file.too_many_members` or
    `file.too_large_unpacked`. What is no readable archive although it begins like one is left to the others.
    """
    if archive_of(path) is not None or not _begins_like_one(path):
        return None
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
    except BROKEN_ZIP:
        return None
    if any(entry.filename in _WORKBOOK_PARTS for entry in entries):
        return None
    places = [place for place, entry in enumerate(entries) if _is_file(entry)]
    _check([entries[place] for place in places], path.stat().st_size)
    return [member_path(path, place) for place in places]


def name_of(entry: zipfile.ZipInfo) -> str:
    """A member's name as its sender reads it: programs of Chinese Windows write GBK and say nothing of it."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


class ArchiveTable(Table):
    """The tables of an archive's members, one after the other."""

    def __init__(
        self, path: Path, members: Sequence[Path], opener: Opener, layouts: Sequence[Layout]
    ) -> None:
        self._members = members
        self._opener = opener
        self._open = [opener(members[0], layouts)]
        first = self._open[0]
        super().__init__(path, first.header, first.encoding)

    @property
    def headers(self) -> dict[str, str]:
        """Field → header text, of all members so far; where two write it otherwise, the first's."""
        return {name: text for table in reversed(self._open) for name, text in table.headers.items()}

    @property
    def unknown_headers(self) -> tuple[str, ...]:
        """Columns that no field claims in any member."""
        return tuple(dict.fromkeys(header for table in self._open for header in table.unknown_headers))

    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the rows of all members; see `Table.chunks`."""
        for place, member in enumerate(self._members):
            if place:
                self._open.append(self._opener(member, [self.layout]))
            for chunk in self._open[place].chunks(rows):
                yield self._numbered(chunk, place)

    def _numbered(self, chunk: Chunk, place: int) -> Chunk:
        """The chunk with the archive's row numbers and a column for every field that any member has."""
        _check_numbers(chunk, len(self._members))
        missing = [name for name in self.headers if name not in chunk.frame.columns]
        offset = place * ROWS_OF_A_MEMBER
        frame = chunk.frame.with_columns(
            pl.col(ROW_NUMBER) + offset, *(pl.lit(None, pl.String).alias(name) for name in missing)
        )
        faults = [
            RowFault(
                fault.row_number + offset,
                fault.code,
                fault.column_name,
                fault.found_text,
                fault.hint,
                fault.is_notice,
            )
            for fault in chunk.faults
        ]
        return Chunk(frame, faults, chunk.skipped)


def place_of(members: Sequence[Path], row_number: int) -> tuple[Path, int]:
    """The member that a row number of an archive leads into, and the row there. LookupError beyond the last."""
    place, row = divmod(row_number, ROWS_OF_A_MEMBER) if len(members) > 1 else (0, row_number)
    found = next(islice(members, place, place + 1), None)
    if found is None:
        raise LookupError(f"no member has row {row_number}")
    return found, row


def _begins_like_one(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _ZIP_MAGICS


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Whether a member is a file that somebody put there, and not a folder or what a Mac leaves beside files."""
    name = PurePosixPath(entry.filename)
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return not (entry.is_dir() or is_link or name.name.startswith(".") or "__MACOSX" in name.parts)


def _check(entries: Sequence[zipfile.ZipInfo], packed_bytes: int) -> None:
    if not entries:
        raise refusals.empty()
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise refusals.encrypted_zip(name_of(entry))
    if len(entries) > MAX_MEMBERS:
        raise refusals.too_many_members(len(entries), MAX_MEMBERS)
    limit = unpacked_limit(packed_bytes)
    if sum(entry.file_size for entry in entries) > limit:
        raise refusals.too_large_unpacked(limit)


def _check_numbers(chunk: Chunk, members: int) -> None:
    """Refuse a member with more rows than can be told from those of the next."""
    if members > 1 and chunk.frame.height and chunk.frame[ROW_NUMBER][-1] >= ROWS_OF_A_MEMBER:
        raise refusals.member_too_long(ROWS_OF_A_MEMBER)
