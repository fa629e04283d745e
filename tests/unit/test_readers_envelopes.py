"""Envelopes: who sends stands once, the goods in a list; each of them is a row with both."""

from pathlib import Path

import pytest

from connectors.frame import Chunk, RefusedFileError
from connectors.manifest import Layout
from connectors.readers import open_table, original_row

LAYOUT = Layout(
    "goods", {"store": ("rtalPhacCodg",), "item": ("medinsListCodg",), "count": ("invCnt",)}, ("item",)
)
ONE = (
    '{"rtalPhacCodg":"P1","drugInventoryList":[{"medinsListCodg":"A1","invCnt":1.50},'
    '{"medinsListCodg":"A2","invCnt":2}],"dataCatrg":"1"}'
)
TWO = ONE.replace("P1", "P2").replace("A1", "A3").replace("A2", "A4")
ROWS = [(1, "P1", "A1", "1.50"), (2, "P1", "A2", "2"), (3, "P2", "A3", "1.50"), (4, "P2", "A4", "2")]
PRETTY = ONE.replace(",", ",\n  ").replace("{", "{\n  ")


def read(tmp_path: Path, content: str) -> Chunk:
    """Read a file of one chunk."""
    path = tmp_path / "feed"
    path.write_text(content, "utf-8")
    (chunk,) = open_table(path, [LAYOUT]).chunks()
    return chunk


@pytest.mark.parametrize("content", [ONE, PRETTY], ids=["a line", "a document"])
def test_one_envelope(tmp_path: Path, content: str) -> None:
    """On one line or several; values behind the list count as those before it."""
    assert ROWS[:2] == read(tmp_path, content).frame.rows()


@pytest.mark.parametrize(
    "content",
    [f"[{ONE},{TWO}]", f"[\n{ONE},\n{TWO}\n]\n", f"{ONE}\n{TWO}\n"],
    ids=["array", "lines", "NDJSON"],
)
def test_several_envelopes(tmp_path: Path, content: str) -> None:
    """In an array, or one a line: rows are counted through."""
    assert ROWS == read(tmp_path, content).frame.rows()


def test_an_envelope_and_a_plain_row(tmp_path: Path) -> None:
    """Each line is what it is."""
    chunk = read(tmp_path, ONE + '\n{"rtalPhacCodg":"P3","medinsListCodg":"A9","invCnt":0}\n')
    assert [*ROWS[:2], (3, "P3", "A9", "0")] == chunk.frame.rows()


def test_a_row_has_its_own_values_first(tmp_path: Path) -> None:
    """Where the envelope says another."""
    chunk = read(tmp_path, ONE.replace('"A1"', '"A1","rtalPhacCodg":"P7"'))
    assert ["P7", "P1"] == chunk.frame["store"].to_list()


def test_an_empty_list_has_no_rows(tmp_path: Path) -> None:
    """The envelopes around it are read."""
    empty = '{"rtalPhacCodg":"P0","drugInventoryList":[]}'
    assert ROWS[:2] == read(tmp_path, f"{empty}\n{ONE}").frame.rows()


def test_a_row_that_is_no_object_is_a_fault(tmp_path: Path) -> None:
    """Those around it are read."""
    chunk = read(tmp_path, ONE.replace('"invCnt":1.50},', '"invCnt":1.50},7,'))
    assert ["A1", "A2"] == chunk.frame["item"].to_list()
    assert [(2, "row.not_json")] == [(fault.row_number, fault.code) for fault in chunk.faults]


def test_a_line_cut_off_is_a_fault(tmp_path: Path) -> None:
    """The whole line is one row that could not be read; the other lines are."""
    chunk = read(tmp_path, f"{ONE}\n{TWO[:-40]}\n")
    assert ROWS[:2] == chunk.frame.rows()
    assert [(3, "row.not_json")] == [(fault.row_number, fault.code) for fault in chunk.faults]


@pytest.mark.parametrize("content", [PRETTY[:-30], f"[{ONE},{TWO}", PRETTY + "x"])
def test_a_document_cut_off_is_refused(tmp_path: Path, content: str) -> None:
    """Nobody knows what else it held."""
    with pytest.raises(RefusedFileError) as caught:
        read(tmp_path, content)
    assert "file.broken_json" == caught.value.code


@pytest.mark.parametrize("content", [f"{ONE}\n{TWO}\n", f"[{ONE},{TWO}]"])
def test_the_original_row(tmp_path: Path, content: str) -> None:
    """With the values of its envelope, numbers as they were written."""
    path = tmp_path / "feed"
    path.write_text(content, "utf-8")
    assert '{"rtalPhacCodg":"P2","dataCatrg":"1","medinsListCodg":"A3","invCnt":1.50}' == original_row(
        path, 3
    )


def test_many_values_deep_are_refused_and_harm_nobody(tmp_path: Path) -> None:
    """A document of brackets only."""
    with pytest.raises(RefusedFileError):
        read(tmp_path, '{\n"drugInventoryList":[' + "[" * 100_000)
