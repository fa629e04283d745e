"""Concepts: what makes two medicines one concept, and what keeps them apart or out of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.concepts import concept_of, form_group
from schema.identifiers import IdentifierError
from schema.trace_codes import trace_prefix_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("阿莫西林胶囊", "胶囊剂", "0.25g"), ("阿莫西林", "胶囊", "250mg*24粒")),
        (("布洛芬缓释胶囊", "胶囊剂（缓释）", "0.3g"), ("布洛芬缓释胶囊", None, "０．３ｇ")),
        (("注射用硝普钠", "注射剂", "50mg"), ("硝普钠", "注射剂（冻干粉针剂）", "50mg*1支")),
        (("地高辛片", "片剂", "0.25mg"), ("地高辛片", "薄膜衣片", "0.25mg")),
        (("盐酸二甲双胍缓释片（Ⅱ）", "缓释片", "0.5g"), ("盐酸二甲双胍缓释片(II)", "片剂", "500mg")),
    ],
)
def test_spellings_of_one_concept(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """A form in the name or in its own cell, a unit or a width do not tell medicines apart."""
    assert concept_of(*one) is not None
    assert concept_of(*one) == concept_of(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("盐酸氨溴索片", "片剂", "30mg"), ("氨溴索片", "片剂", "30mg")),
        (("苯磺酸氨氯地平片", None, "5mg"), ("马来酸氨氯地平片", None, "5mg")),
        (("盐酸二甲双胍缓释片（Ⅰ）", None, "0.5g"), ("盐酸二甲双胍缓释片（Ⅱ）", None, "0.5g")),
        (("硝苯地平缓释片", None, "30mg"), ("硝苯地平控释片", None, "30mg")),
        (("阿司匹林片", None, "0.1g"), ("阿司匹林肠溶片", None, "0.1g")),
        (("阿莫西林胶囊", None, "0.25g"), ("阿莫西林胶囊", None, "0.5g")),
        (("地塞米松注射液", None, "1ml:2mg"), ("地塞米松注射液", None, "2ml:4mg")),
        (("马来酸氨氯地平片", None, "5mg(以氨氯地平计)"), ("马来酸氨氯地平片", None, "5mg")),
    ],
)
def test_what_tells_medicines_apart(
    one: tuple[str, str | None, str], other: tuple[str, str | None, str]
) -> None:
    """Salts, Roman numerals, release, strength and what it is counted as are never folded."""
    assert concept_of(*one) is not None
    assert concept_of(*other) is not None
    assert concept_of(*one) != concept_of(*other)


@pytest.mark.parametrize(
    ("name", "form", "specification"),
    [
        ("地高辛片", "片剂", None),
        ("硫酸阿托品注射液", "注射剂", "1ml:0.5mg；1ml:5mg"),
        ("葡萄糖注射液", "注射液", "100ml"),
        ("重组人胰岛素注射液", "注射液", "3ml:300单位（笔芯）"),
        ("硝苯地平缓释片", "控释片", "30mg"),
        ("阿莫西林胶囊", "片剂", "0.25g"),
        ("地高辛片", "某种新剂型", "0.25mg"),
        ("维生素K1", None, "10mg"),
        ("", None, "10mg"),
    ],
)
def test_what_is_in_doubt_has_no_concept(name: str, form: str | None, specification: str | None) -> None:
    """No strength or two, words that were not understood, a form that nobody or both name."""
    assert concept_of(name, form, specification) is None


def test_a_name_that_ends_like_a_form() -> None:
    """乳酸菌素片 is a tablet of 乳酸菌素, not a plain tablet (素片) of 乳酸菌."""
    concept = concept_of("乳酸菌素片", None, "0.4g")
    assert concept is not None
    assert ("乳酸菌素", "片剂") == (concept.generic_name, concept.form_group)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("片剂(肠溶)", "肠溶片"),
        ("片剂（薄膜衣片）", "片剂"),
        ("丸剂（大蜜丸）", "大蜜丸"),
        ("注射剂（冻干粉针剂）", "注射用粉末"),
        ("片剂（某种）", None),
        ("", None),
    ],
)
def test_groups_of_forms(text: str, group: str | None) -> None:
    """The note in brackets makes a general word particular; an unknown one makes it unknown."""
    assert group == form_group(text)


@given(
    st.text(max_size=30), st.none() | st.text(max_size=20), st.none() | st.sampled_from(["5mg", "1ml:2mg"])
)
def test_any_text_has_a_concept_or_none(name: str, form: str | None, specification: str | None) -> None:
    """Without a strength it never has one; one that it has has all three parts."""
    concept = concept_of(name, form, specification)
    if concept is not None:
        assert specification is not None
        assert all((concept.generic_name, concept.form_group, concept.strength))


@pytest.mark.parametrize(
    "text", ["81234560000000000001", "8123456", "8123 4560 0000 0000 0001", "８１２３４５６"]
)
def test_the_prefix_of_a_trace_code(text: str) -> None:
    """Of the whole code or alone: seven digits."""
    assert "8123456" == trace_prefix_of(text)


@pytest.mark.parametrize("text", ["", "7123456", "812345", "8123456000000000000", "8.12E+19", "(01)069"])
def test_what_is_no_trace_code(text: str) -> None:
    """Another length, another start, a number that a spreadsheet rounded."""
    with pytest.raises(IdentifierError) as caught:
        trace_prefix_of(text)
    assert "trace_code.shape" == caught.value.code
