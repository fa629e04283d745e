"""Workbooks: the sheet with the header, numbers and dates as a person sees them, damaged files refused."""

import datetime as dt
import gzip
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.frame import RefusedFileError
from connectors.manifest import Layout
from connectors.readers import open_table, original_row, workbook

LAYOUT = Layout("drugs", {"code": ("批准文号",), "price": ("价格",)}, ("code", "price"))


def packed(*sheets: list[list[Any]]) -> bytes:
    """A workbook of sheets of rows, as bytes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write(tmp_path: Path, content: bytes) -> Path:
    """Put a file, under a name that says nothing, where a test can read it."""
    path = tmp_path / "feed.csv"
    path.write_bytes(content)
    return path


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    """All rows of a file."""
    return [row for chunk in open_table(path, [LAYOUT]).chunks() for row in chunk.frame.rows()]


def refusal(path: Path) -> str:
    """Why a file is refused at its opening."""
    with pytest.raises(RefusedFileError) as refused:
        open_table(path, [LAYOUT])
    return refused.value.code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, "12"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (86902605000123, "86902605000123"),
        (0.0000001, "0.0000001"),
        (True, "TRUE"),
        (dt.datetime(2024, 1, 5), "2024-01-05"),  # noqa: DTZ001  Excel knows no zones
        (dt.datetime(2024, 1, 5, 10, 3), "2024-01-05T10:03:00"),  # noqa: DTZ001
        (dt.time(10, 3), "10:03:00"),
        (dt.timedelta(hours=30), "30:00:00"),
        ("００１", "００１"),
        ("#N/A", "#N/A"),
        (None, None),
    ],
)
def test_values_become_text(tmp_path: Path, value: Any, expected: str | None) -> None:
    """Whole numbers have no `.0`, dates are ISO, error cells stay as text."""
    path = write(tmp_path, packed([["批准文号", "价格"], ["H1", value]]))
    assert rows_of(path) == [(2, "H1", expected)]


def test_header_below_a_merged_title(tmp_path: Path) -> None:
    """A merged title, an empty row and empty columns on the left are passed over; rows keep their numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.merge_cells("B2:D2")
    for cell, value in {
        "B2": "目录",
        "C4": "批准文号",
        "D4": "价格",
        "C5": "H1",
        "D5": 1,
        "C7": "合计",
    }.items():
        sheet[cell] = value
    file = io.BytesIO()
    book.save(file)
    path = write(tmp_path, file.getvalue())
    (chunk,) = open_table(path, [LAYOUT]).chunks()
    assert (chunk.frame.rows(), chunk.skipped) == ([(5, "H1", "1")], 2)
    assert original_row(path, 5, [LAYOUT]) == "\t\tH1\t1"


def test_error_cell_is_put_where_it_stands(tmp_path: Path) -> None:
    """An error in a sheet that begins further right lands in its own cell and nowhere else."""
    path = write(
        tmp_path,
        packed([[None, "批准文号", "备注", "价格"], [None, "H1", "#REF!", 2], [None, "H2", None, "#DIV/0!"]]),
    )
    assert rows_of(path) == [(2, "H1", "2"), (3, "H2", "#DIV/0!")]


def test_first_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    """A sheet of notes in front is passed over, also for the original row."""
    path = write(tmp_path, packed([["填报说明"], ["一"], ["二"]], [["批准文号", "价格"], ["H1", 1]]))
    assert rows_of(path) == [(2, "H1", "1")]
    assert (original_row(path, 2, [LAYOUT]), original_row(path, 2)) == ("H1\t1", "一")


def test_packed_workbook_is_read(tmp_path: Path) -> None:
    """A workbook inside gzip is unpacked first."""
    assert rows_of(write(tmp_path, gzip.compress(packed([["批准文号", "价格"], ["H1", 1]])))) == [
        (2, "H1", "1")
    ]


def test_sheet_comes_in_chunks(tmp_path: Path) -> None:
    """Rows come in the chunks asked for."""
    path = write(tmp_path, packed([["批准文号", "价格"], *([f"H{number}", number] for number in range(5))]))
    assert [chunk.frame.height for chunk in open_table(path, [LAYOUT]).chunks(rows=2)] == [2, 2, 1]


@pytest.mark.parametrize("keep", [40, 1_000, -30])
def test_cut_off_workbook_is_refused(tmp_path: Path, keep: int) -> None:
    """A workbook without its end does not open."""
    assert (
        refusal(write(tmp_path, packed([["批准文号", "价格"], ["H1", 1]])[:keep]))
        == "file.broken_spreadsheet"
    )


def test_workbook_under_a_password_is_refused(tmp_path: Path) -> None:
    """XLSX under a password comes in the container of XLS, with nothing in it that opens."""
    assert (
        refusal(write(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_096)))
        == "file.broken_spreadsheet"
    )


def test_ring_in_an_xls_does_not_take_this_process_along(tmp_path: Path) -> None:
    """A sector chain that leads back to itself fills all memory of the parser's process, and is refused."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(10) + struct.pack("<7I", 1, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE) + bytes(4)
    header += struct.pack("<I", 0) + b"\xff" * (508 - len(header))
    assert refusal(write(tmp_path, header + bytes(512 * 3))) == "file.broken_spreadsheet"


def test_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    """A zip of zips is refused with the advice to unpack it; a zip of tables is read (test_readers_archive)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.zip", b"PK\x05\x06" + bytes(18))
    assert refusal(write(tmp_path, file.getvalue())) == "file.unknown_format"


def test_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    """A small package which claims gigabytes is refused before it is opened."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (17 << 20))
    assert refusal(write(tmp_path, file.getvalue())) == "file.too_large_unpacked"


def test_stray_cell_far_below_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet whose used area would not fit into memory is refused before it is loaded."""
    monkeypatch.setattr(workbook, "MAX_CELLS", 5)
    assert (
        refusal(write(tmp_path, packed([["批准文号", "价格"], ["H1", 1], ["H2", 2]])))
        == "file.spreadsheet_too_large"
    )


def test_sheet_without_rows_is_refused(tmp_path: Path) -> None:
    """A header and nothing below it says that nothing was exported."""
    assert refusal(write(tmp_path, packed([["批准文号", "价格"], [None, " "]]))) == "file.no_rows"


def test_workbook_without_cells_is_refused(tmp_path: Path) -> None:
    """A workbook whose sheets are empty is an empty file."""
    assert refusal(write(tmp_path, packed([]))) == "file.empty"
