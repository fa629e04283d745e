"""Invariants of the readers: what was written comes back, books balance, no bytes get past a refusal."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from connectors.frame import RefusedFileError
from connectors.manifest import Layout
from connectors.readers import open_table, original_row
from connectors.readers.cells import first_cell, is_total_text

LAYOUT = Layout(
    "drugs", {"code": ("批准文号",), "name": ("产品名称",), "spec": ("规格",)}, ("code", "name", "spec")
)
HEADER = ["批准文号", "产品名称", "规格"]

PIECES = st.sampled_from(
    ["药", "0.5", " ", "\u3000", ",", ";", "|", "\t", '"', "\n", "\r\n", "\r", "-", "合计", "无", "䶮", "é", "(", "片"]
)  # fmt: skip
CELL = st.lists(PIECES, max_size=6).map("".join)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12)
TITLES = st.lists(st.lists(CELL, max_size=3), max_size=3)
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])


def as_read(row: tuple[str, ...]) -> tuple[str | None, ...]:
    """A row as a reader hands it over."""
    return tuple(first_cell([cell]) for cell in row)


def is_kept(row: tuple[str, ...]) -> bool:
    """Whether a row is neither blank nor a total."""
    first = first_cell(row)
    return first is not None and not is_total_text(first)


def balance(path: Path, rows_per_chunk: int) -> tuple[int, int]:
    """Open a file and read it all: good rows, and rows with faults or left out. Each row number is used once."""
    numbers: list[int] = []
    good = aside = 0
    for chunk in open_table(path, [LAYOUT]).chunks(rows_per_chunk):
        good += chunk.frame.height
        aside += len(chunk.faults) + chunk.skipped
        numbers += [*chunk.frame["row_number"], *(fault.row_number for fault in chunk.faults)]
    assert len(numbers) == len(set(numbers))
    return good, aside


@settings(deadline=None)
@given(
    titles=TITLES,
    rows=ROWS,
    codec=CODECS,
    delimiter=st.sampled_from(",\t;|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    rows_per_chunk=st.integers(1, 5),
)
def test_any_table_comes_back_cell_for_cell(
    titles: list[list[str]],
    rows: list[tuple[str, ...]],
    codec: str,
    delimiter: str,
    quoting: int,
    line_end: str,
    rows_per_chunk: int,
) -> None:
    """Whatever the encoding, delimiter, quoting, titles and chunks: cells, row numbers and original rows agree."""
    assume(any(map(is_kept, rows)))
    texts = [_written(row, delimiter, quoting, line_end) for row in [*titles, HEADER, *rows]]
    first = len(titles) + 2
    with TemporaryDirectory() as folder:
        path = Path(folder, "feed")
        path.write_bytes("".join(texts).encode(codec))
        chunks = list(open_table(path, [LAYOUT]).chunks(rows_per_chunk))
        got = [row for chunk in chunks for row in chunk.frame.rows()]
        assert got == [(number, *as_read(row)) for number, row in enumerate(rows, first) if is_kept(row)]
        assert sum(chunk.frame.height + chunk.skipped for chunk in chunks) == len(rows)
        assert [original_row(path, number) for number, *_ in got] == [
            texts[number - 1].rstrip("\r\n") for number, *_ in got
        ]


def _written(row: Sequence[str], delimiter: str, quoting: int, line_end: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerow(row)  # type: ignore[arg-type]
    return text.getvalue().removesuffix("\r\n") + line_end


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["H1,甲,1", "H2,乙", "H3,丙,3,4", "", ",,", "合计", '"H\n4",丁,'])),
    st.integers(1, 4),
)
def test_books_balance_over_faulty_rows(rows: list[str], rows_per_chunk: int) -> None:
    """Good, faulty and left-out rows make up all rows of the file, in chunks of any size."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "feed")
        path.write_text("\n".join([",".join(HEADER), "H0,零,0", *rows, "H9,九,9"]), "utf-8")
        good = sum(row in {"H1,甲,1", '"H\n4",丁,'} for row in rows)
        assert balance(path, rows_per_chunk) == (good + 2, len(rows) - good)


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from([*HEADER, "库存"]), CELL, min_size=1), max_size=8),
    st.integers(1, 4),
)
def test_json_lines_come_back(rows: list[dict[str, str]], rows_per_chunk: int) -> None:
    """Each object comes back under its line's number with the values of its keys."""
    first = dict.fromkeys(HEADER, "x")
    with TemporaryDirectory() as folder:
        path = Path(folder, "feed")
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in [first, *rows]), "utf-8")
        chunks = list(open_table(path, [LAYOUT]).chunks(rows_per_chunk))
    got = {number: tuple(cells) for chunk in chunks for number, *cells in chunk.frame.rows()}
    assert sum(chunk.frame.height + chunk.skipped for chunk in chunks) == len(rows) + 1
    for number, row in enumerate(rows, 2):
        expected = tuple(first_cell([row.get(key, "")]) for key in HEADER)
        assert got.get(number, expected) == expected


MAGICS = st.sampled_from(
    [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
     b"{", b"<"]
)  # fmt: skip


@settings(deadline=None)
@given(
    MAGICS,
    st.binary(max_size=300) | st.text('{}[]":,\n\r\t批0\\u', max_size=80).map(str.encode),
    st.booleans(),
)
def test_bytes_are_read_or_refused(magic: bytes, content: bytes, has_header: bool) -> None:
    """No bytes raise anything but a refusal, with or without a header in front."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "feed")
        path.write_bytes(",".join(HEADER).encode() + b"\n" + content if has_header else magic + content)
        try:
            good, aside = balance(path, 3)
        except RefusedFileError as refused:
            outcome = refused.code.startswith("file.")
        else:
            outcome = good + aside > 0
    assert outcome
