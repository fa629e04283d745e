"""Names that scanning cut in the wrong place."""

import pytest

from connectors.essential_medicines.names import is_mended, names


@pytest.mark.parametrize(
    ("zh", "en", "mended"),
    [
        ("维生素", "B12 Vitamin B12", ("维生素B12", "Vitamin B12")),
        ("碳酸钙", "D3 Calcium Carbonate and Vitamin D3", ("碳酸钙D3", "Calcium Carbonate and Vitamin D3")),
        ("复方氨基酸 18", "AA Compound Amino Acid 18AA", ("复方氨基酸18AA", "Compound Amino Acid 18AA")),
        ("桉柠蒎 Eucalyptol，", "Limonene and Pinene", ("桉柠蒎", "Eucalyptol, Limonene and Pinene")),
        ("咖啡因 Caﬀ", "eine", ("咖啡因", "Caffeine")),
        ("多种维生素（ 12 ） Multivitamin（ 12 ）", None, ("多种维生素（12）", "Multivitamin(12)")),
    ],
)
def test_words_go_where_the_text_shows_they_belong(zh: str, en: str | None, mended: tuple[str, str]) -> None:
    """English words behind the Chinese, and what the English name has at both ends."""
    assert mended == names(zh, en)
    assert is_mended(zh, en)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("阿莫西林", "Amoxicillin"),
        ("维A酸", "Tretinoin"),
        ("石杉碱甲", "HuperzineA"),
        ("羟乙基淀粉 130/0.4", "Hydroxyethyl Starch 130/0.4"),
        ("美沙拉秦（嗪）", "Mesalazine"),
        ("某药", "B12 Something Else"),
        ("九味羌活丸（颗粒）", None),
    ],
)
def test_what_could_be_either_stays(zh: str, en: str | None) -> None:
    """No rule of thumb: where the text does not show it, nothing is moved."""
    assert not is_mended(zh, en)
