"""What may enter of a file that may hold persons: known columns, cells of a known shape, names of institutions."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frame import RefusedFileError
from connectors.manifest import Manifest, load_manifest
from connectors.memory import MemoryFile
from connectors.redaction.kept import kept_row, open_kept
from connectors.redaction.rules import fits, is_institution, mask, mask_name
from connectors.redaction.sieve import redact, refused
from tests.lib.persons import READABLE, ROW, UNREADABLE, found_in

POST: Manifest = load_manifest("connectors.postal")


def kept_of(content: bytes) -> bytes:
    """What would be kept of a file."""
    held, kept = MemoryFile(), bytearray()
    held.write(content)
    redact(held.path, POST, kept.extend)
    held.discard()
    return bytes(kept)


@pytest.mark.parametrize(
    "text",
    [
        *("电话13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "１３８１２３４５６７８"),
        *("0755-87654321", "440106199001011234", "44010619900101123X", "a.b@example.org", "王小明先生"),
        *("收件人：王小明", "联系人 王小明，急", "患者王小明"),
    ],
)
def test_what_looks_like_a_person_is_masked(text: str) -> None:
    """Numbers in any grouping and width, addresses of mail, names that something announces."""
    masked, is_other = mask(f"注射用硝普钠 {text} 2盒")
    assert is_other
    assert masked.startswith("注射用硝普钠")
    assert not any(sign in masked for sign in ("王小明", "5678", "５６７８", "4321", "1234", "@"))


@pytest.mark.parametrize(
    "text",
    ["国药准字H44029001", "地高辛片 0.25mg*30片", "5ml:50mg×10支", "阿莫西林胶囊 0.25g 2盒", "重组人胰岛素"],
)
def test_goods_stay_as_they_are(text: str) -> None:
    """Approval numbers, strengths and packs are no numbers of persons."""
    assert mask(text) == (text, False)


def test_days_in_names_of_files_stay() -> None:
    """A file is told by its day; a telephone in its name is masked."""
    assert mask_name("consignments-20261122-083000.csv") == "consignments-20261122-083000.csv"
    assert "138" not in mask_name("张三13812345678.csv")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (text, True)
            for text in (
                "演示县人民医院",
                "演示医院（东院区）",
                "演示大药房（天河一店）",
                "某某社区卫生服务中心",
            )
        ),
        *((text, True) for text in ("演示制药（甲）有限公司", "演示 村 卫生室")),
        *(
            (text, False)
            for text in ("", "王小明", "演示县人民医院 王小明", "演示医院（王小明）", "医院", "张医生")
        ),
        *(
            (text, False)
            for text in ("王小明收演示医院13812345678", "桃花岛路九号", "李院长", "演示医院药剂科王小明")
        ),
    ],
)
def test_institutions_are_told_by_their_names(text: str, expected: bool) -> None:
    """The whole text must be one; what is in doubt is none."""
    assert is_institution(text) is expected


def test_shapes_fold_width() -> None:
    """Full-width digits are digits."""
    assert fits("０６１８０４", "[0-9]{6}")
    assert not fits("王小明", "[0-9A-Za-z]{4,9}")


@pytest.mark.parametrize(
    ("rule", "word"),
    [("division", "天河区"), ("division", "市辖区"), ("mail_status", "签收"), ("service_mode", "自提")],
)
def test_words_have_to_be_known(rule: str, word: str) -> None:
    """A person's name in a column of words does not enter."""
    assert fits(word, rule)
    assert not fits("王红旗", rule)


def test_a_note_in_the_header_of_a_kept_column_is_not_repeated() -> None:
    """Unless the manifest knows it, as the unit of a weight."""
    renamed = {"收件机构（王小明）": ROW["收件机构"], "重量(克)": "350"}
    row = {key: value for key, value in ROW.items() if key not in {"收件机构", "重量"}} | renamed
    about = json.loads(kept_of(json.dumps(row, ensure_ascii=False).encode()).splitlines()[-1])
    assert (about["headers"]["consignee_name"], about["headers"]["weight"]) == ("收件机构", "重量(克)")


def test_every_personal_name_is_no_column_of_a_layout() -> None:
    """What is called personal never enters; `_personal` of the manifest asks what may."""
    words = {word for word in POST.personal or () if word != "address"}
    known = {alias for layout in POST.layouts for aliases in layout.headers.values() for alias in aliases}
    assert [alias for alias in known if any(word in alias for word in words)] == []


def test_kept_rows_have_their_numbers_and_known_columns_only(tmp_path: Path) -> None:
    """The row of the file, by its number; what was left outside is told by its name."""
    path = tmp_path / "kept"
    path.write_bytes(kept_of(READABLE["gbk.csv"]))
    table = open_kept(path, POST.layouts)
    [chunk] = table.chunks()
    assert chunk.frame["row_number"].to_list() == [3]
    assert {fault.row_number: fault.code for fault in chunk.faults} == {
        6: "cell.withheld",
        7: "row.too_many_cells",
    }
    assert chunk.skipped == 2
    assert table.unknown_headers == ("备注",)
    assert [notice.code for notice in table.notices] == [
        "batch.personal_columns",
        "batch.persons_skipped",
        "batch.masked",
    ]
    assert json.loads(kept_row(path, 3))["mail_number"] == ROW["邮件号"]
    with pytest.raises(LookupError):
        kept_row(path, 4)


def test_nested_lists_keep_known_fields_under_our_names() -> None:
    """XML and JSON alike."""
    for name in ("document.json", "list.xml"):
        row = json.loads(kept_of(READABLE[name]).splitlines()[0])
        assert json.loads(row["cells"]["events"])[0] == {
            "mail_status": "收寄",
            "status_at": "2026-02-20 08:30",
            "outlet_code": "061804",
        }


@pytest.mark.parametrize("name", READABLE)
def test_the_same_bytes_are_kept_alike(name: str) -> None:
    """So that a replay addresses the same content."""
    assert kept_of(READABLE[name]) == kept_of(READABLE[name])


@pytest.mark.parametrize("name", [name for name in UNREADABLE if name != "bad.csv"])
def test_a_refusal_repeats_nothing_of_the_file(name: str, tmp_path: Path) -> None:
    """And is raised again when what was kept is opened."""
    with pytest.raises(RefusedFileError) as caught:
        kept_of(UNREADABLE[name])
    line = refused(caught.value)
    assert found_in(line) == []
    (tmp_path / "kept").write_bytes(line)
    with pytest.raises(RefusedFileError) as again:
        open_kept(tmp_path / "kept", POST.layouts)
    assert again.value.code == caught.value.code


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E7F), min_size=6, max_size=9),
    st.sampled_from([key for key in ROW if any(word in key for word in POST.personal or ())]),
)
def test_no_text_of_a_personal_column_is_kept(planted: str, column: str) -> None:
    """Whatever stands there."""
    content = json.dumps(ROW | {column: planted}, ensure_ascii=False).encode()
    assert planted.encode() not in kept_of(content)


@given(st.text(max_size=40))
def test_no_cell_out_of_shape_is_kept(text: str) -> None:
    """A code's cell keeps codes; anything else withholds its row."""
    content = json.dumps(ROW | {"收寄机构": f"王{text}"}, ensure_ascii=False).encode()
    assert "王" not in kept_of(content).decode()
