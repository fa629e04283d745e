"""Specification text: what is understood, what is left alone, and when two strengths agree."""

from decimal import Decimal

import pytest

from schema.quantities import (
    Agreement,
    Amount,
    QuantityKind,
    Specification,
    Strength,
    parse_specification,
    strengths_agree,
)


def texts(text: str) -> list[str]:
    """Canonical strengths of a specification text."""
    return [strength.text for strength in parse_specification(text).strengths]


def agreement(a: str, b: str) -> Agreement:
    """Agreement of two specification texts."""
    return strengths_agree(parse_specification(a), parse_specification(b))


def test_full_width_text_is_understood_whole() -> None:
    """Strength, count and unit of the commonest form, in full width."""
    assert parse_specification("０．２５ｇ＊２４片") == Specification(
        strengths=(Strength((Amount(QuantityKind.MASS, Decimal(250), "mg"),)),),
        pack_count=24,
        unit="片",
        rest="",
    )


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("5㎎", "5mg"),
        ("5毫克", "5mg"),
        ("0.5克", "500mg"),
        ("100µg", "0.1mg"),
        ("100μg", "0.1mg"),
        ("100ug", "0.1mg"),
        ("10㎖", "10ml"),
        ("0.5L", "500ml"),
        ("25万单位", "250000IU"),
        ("10,000IU", "10000IU"),
        ("300U", "300IU"),
        ("0.9%", "0.9%"),
        ("5mmol", "5mmol"),
        ("500KIU", "500kiu"),
        ("0. 1g", "100mg"),
        ("7cm×10cm", "7cm*10cm"),
    ],
)
def test_units_are_canonical(text: str, strength: str) -> None:
    """Every way to write a unit leads to one; units of other kinds stay themselves."""
    assert texts(text) == [strength]


@pytest.mark.parametrize(
    "text",
    [
        "10ml:0.5mg",
        "10ml：0.5mg",
        "10ml∶0.5mg",
        "0.5mg:10ml",
        "0.5mg/10ml",
        "10ML:500UG",
        "10ml*0.5mg",
        "每支装 10ml ∶0.5mg",
    ],
)
def test_a_ratio_has_one_form(text: str) -> None:
    """Order and mark of a ratio of volume and content do not matter."""
    assert texts(text) == ["10ml:0.5mg"]


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("10mg；20mg", ["10mg", "20mg"]),
        ("1ml∶0. 1g 、2ml ∶0.2g", ["1ml:100mg", "2ml:200mg"]),
        ("325mg*30mg*15mg*10s", ["325mg*30mg*15mg"]),
        ("50mg/1000mg", ["50mg*1000mg"]),
        ("80μg/4.5μg/吸", ["0.08mg*0.0045mg"]),
        ("100ml:0.2g:0.9g", ["100ml:200mg:900mg"]),
        ("10g:0.1g", ["10000mg:100mg"]),
        ("0.5mg/ml", ["0.5mg/ml"]),
        ("0.1mg(以芬太尼计)", ["0.1mg(以芬太尼计)"]),
        ("按芬太尼计0.1mg", ["0.1mg(以芬太尼计)"]),
        ("3ml:60mg/支(按玻璃酸钠计)", ["3ml:60mg(以玻璃酸钠计)"]),
        ("0.25g（40 万单位）", ["250mg(400000IU)"]),
        ("每粒装0.3g", ["装300mg"]),
        ("每片重0.3g", ["重300mg"]),
        ("每粒0.3g", ["300mg"]),
    ],
)
def test_forms_of_strength(text: str, strengths: list[str]) -> None:
    """Several presentations, compounds, concentrations, notes and filling weights."""
    assert texts(text) == strengths


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("0.25g*24片", 24, "片"),
        ("0.25g×12片×2板", 24, "片"),
        ("12.5mg x 7 片", 7, "片"),
        ("10片/板×2板/盒", 20, "片"),
        ("2ml*10支", 10, "支"),
        ("2ML:0.1G×10支/盒", 10, "支"),
        ("0.25g/片，24片/盒", 24, "片"),
        ("每盒24片", 24, "片"),
        ("200揿，50μg/揿", 200, "揿"),
        ("0.25g*24", 24, None),
        ("10mg*7片;20mg*7片", 7, "片"),
        ("1g/袋", None, "袋"),
        ("0.25g", None, None),
    ],
)
def test_packs(text: str, count: int | None, unit: str | None) -> None:
    """Counts multiply along an unbroken chain of packaging."""
    specification = parse_specification(text)
    assert (specification.pack_count, specification.unit, specification.rest) == (count, unit, "")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("0.25g*24片*10盒", "24片*10盒"),
        ("10mg*7片;20mg*14片", "7片;14片"),
        ("10mg;20mg*7片", "7片"),
        ("0.25g/片*24粒", "24粒"),
        ("12片*12片", "12片*12片"),
        ("400片/箱", "400片/箱"),
    ],
)
def test_a_doubtful_pack_is_not_counted(text: str, rest: str) -> None:
    """Middle boxes, differing packs and units that contradict each other stay in the rest."""
    specification = parse_specification(text)
    assert (specification.pack_count, specification.rest) == (None, rest)


@pytest.mark.parametrize(
    "text",
    [
        "0.5",
        "100mg*10/(100mg*3)",
        "5~10mg",
        "0mg",
        "80/4.5μg",
        "100ml:丁苯酞25mg与氯化钠0.9g",
        "每片含磷酸西格列汀50mg和盐酸二甲双胍1000mg",
        "每100粒重6g",
        "10mg 20mg",
        "10ml:0.5mg*2ml",
        "0.5万g",
        "10ml含0.5mg",
    ],
)
def test_what_is_not_understood_is_kept(text: str) -> None:
    """A text outside the grammar yields no strength and comes back as it is (folded)."""
    assert parse_specification(text) == Specification(rest=text)


def test_unknown_notes_do_not_hide_the_strength() -> None:
    """A bracket nobody can read is kept beside the strength that was read."""
    specification = parse_specification("片剂：0.33g（含三七总皂苷60mg）*24片 铝塑")
    assert texts("0.33g（含三七总皂苷60mg）") == ["330mg"]
    assert (specification.pack_count, specification.rest) == (24, "片剂;铝塑;(含三七总皂苷60mg)")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("0.25g", "250mg*24片"),
        ("0.25g*12片", "0.25g*24片"),
        ("10mg；20mg", "20mg"),
        ("10ml:0.5mg", "0.5mg/10ml"),
        ("0.1mg(以芬太尼计)", "0.1mg"),
        ("0.1mg(以芬太尼计)", "按芬太尼计100μg"),
        ("0.25g(40万单位)", "40万单位"),
        ("0.25g", "0.25g*24片 铝塑"),
        ("每粒装0.3g", "0.3g"),
        ("0.5mg/ml", "500μg/ml"),
    ],
)
def test_agree(a: str, b: str) -> None:
    """The same strength in other words."""
    assert agreement(a, b) is Agreement.AGREE


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("0.25g", "0.5g"),
        ("10ml:0.5mg", "10ml:1mg"),
        ("2ml:0.1g", "1ml:0.1g"),
        ("10mg；20mg", "5mg；40mg"),
        ("0.1mg(以芬太尼计)", "0.2mg(以芬太尼计)"),
        ("0.25g(40万单位)", "50万单位"),
        ("0.5mg/ml", "10ml:1mg"),
        ("325mg*30mg", "325mg*15mg"),
    ],
)
def test_differ(a: str, b: str) -> None:
    """Both sides are understood and comparable, and nothing matches."""
    assert agreement(a, b) is Agreement.DIFFER


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ("0.25g", "", "one side says nothing"),
        ("0.25g", "0.5", "no unit"),
        ("0.25g", "25万单位", "mass and activity"),
        ("100ml:5g", "5%", "ratio and percent"),
        ("0.1mg(以芬太尼计)", "0.157mg", "base against salt"),
        ("0.1mg(以芬太尼计)", "0.1mg(以枸橼酸芬太尼计)", "two bases"),
        ("每粒装0.3g", "0.25g", "filling against content"),
        ("0.5mg/ml", "10ml:5mg", "the ratio agrees, the volume is not known"),
        ("0.33g（含三七总皂苷60mg）", "0.33g（含三七总皂苷120mg）", "unread notes differ"),
        ("0.25g（薄膜衣）", "0.5g", "something unread"),
        ("50mg/1000mg", "1000mg/50mg", "the ingredients may be swapped"),
        ("0.5g:0.125g", "0.625g", "parts and their sum"),
        ("0.25g(40万单位)", "0.25g(50万单位)", "one expression agrees, the other contradicts"),
        ("500KIU", "500IU", "units of another kind"),
    ],
)
def test_unknown(a: str, b: str, why: str) -> None:
    """In doubt nothing is claimed."""
    assert agreement(a, b) is Agreement.UNKNOWN, why
