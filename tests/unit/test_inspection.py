"""What a text can be: every kind of code it fits, why it is none, and the parts of a label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.inspection import read_codes
from schema.medicine_labels import LabelWords, read_label


@pytest.mark.parametrize(
    ("text", "kind", "normal"),
    [
        ("国药准字Ｈ２００５９００１", "approval_number", "国药准字H20059001"),
        ("86902551000259", "standard_code", "86902551000259"),
        ("XA02AXX095A001010103357", "nhsa_code", "XA02AXX095A001010103357"),
        ("6901339924484", "ean13", "6901339924484"),
        ("81234560000000000001", "trace_prefix", "8123456"),
        ("91999999MA0000000K", "uscc", "91999999MA0000000K"),
        ("4401", "region_code", "440100"),
    ],
)
def test_a_code_is_read_as_what_it_is(text: str, kind: str, normal: str) -> None:
    """In normal form, with its parts."""
    [found] = [each for each in read_codes(text) if each.normal is not None]
    assert (kind, normal) == (found.kind, found.normal)
    assert found.parts


def test_a_wrong_check_digit_is_told_with_the_right_one() -> None:
    """Which one it is and which it should be."""
    [found] = [each for each in read_codes("86902551000258") if each.kind == "standard_code"]
    assert (None, "standard_code.check") == (found.normal, found.error_code)
    assert found.hint is not None
    assert "9" in found.hint.zh
    assert "8" in found.hint.zh


@pytest.mark.parametrize(
    ("text", "meant"),
    [("国药准字H2OO59001", "国药准字H20059001"), ("869O2551OOO259", "86902551000259")],
)
def test_letters_for_digits_are_told_with_what_they_may_mean(text: str, meant: str) -> None:
    """The code itself is not right: nothing is replaced."""
    assert [(None, (meant,))] == [(each.normal, each.meant) for each in read_codes(text)]


def test_scientific_notation_is_no_code() -> None:
    """Its last digits are lost; nothing is guessed."""
    found = read_codes("8.69026E+13")
    assert {"standard_code.scientific", "ean13.scientific"} == {each.error_code for each in found}
    assert [()] * len(found) == [each.meant for each in found]


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Whatever is typed."""
    read_codes(text)
    read_label(text)


@pytest.mark.parametrize(
    "text",
    [
        "地高辛片 0.25mg*30片 演示制药（甲）有限公司 国药准字H20099007",
        "地高辛片0.25mg*30片演示制药（甲）有限公司国药准字H20099007",
        "演示制药（甲）有限公司 地高辛片 0.25mg*30片 国药准字H20099007",
        "地高辛片０．２５ｍｇ＊３０片 演示制药（甲）有限公司 国药准字Ｈ２００９９００７",
    ],
)
def test_a_label_is_taken_apart(text: str) -> None:
    """With blanks, without any, and with the company first."""
    assert read_label(text) == LabelWords(
        "地高辛片", "0.25mg*30片", "演示制药(甲)有限公司", "国药准字H20099007"
    )


def test_digits_of_a_name_are_no_specification() -> None:
    """维生素B12 is a name."""
    found = read_label("维生素B12片 25μg*100片")
    assert ("维生素B12片", "25μg*100片") == (found.name, found.specification)
