"""Text of scanned tables: which blanks go and which stay."""

import pytest

from connectors.scanned import printed, whole_numbers
from connectors.strengths import strength_of


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("0. 125g", "0.125g"),
        ("0.25g （40 万单位）", "0.25g（40万单位）"),
        ("4 ∶1", "4∶1"),
        ("96. 11元(0.5ml/瓶)", "96.11元(0.5ml/瓶)"),
        ("50μg/ 揿", "50μg/揿"),
        ("7cm × 10cm", "7cm×10cm"),
        ("补液盐 Ⅰ补液盐Ⅱ", "补液盐Ⅰ补液盐Ⅱ"),
        ("★（16）", "★（16）"),
        ("注释 1 △", "注释1△"),
        ("Benzathine  Benzylpenicillin", "Benzathine Benzylpenicillin"),
        ("5 mg 10 mg", "5 mg 10 mg"),
    ],
)
def test_idle_blanks_go(raw: str, read: str) -> None:
    """Beside Chinese characters, signs and inside numbers; between Latin words one stays."""
    assert read == printed(raw)


def test_a_blank_between_two_numbers_parts_them() -> None:
    """Only a point says that a number goes on."""
    assert "10 20" == whole_numbers("10 20")


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("0.25g", "250mg"),
        ("0.25g（40万单位）", "250mg(400000IU)"),
        ("每袋（瓶）装6g", "装6000mg"),
        ("每袋装5g（相当于饮片10g）", "装5000mg"),
        ("0.38g(相当于饮片2.86g)/粒", "380mg"),
        ("2ml∶0.1mg", "2ml:0.1mg"),
        ("每瓶100揿，每揿含布地奈德200μg", None),
        ("250ml（莫西沙星0.4g与氯化钠2.0g）", None),
        ("1g（曲安奈德1mg与硝酸益康唑10mg）", None),
        ("", None),
    ],
)
def test_a_strength_is_taken_whole_or_not_at_all(text: str, strength: str | None) -> None:
    """The mass of a cream is not the strength of what is in it."""
    assert strength == strength_of(text)
