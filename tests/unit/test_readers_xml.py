"""XML as tables: rows are found by their columns, nested lists stay whole, hostile input is refused."""

import json
from pathlib import Path

import pytest

from connectors.frame import RefusedFileError
from connectors.manifest import Layout
from connectors.readers import open_table, original_row
from connectors.readers.xmlrecords import MAX_DEPTH

LAYOUT = Layout(
    "consignments",
    {"number": ("邮件号",), "consignee": ("收件机构",), "events": ("轨迹",)},
    ("number", "consignee"),
)
ROW = "<邮件><邮件号>{}</邮件号><收件机构>演示䶮医院</收件机构></邮件>"


def write(tmp_path: Path, text: str | bytes) -> Path:
    """Put a file where a test can read it."""
    path = tmp_path / "received"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows_of(path: Path) -> list[dict[str, object]]:
    """Every row."""
    return [row for chunk in open_table(path, [LAYOUT]).chunks() for row in chunk.frame.iter_rows(named=True)]


def refusal(path: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(RefusedFileError) as caught:
        rows_of(path)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_rows_are_found_under_their_envelope(tmp_path: Path, encoding: str) -> None:
    """A head with values of its own is no row; the prolog's word on the encoding is not needed."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><q:信封 xmlns:q="urn:x"><头><日期>2026-11-22</日期>'
        f"<机构>x</机构></头><q:体>{ROW.format('A&amp;1')}\n{ROW.format('2')}</q:体></q:信封>"
    )
    path = write(tmp_path, text.encode(encoding))
    assert rows_of(path) == [
        {"row_number": 1, "number": "A&1", "consignee": "演示䶮医院"},
        {"row_number": 2, "number": "2", "consignee": "演示䶮医院"},
    ]


def test_attributes_are_columns_too(tmp_path: Path) -> None:
    """Some systems write a row as one element without children."""
    path = write(tmp_path, '<r><x 邮件号="1" 收件机构="甲医院"/><x 邮件号="2" 收件机构="乙医院"/></r>')
    assert [row["number"] for row in rows_of(path)] == ["1", "2"]


def test_a_nested_list_is_one_cell(tmp_path: Path) -> None:
    """The row is the outer record; its events stay with it, as JSON."""
    events = "<轨迹><节点><状态>收寄</状态></节点><节点><状态>签收</状态></节点></轨迹>"
    path = write(tmp_path, f"<r>{ROW.format('1').replace('</邮件>', events + '</邮件>')}</r>")
    [row] = rows_of(path)
    assert json.loads(str(row["events"])) == {"节点": [{"状态": "收寄"}, {"状态": "签收"}]}


def test_a_row_is_read_back_as_json(tmp_path: Path) -> None:
    """With and without the layouts; beyond the last there is none."""
    path = write(tmp_path, f"<r>{ROW.format('1')}{ROW.format('2')}</r>")
    for layouts in ([LAYOUT], []):
        assert json.loads(original_row(path, 2, layouts))["邮件号"] == "2"
    with pytest.raises(LookupError):
        original_row(path, 3, [LAYOUT])


def test_rows_are_streamed(tmp_path: Path) -> None:
    """Many more than a chunk holds, each with its number."""
    path = write(tmp_path, f"<r>{''.join(ROW.format(n) for n in range(1, 5_001))}</r>")
    heights = [chunk.frame.height for chunk in open_table(path, [LAYOUT]).chunks(2_000)]
    assert heights == [2_000, 2_000, 1_000]
    assert rows_of(path)[-1]["row_number"] == 5_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f'<!DOCTYPE r [<!ENTITY a "x">]><r>{ROW.format("&a;")}</r>', "file.xml_doctype"),
        (
            f'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><r>{ROW.format("&b;")}</r>',
            "file.xml_doctype",
        ),
        (
            f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>{ROW.format("&a;")}</r>',
            "file.xml_doctype",
        ),
        (f'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r>{ROW.format("1")}</r>', "file.xml_doctype"),
        (f"<r>{ROW.format('&undeclared;')}</r>", "file.broken_xml"),
        ("<a>" * (MAX_DEPTH + 1), "file.xml_too_large"),
        (f"<r>{ROW.format('x' * (3 << 20))}</r>", "file.xml_too_large"),
        (f"<r><{'x' * (3 << 20)}", "file.xml_too_large"),
        (f"<r>{ROW.format(1)}<邮件><邮件号>2", "file.broken_xml"),
        (f"<r>{ROW.format(1)}</r><r/>", "file.broken_xml"),
        (f"<r>{ROW.format(chr(0))}</r>", "file.unknown_format"),
        ("<r/>", "file.unknown_format"),
        ("<r><a>1</a><b>2</b></r>", "file.no_header"),
    ],
)
def test_hostile_or_broken_xml_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """Before anything of it is believed: no entity is expanded, nothing is fetched, nothing grows."""
    assert refusal(write(tmp_path, text)) == code
