"""JSON lines: keys as headers, literal numbers, broken lines as faults, late keys."""

from pathlib import Path

import pytest

from connectors.frame import Chunk, RefusedFileError
from connectors.manifest import Layout
from connectors.readers import jsonlines, open_table, original_row

LAYOUT = Layout(
    "stock", {"code": ("medListCodg",), "name": ("medListName", "通用名"), "count": ("invCnt",)}, ("code",)
)


def write(tmp_path: Path, content: str) -> Path:
    """Put a file where a test can read it."""
    path = tmp_path / "feed"
    path.write_text(content, "utf-8")
    return path


def read(path: Path) -> Chunk:
    """Read a file of one chunk."""
    (chunk,) = open_table(path, [LAYOUT]).chunks()
    return chunk


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("1.10", "1.10"),
        ("12345678901234567890", "12345678901234567890"),
        ("1E5", "1E5"),
        ("true", "true"),
        ("null", None),
        ('" a "', "a"),
        ('{"x": [1.0, "甲", null]}', '{"x":[1.0,"甲",null]}'),
    ],
)
def test_values_become_text(tmp_path: Path, literal: str, expected: str | None) -> None:
    """Numbers keep their digits, nested values are compact JSON, null is null."""
    chunk = read(write(tmp_path, f'{{"medListCodg": "A1", "invCnt": {literal}}}\n'))
    assert chunk.frame.rows() == [(1, "A1", expected)]


@pytest.mark.parametrize(
    "line",
    ["x", "[1]", '{"a": NaN}', '{"medListCodg": "\\ud800"}', '{"a":1,"a":2}', '{"medListCod', "[" * 9_999],
)
def test_line_that_is_no_object_is_a_fault(tmp_path: Path, line: str) -> None:
    """A broken, truncated or ambiguous line is told with its text; the lines around it are read."""
    chunk = read(write(tmp_path, f'{{"medListCodg": "A1"}}\n\n{line}'))
    assert chunk.frame.rows() == [(1, "A1")]
    assert [(fault.row_number, fault.code) for fault in chunk.faults] == [(3, "row.not_json")]
    assert chunk.skipped == 1


def test_late_keys_are_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that first appears below the sample joins the headers, or the unknown ones, when it is met."""
    monkeypatch.setattr(jsonlines, "SAMPLED_LINES", 1)
    table = open_table(
        write(tmp_path, '{"medListCodg":"A1"}\n{"medListCodg":"A2","invCnt":3,"rxFlag":1}\n'), [LAYOUT]
    )
    assert [chunk.frame.rows() for chunk in table.chunks(rows=1)] == [[(1, "A1")], [(2, "A2", "3")]]
    assert (table.headers, table.unknown_headers) == ({"code": "medListCodg", "count": "invCnt"}, ("rxFlag",))


def test_two_keys_for_one_field_are_refused(tmp_path: Path) -> None:
    """Two keys that mean the same refuse the file, as two columns do."""
    with pytest.raises(RefusedFileError) as refused:
        open_table(write(tmp_path, '{"medListCodg":"A1","medListName":"a","通用名":"b"}\n'), [LAYOUT])
    assert refused.value.code == "file.duplicate_column"


def test_object_over_many_lines_is_refused(tmp_path: Path) -> None:
    """Pretty-printed JSON holds no object a line, and the hint says what is wanted."""
    with pytest.raises(RefusedFileError) as refused:
        open_table(write(tmp_path, '{\n "medListCodg": "A1"\n}\n'), [LAYOUT])
    assert refused.value.code == "file.unknown_format"


def test_original_line_is_given_back(tmp_path: Path) -> None:
    """A row of JSON lines is its line, quotes and all."""
    assert original_row(write(tmp_path, '{"a":"x"}\n{"a":",\\"y"}\r\n'), 2) == '{"a":",\\"y"}'
