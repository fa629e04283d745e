"""Names: folding, keys that keep products apart, and tokens that make them findable."""

import pytest

from schema.names import fold_text, name_key
from schema.search import query_tokens, search_tokens


def found(query: str, name_zh: str, *others: str) -> bool:
    """Whether a search for the query hits a medicine with these names."""
    wanted = query_tokens(query)
    return bool(wanted) and set(wanted) <= set(search_tokens(name_zh, *others))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("０．２５ｇ＊２４片", "0.25g*24片"),
        ("10ml∶0.5mg", "10ml:0.5mg"),
        ("10ml：0.5mg", "10ml:0.5mg"),
        ("0.25g×12片✕2板", "0.25g*12片*2板"),
        ("注射用【冻干】［125I］", "注射用(冻干)(125I)"),
        ("A—B－C–D", "A-B-C-D"),
        (" 注射用\u3000头孢 曲松 ", "注射用头孢曲松"),
        ("维生素 K1", "维生素K1"),
        ("Aspirin   Tablets", "Aspirin Tablets"),
        ("㎎㎖µg", "mgmlμg"),
        ("（Ⅰ）（Ⅱ）Ⅲ", "(I)(II)III"),
        ("\ufeff阿司\u200b匹林", "阿司匹林"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    """One spelling for marks, widths, brackets and blanks."""
    assert fold_text(text) == folded


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("复方氨基酸注射液（18AA－Ⅰ）", "复方氨基酸注射液(18aa-I)"),
        ("葡萄糖注射液 (Ⅱ)", "葡萄糖注射液（II）"),
        ("碘[131I]化钠", "碘〔131Ｉ〕化钠"),
        ("Ringer’s  Solution", "ringer's solution"),
    ],
)
def test_equal_keys(a: str, b: str) -> None:
    """Spellings of one name share a key."""
    assert name_key(a) == name_key(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("复方氨基酸注射液(18AA-Ⅰ)", "复方氨基酸注射液(18AA-Ⅱ)"),
        ("复方氨基酸注射液(Ⅱ)", "复方氨基酸注射液(Ⅲ)"),
        ("维生素B1", "维生素B12"),
        ("葡萄糖(1)", "葡萄糖(I)"),
    ],
)
def test_different_keys(a: str, b: str) -> None:
    """Roman numerals and digits keep products apart."""
    assert name_key(a) != name_key(b)


@pytest.mark.parametrize(
    "query",
    [
        "阿司匹林肠溶片",
        "匹林",
        "片",
        "肠溶 阿司匹林",
        "asipilin",
        "asipilinchangrongpian",
        "aspl",
        "ASPLCRP",
        "crp",
        "aspirin",
        "coated as",
        "拜阿司匹灵",
        "h20140210",
        "Ｈ２０１４",
        "阿司匹林 h2014",
        "bayasp",
    ],
)
def test_found(query: str) -> None:
    """Parts in any order, pinyin, initials, English and codes all find the medicine."""
    names = ("阿司匹林肠溶片", "Aspirin Enteric-coated Tablets", "拜阿司匹灵", "Bayaspirin", "H20140210")
    assert found(query, *names)


@pytest.mark.parametrize("query", ["阿莫", "阿匹", "amxl", "sp in", "h2015", "pirin", "", "，。", "国药准字"])
def test_not_found(query: str) -> None:
    """Other characters, inner parts of words, and empty queries find nothing."""
    assert not found(query, "阿司匹林肠溶片", "Aspirin Tablets", "H20140210")


def test_domestic_number_is_found_with_and_without_its_words() -> None:
    """国药准字 selects nothing, so it is not asked for."""
    code = "国药准字H20057000"
    assert query_tokens("国药准字 H20057000") == query_tokens("国药准字H20057000") == ["h20057000"]
    assert found("H20057000", "头孢曲松", code)
    assert found("国药准字H2005", "头孢曲松", code)


def test_long_codes_are_not_cut() -> None:
    """Two codes that differ in the last digit stay apart."""
    assert found("XL02BBA326A001010102180", "甲", "XL02BBA326A001010102180")
    assert not found("XL02BBA326A001010102181", "甲", "XL02BBA326A001010102180")


def test_long_chinese_query_asks_for_its_eight_grams() -> None:
    """A query above eight characters is the AND of its 8-grams."""
    assert query_tokens("注射用头孢曲松钠他唑") == [
        "注射用头孢曲松钠",
        "射用头孢曲松钠他",
        "用头孢曲松钠他唑",
    ]


def test_roman_numerals_in_a_query() -> None:
    """Punctuation and numerals may be written in any way."""
    name = "复方氨基酸注射液（18AA-Ⅱ）"
    assert found("氨基酸 18aa", name)
    assert found("复方氨基酸注射液(18AA-II)", name)


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("阿胶补血颗粒", ["ejbx", "ejiao", "ajbx"]),
        ("重组人胰岛素", ["czryds", "zzryds", "chongzu"]),
        ("血塞通片", ["xuesaitong", "xst"]),
        ("氯化钠注射液", ["lvhuana", "lhn"]),
        ("维生素K1注射液", ["wssk1", "weishengsuk1"]),
        ("长春新碱", ["ccxj", "changchun"]),
        ("罂粟壳", ["ysk", "ysq"]),
    ],
)
def test_pinyin_and_heteronyms(name: str, queries: list[str]) -> None:
    """The reading of the phrase dictionary and the other one people type both find the name."""
    assert [query for query in queries if not found(query, name)] == []


def test_tokens_are_sorted_and_distinct() -> None:
    """The token list is a stable value."""
    tokens = search_tokens("复方丹参片", "复方丹参片")
    assert tokens == sorted(set(tokens))


def test_no_name_no_tokens() -> None:
    """Nothing comes of nothing."""
    assert search_tokens("", "（）") == []
