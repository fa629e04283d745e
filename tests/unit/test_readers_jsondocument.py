"""JSON documents: the records of an array, or of the one list in an object, are read like lines."""

from pathlib import Path

import pytest

from connectors.frame import Chunk, RefusedFileError
from connectors.manifest import Layout
from connectors.readers import jsondocument, open_table, original_row
from connectors.readers.jsondocument import records_of

LAYOUT = Layout("drugs", {"code": ("批准文号",), "name": ("产品名称",)}, ("code",))


def write(tmp_path: Path, content: str, codec: str = "utf-8") -> Path:
    """Put a file where a test can read it."""
    path = tmp_path / "feed"
    path.write_bytes(content.encode(codec))
    return path


def read(path: Path) -> Chunk:
    """Read a file of one chunk."""
    (chunk,) = open_table(path, [LAYOUT]).chunks()
    return chunk


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize(
    "document",
    [
        '[{"批准文号":"A1","产品名称":"甲"},{"批准文号":"A2","产品名称":"乙"}]',
        '[\n  {"批准文号": "A1",\n   "产品名称": "甲"} ,\n  {"批准文号": "A2", "产品名称": "乙"}\n]\n',
        '{"total": 2, "ok": true, "records": [{"批准文号":"A1","产品名称":"甲"},{"批准文号":"A2","产品名称":"乙"}]}',
        '{"data": [{"批准文号":"A1","产品名称":"甲"},{"批准文号":"A2","产品名称":"乙"}], "total": 2}\n',
        '{"code":0,"data":{"rows":[{"批准文号":"A1","产品名称":"甲"},{"批准文号":"A2","产品名称":"乙"}],"n":2},"t":5}',
        '{"result": {"page": {"list": [{"批准文号":"A1","产品名称":"甲"},{"批准文号":"A2","产品名称":"乙"}]}}}',
    ],
)
def test_records_are_rows(tmp_path: Path, document: str, codec: str) -> None:
    """On one line or many, bare or in an object, in every encoding; the first record is row 1."""
    assert [(1, "A1", "甲"), (2, "A2", "乙")] == read(write(tmp_path, document, codec)).frame.rows()


def test_brackets_and_quotes_in_texts_are_text(tmp_path: Path) -> None:
    """What stands in quotes cuts nothing."""
    chunk = read(write(tmp_path, '[{"批准文号":"A1","产品名称":"],}{\\"["}]'))
    assert [(1, "A1", '],}{"[')] == chunk.frame.rows()


def test_a_record_that_is_no_object_is_a_fault(tmp_path: Path) -> None:
    """So is one with a key twice; those around it are read."""
    chunk = read(
        write(tmp_path, '[{"批准文号":"A1"}, 5, {"批准文号":"A2","批准文号":"A3"}, {"批准文号":"A4"}]')
    )
    assert ["A1", "A4"] == chunk.frame["code"].to_list()
    assert [(2, "row.not_json"), (3, "row.not_json")] == [(f.row_number, f.code) for f in chunk.faults]


@pytest.mark.parametrize(
    "document",
    [
        '[{"批准文号":"A1"},{"批准文号":"A2"',
        '[{"批准文号":"A1"},{"批准文号":"A2"}',
        '[{"批准文号":"A1"} {"批准文号":"A2"}]',
        '[{"批准文号":"A1"},]',
        '[{"批准文号":"A1"}] [{"批准文号":"A2"}]',
        '{"records":[{"批准文号":"A1"}]',
        '{"records":[{"批准文号":"A1"}]} {"records":[]}',
        '[{"a":' + "[" * 100_000,
    ],
)
def test_a_document_that_is_not_whole_is_refused(document: str) -> None:
    """Cut off, malformed, nested without end, or followed by more."""
    with pytest.raises(RefusedFileError) as refused:
        list(records_of(document))
    assert refused.value.code == "file.broken_json"


def test_a_document_without_records_is_refused(tmp_path: Path) -> None:
    """Nothing in it says what its columns are."""
    with pytest.raises(RefusedFileError) as refused:
        open_table(write(tmp_path, "[]"), [LAYOUT])
    assert refused.value.code == "file.unknown_format"


def test_a_document_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint names JSON lines, which may be as long as they like."""
    monkeypatch.setattr(jsondocument, "MAX_CHARACTERS", 20)
    with pytest.raises(RefusedFileError) as refused:
        open_table(write(tmp_path, '[{"批准文号":"A1","产品名称":"甲"}]'), [LAYOUT])
    assert refused.value.code == "file.json_too_large"
    assert "JSON Lines" in refused.value.hint.zh


def test_a_byte_that_is_no_text_is_told_of_with_its_line(tmp_path: Path) -> None:
    """The encoding is checked before the document is cut."""
    path = tmp_path / "feed"
    path.write_bytes('[{"批准文号":"A1"},\n'.encode() + b'{"\xff\xff":1}]')
    with pytest.raises(RefusedFileError) as refused:
        read(path)
    assert (refused.value.code, refused.value.row_number) == ("file.unknown_encoding", 2)


def test_the_original_record_is_given_back(tmp_path: Path) -> None:
    """As it stands in the document."""
    path = write(tmp_path, '{"records":[{"批准文号":"A1"},\n {"批准文号": "A2"}]}')
    assert '{"批准文号": "A2"}' == original_row(path, 2)
    with pytest.raises(LookupError):
        original_row(path, 3)
