"""Dosage forms and strengths cut out of one cell: shapes of the published list, and what must hold for any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.cells import CellError
from connectors.essential_medicines.forms import parse_forms


def lines(cell: str) -> list[tuple[str, str | None, str | None]]:
    """Form, qualifier and strength of each line."""
    return [(form.dosage_form, form.qualifier, form.strength_text) for form in parse_forms(cell)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "片剂、胶囊：0.25g 注射用无菌粉末：0.5g、1.0g",
            [
                ("片剂", None, "0.25g"),
                ("胶囊", None, "0.25g"),
                ("注射用无菌粉末", None, "0.5g"),
                ("注射用无菌粉末", None, "1.0g"),
            ],
        ),
        (
            ("（钾盐）注射用无菌粉末：0.25g （40 万单位）"
            " （钠盐）注射用无菌粉末：0.48g（80 万单位）、 0.96g（ 160 万单位）"),
            [
                ("注射用无菌粉末", "钾盐", "0.25g（40万单位）"),
                ("注射用无菌粉末", "钠盐", "0.48g（80万单位）"),
                ("注射用无菌粉末", "钠盐", "0.96g（160万单位）"),
            ],
        ),
        (
            "肠溶（片剂、胶囊）、（琥珀酸乙酯）片剂： 0. 125g",
            [
                ("肠溶片剂", None, "0.125g"),
                ("肠溶胶囊", None, "0.125g"),
                ("片剂", "琥珀酸乙酯", "0.125g"),
            ],
        ),
        ("片剂(Ⅰ)：每片含缬沙坦 80mg、氨氯地平 5mg", [("片剂", "Ⅰ", "每片含缬沙坦80mg、氨氯地平5mg")]),
        ("注射液：2ml ∶0. 1mg贴剂", [("注射液", None, "2ml∶0.1mg"), ("贴剂", None, None)]),
        ("片剂 胶囊：每粒装 0.4g", [("片剂", None, None), ("胶囊", None, "每粒装0.4g")]),
        ("片剂、缓释片", [("片剂", None, None), ("缓释片", None, None)]),
        ("灌肠剂（含甘油、山梨醇）", [("灌肠剂", "含甘油、山梨醇", None)]),
        ("注射液：0.9%（ 10ml、50ml ）、10% （10ml）", [
            ("注射液", None, "0.9%（10ml、50ml）"),
            ("注射液", None, "10%（10ml）"),
        ]),
        (
            "注射液：5ml ∶175mg（三七总皂苷）注射用无菌粉末：每瓶 （支）装 100mg 、150mg",
            [
                ("注射液", None, "5ml∶175mg（三七总皂苷）"),
                ("注射用无菌粉末", None, "每瓶（支）装100mg"),
                ("注射用无菌粉末", None, "每瓶（支）装150mg"),
            ],
        ),
        (
            ("人干扰素α1b注射液：10μg∶0.5ml 注射用人干扰素α1b ∶10μg 、30μg"
            "人干扰素α2a 注射液、注射用人干扰素α2a ∶300 万 IU"),
            [
                ("人干扰素α1b注射液", None, "10μg∶0.5ml"),
                ("注射用人干扰素α1b", None, "10μg"),
                ("注射用人干扰素α1b", None, "30μg"),
                ("人干扰素α2a注射液", None, "300万IU"),
                ("注射用人干扰素α2a", None, "300万IU"),
            ],
        ),
        (
            "丸剂：每丸重 9g，每 10 丸重 1.8g、2g，每袋装 6g 、9g 颗粒剂：每袋装 5g",
            [
                ("丸剂", None, "每丸重9g"),
                ("丸剂", None, "每10丸重1.8g"),
                ("丸剂", None, "每10丸重2g"),
                ("丸剂", None, "每袋装6g"),
                ("丸剂", None, "每袋装9g"),
                ("颗粒剂", None, "每袋装5g"),
            ],
        ),
        (
            "吸入气雾剂：每瓶 100 揿，每揿含布地奈德 200μg 吸入粉雾剂：80μg/4.5μg/吸、 160μg/4.5μg/ 吸",
            [
                ("吸入气雾剂", None, "每瓶100揿，每揿含布地奈德200μg"),
                ("吸入粉雾剂", None, "80μg/4.5μg/吸"),
                ("吸入粉雾剂", None, "160μg/4.5μg/吸"),
            ],
        ),
    ],
)  # fmt: skip
def test_shapes_of_the_published_list(cell: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    """Forms that share strengths, salts in brackets, missing blanks, words that hold for the next amount too."""
    assert expected == lines(cell)


def test_what_holds_for_all_strengths_goes_with_each() -> None:
    """A statement about each ml is no strength beside the packs, whichever comes first."""
    before = parse_forms("滴眼剂：每 1ml 相当于饮片 1mg，含珍珠液 0.02ml；每瓶（支）装 8ml 、10ml")
    after = parse_forms("合剂：每支装 10ml、 20ml ； 每 1ml 相当于饮片1.5g 、3.0g")
    one = "每1ml相当于饮片1mg，含珍珠液0.02ml"
    assert [("每瓶（支）装8ml", one), ("每瓶（支）装10ml", one)] == [
        (form.strength_text, form.remark) for form in before
    ]
    both = "每1ml相当于饮片1.5g；每1ml相当于饮片3.0g"
    assert [("每支装10ml", both), ("每支装20ml", both)] == [
        (form.strength_text, form.remark) for form in after
    ]


def test_alone_it_is_the_strength() -> None:
    """Where nothing else is said."""
    [form] = parse_forms("合剂：每 1ml 相当于饮片1.30g")
    assert ("每1ml相当于饮片1.30g", None, None) == (form.strength_text, form.strength, form.remark)


def test_a_strength_said_twice_is_one_line() -> None:
    """Of the same form."""
    assert [("片剂", None, "5mg")] == lines("片剂：5mg 、5mg")


@pytest.mark.parametrize("cell", ["见附件", "0.25g", "某药 片剂", "5mg 片剂：0.25g"])
def test_text_of_no_form_is_not_guessed_at(cell: str) -> None:
    """Every word belongs to a form, or the cell gives no line."""
    with pytest.raises(CellError, match="told apart"):
        parse_forms(cell)


FORMS = ["片剂", "胶囊", "注射液", "颗粒剂", "注射用无菌粉末", "缓释片", "氯化钠注射液", "软膏剂"]
STRENGTHS = ["0.25g", "5mg", "2ml∶0.1g", "0.5g（50万单位）", "1%", "50μg/揿", "100ml∶0.2g"]
SECTIONS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True),
        st.lists(st.sampled_from(STRENGTHS), min_size=1, max_size=4, unique=True),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda section: tuple(sorted(section[0])),
)


@given(SECTIONS, st.sampled_from(["", " "]), st.sampled_from(["", " "]))
def test_what_is_printed_is_what_is_read(
    sections: list[tuple[list[str], list[str]]], before_mark: str, in_number: str
) -> None:
    """Any sections, with or without the blanks of scanning: each form in each of its strengths, in order."""
    cell = " ".join(
        "、".join(forms) + "：" + f"{before_mark}、".join(strengths) for forms, strengths in sections
    )
    scanned = cell.replace("0.", f"0.{in_number}").replace("∶", f"{before_mark}∶")
    expected = [
        (form, None, strength) for forms, strengths in sections for form in forms for strength in strengths
    ]
    assert list(dict.fromkeys(expected)) == lines(scanned)


@given(st.text(alphabet="片剂胶囊注射液：∶、，；（）(0.125gml每袋装粒 αA", max_size=60))
def test_no_text_breaks_it(cell: str) -> None:
    """Lines or a CellError, never another error; ordinals count from 1."""
    try:
        found = parse_forms(cell)
    except CellError:
        return
    assert list(range(1, len(found) + 1)) == [form.ordinal for form in found]
