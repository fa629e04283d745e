"""Delimited text: delimiter, row numbers, faults of single rows, rows left out, refusals further down."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.frame import Chunk, RefusedFileError
from connectors.manifest import Layout
from connectors.readers import ledger, open_table, original_row

LAYOUT = Layout("drugs", {"code": ("批准文号",), "name": ("通用名",), "price": ("零售价",)}, ("code", "name"))

MEASURE = """
import sys
from pathlib import Path
from psutil import Process
from connectors.manifest import Layout
from connectors.readers import open_table

layout = Layout("drugs", {"code": ("批准文号",), "name": ("通用名",), "price": ("零售价",)}, ("code", "name"))
before = Process().memory_info().rss
print(max(Process().memory_info().rss for _ in open_table(Path(sys.argv[1]), [layout]).chunks()) - before)
"""


def write(tmp_path: Path, content: str | bytes) -> Path:
    """Put a file where a test can read it."""
    path = tmp_path / "feed"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, rows: int = 50_000) -> list[Chunk]:
    """Read a file to its end."""
    return list(open_table(path, [LAYOUT]).chunks(rows))


def refused_in(path: Path) -> RefusedFileError:
    """Why a file is refused, at its opening or further down."""
    with pytest.raises(RefusedFileError) as refused:
        read(path)
    return refused.value


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_found_from_the_header(tmp_path: Path, delimiter: str) -> None:
    """Each delimiter is recognised by the header becoming whole under it."""
    rows = [("批准文号", "通用名"), ("H1", "a,b;c|d" if delimiter == "\t" else "甲")]
    path = write(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert read(path)[0].frame.rows() == [(2, "H1", rows[1][1])]


def test_rows_are_numbered_as_a_person_counts(tmp_path: Path) -> None:
    """Titles, header, blank and faulty rows count; a line break in quotes does not."""
    path = write(tmp_path, '目录\n批准文号,通用名\n"H\n1",甲\n\n坏\nH2,乙\n')
    (chunk,) = read(path)
    assert chunk.frame.rows() == [(3, "H\n1", "甲"), (6, "H2", "乙")]
    assert [original_row(path, number) for number in (1, 3, 5, 6)] == ["目录", '"H\n1",甲', "坏", "H2,乙"]


def test_rows_of_wrong_width_are_faults(tmp_path: Path) -> None:
    """Too few and too many cells are told with both counts and the row's text, in the order of the file."""
    (chunk,) = read(write(tmp_path, "批准文号,通用名\nH1\nH2,乙\nH3,丙,丁\n"))
    assert [(fault.row_number, fault.code, fault.found_text) for fault in chunk.faults] == [
        (2, "row.too_few_cells", "H1"),
        (4, "row.too_many_cells", "H3,丙,丁"),
    ]
    assert "有 3 格，表头只有 2 格" in chunk.faults[1].hint.zh


def test_blank_and_total_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    """Blank rows and totals are skipped by rule, also where they have too few cells."""
    (chunk,) = read(write(tmp_path, "序号,批准文号,通用名\n1,H1,甲\n\n,,\n-, ,\n,\n合 计：,3,\n总计\n"))
    assert (chunk.frame.height, chunk.faults, chunk.skipped) == (1, [], 6)


def test_columns_that_no_field_claims_are_told(tmp_path: Path) -> None:
    """An unknown column is no column of the frame but is listed."""
    table = open_table(write(tmp_path, "序号,批准文号,通用名\n1,H1,甲\n"), [LAYOUT])
    assert (table.unknown_headers, next(table.chunks()).frame.columns) == (
        ("序号",),
        ["row_number", "code", "name"],
    )


def test_column_without_header_is_told_when_it_holds_something(tmp_path: Path) -> None:
    """What stands in a column without a header is not dropped in silence; one that stays empty is not told."""
    table = open_table(write(tmp_path, "批准文号,,通用名,,\nH1,,甲,,\nH2,,乙,,记\n"), [LAYOUT])
    assert sum(chunk.frame.height for chunk in table.chunks()) == 2
    assert table.unknown_headers == ("第5列",)


@pytest.mark.parametrize("content", ["批准文号,通用名\nH1,甲,\nH2,乙,\n", "批准文号,通用名,\nH1,甲\nH2,乙\n"])
def test_delimiter_at_the_end_of_rows_or_header_only_is_tolerated(tmp_path: Path, content: str) -> None:
    """Exports which end rows, but not the header, with a delimiter (or the reverse) are read."""
    assert read(write(tmp_path, content))[0].frame.rows() == [(2, "H1", "甲"), (3, "H2", "乙")]


def test_chunks_have_the_asked_size(tmp_path: Path) -> None:
    """Rows come in the chunks asked for, each with the faults that stand among its rows."""
    path = write(
        tmp_path, "批准文号,通用名\n" + "".join(f"H{n},甲\n" if n % 3 else "坏\n" for n in range(2, 12))
    )
    chunks = read(path, rows=3)
    assert [chunk.frame["row_number"].to_list() for chunk in chunks] == [[2, 4, 5], [7, 8, 10], [11]]
    assert [[fault.row_number for fault in chunk.faults] for chunk in chunks] == [[3], [6, 9], []]


def test_nul_characters_are_a_fault_of_their_row(tmp_path: Path) -> None:
    """A row with NUL, which no database takes, is kept out and shown with the NUL made visible."""
    path = write(tmp_path, "批准文号,通用名\n" + "H1,甲\n" * 20_000 + "H2,乙\x00\n")
    (chunk,) = read(path)
    assert [(fault.row_number, fault.code, fault.found_text) for fault in chunk.faults] == [
        (20_002, "row.control_character", "H2\t乙␀")
    ]


def test_packed_text_is_read(tmp_path: Path) -> None:
    """gzip is undone on the way."""
    path = write(tmp_path, gzip.compress("批准文号,通用名\nH1,甲\n".encode("gb18030")))
    assert read(path)[0].frame.rows() == [(2, "H1", "甲")]


def test_byte_that_is_no_text_refuses_with_its_row(tmp_path: Path) -> None:
    """A bad byte far down refuses the file and names row and offset, also inside a row with line breaks."""
    head = "批准文号,通用名\n".encode() + '"H\n1",甲\n'.encode() * 100_000
    refused = refused_in(write(tmp_path, head + b"H2,\xff\n"))
    assert (refused.code, refused.row_number) == ("file.unknown_encoding", 100_002)
    assert f"第 {len(head) + 3} 字节" in refused.hint.zh


@pytest.mark.parametrize("tail", ["H3,丙\n" * 3, "H3,丙\n" * 600_000])
def test_unclosed_quote_refuses_with_its_row(tmp_path: Path, tail: str) -> None:
    """A quote that never closes would swallow the rest of the file as one cell; the file is refused instead."""
    refused = refused_in(write(tmp_path, f'批准文号,通用名\nH1,甲\nH2,"乙\n{tail}'))
    assert (refused.code, refused.row_number) == ("file.unclosed_quote", 3)


def test_unclosed_quote_hands_over_no_swallowed_row(tmp_path: Path) -> None:
    """The row that swallowed the end is not handed over before the refusal, even where a chunk is full."""
    path = write(tmp_path, '批准文号,通用名\nH1,甲\nH2,"乙\n')
    chunks = open_table(path, [LAYOUT]).chunks(rows=1)
    assert next(chunks).frame.rows() == [(2, "H1", "甲")]
    with pytest.raises(RefusedFileError):
        next(chunks)


def test_header_without_rows_is_refused(tmp_path: Path) -> None:
    """A header with only blanks below says that nothing was exported."""
    assert refused_in(write(tmp_path, "批准文号,通用名\n,,\n\n")).code == "file.no_rows"


def test_file_of_uneven_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong rows without end are one refusal, not a million faults in memory."""
    monkeypatch.setattr(ledger, "MAX_FAULTS_IN_SUCCESSION", 10)
    refused = refused_in(write(tmp_path, "批准文号,通用名\nH1,甲\n" + "H2,乙,丙\n" * 12))
    assert (refused.code, refused.row_number) == ("file.uneven_rows", 3)


def test_truncated_gzip_is_refused_where_it_ends(tmp_path: Path) -> None:
    """A packed file cut off far down is refused while its chunks are read."""
    text = "批准文号,通用名\n" + "".join(f"H{number},甲\n" for number in range(200_000))
    assert refused_in(write(tmp_path, gzip.compress(text.encode())[:-1000])).code == "file.truncated_gzip"


def test_row_beyond_the_end_is_a_lookup_error(tmp_path: Path) -> None:
    """Asking for a row the file does not have is an error of the caller."""
    with pytest.raises(LookupError):
        original_row(write(tmp_path, "批准文号,通用名\nH1,甲\n"), 3)


def memory_growth(path: Path) -> int:
    """Bytes by which a process of its own grows while it reads a file."""
    done = subprocess.run([sys.executable, "-c", MEASURE, path], check=True, capture_output=True, text=True)
    return int(done.stdout)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Four times the rows of GB18030 take no more than half as much memory again."""
    row = "国药准字H10000000,硝酸甘油片每瓶一百片,12.50\n"
    growth = {
        rows: memory_growth(write(tmp_path, ("批准文号,通用名,零售价\n" + row * rows).encode("gb18030")))
        for rows in (300_000, 1_200_000)
    }
    assert growth[1_200_000] < growth[300_000] * 1.5
