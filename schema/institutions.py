"""Medical institutions: their tiers, how well supplied they say to be, and what of that the public may know."""

from decimal import Decimal
from enum import StrEnum


class Tier(StrEnum):
    """The level that an institution was accredited at (医疗机构级别)."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"
    UNRATED = "unrated"


class Sufficiency(StrEnum):
    """How well supplied an institution says to be with a medicine (供应情况), codes 1 to 4 of the use monitoring."""

    SUFFICIENT = "sufficient"
    FAIRLY_SUFFICIENT = "fairly_sufficient"
    SHORT = "short"
    SEVERELY_SHORT = "severely_short"


class Availability(StrEnum):
    """Whether there is any of a medicine, as the public may know it."""

    IN_STOCK = "in_stock"
    FEW = "few"
    OUT_OF_STOCK = "out_of_stock"
    UNKNOWN = "unknown"


_TIERS = {
    Tier.PRIMARY: "一级 1 1级 基层",
    Tier.SECONDARY: "二级 2 2级",
    Tier.TERTIARY: "三级 3 3级",
    Tier.UNRATED: "未定级 未评级 9",
}
_SUFFICIENCIES = {
    Sufficiency.SUFFICIENT: "1 充足 供应充足",
    Sufficiency.FAIRLY_SUFFICIENT: "2 较充足 供应较充足",
    Sufficiency.SHORT: "3 短缺 供应短缺",
    Sufficiency.SEVERELY_SHORT: "4 严重短缺 供应严重短缺",
}
#: words of a column that says whether it is public, or whose it is
_PUBLIC = dict.fromkeys(["公立", "是", "1", "公立医疗机构", "政府办"], True) | dict.fromkeys(
    ["非公立", "民营", "私立", "社会办", "否", "2", "0", "非公立医疗机构", "社会办医疗机构"], False
)
_TIER_OF = {word: tier for tier, words in _TIERS.items() for word in words.split()}
_SUFFICIENCY_OF = {word: each for each, words in _SUFFICIENCIES.items() for word in words.split()}
#: 三级甲等, 二级乙等 … are of the tier before the grade
_GRADES = ("特等", "甲等", "乙等", "丙等", "合格", "甲", "乙", "丙", "医院")
_LEAST = {Sufficiency.SHORT, Sufficiency.SEVERELY_SHORT}


def tier_of(word: str) -> Tier | None:
    """The tier that a word means, as 三级, 三级甲等 or 3; None for any other."""
    plain = word
    for grade in _GRADES:
        plain = plain.removesuffix(grade)
    return _TIER_OF.get(plain)


def is_public_by(word: str) -> bool | None:
    """Whether a word says that an institution is public (公立, 民营, 是, 否 …); None for any other."""
    return _PUBLIC.get(word)


def sufficiency_of(word: str) -> Sufficiency | None:
    """How well supplied a word or code says, as 短缺 or 3; None for any other."""
    return _SUFFICIENCY_OF.get(word)


def availability_of(sufficiency: Sufficiency | None, stock_packs: Decimal | None) -> Availability:
    """Whether there is any. An empty shelf speaks louder than a word, a word louder than a count.

    Nothing stated is not the same as none.
    """
    if stock_packs is not None and stock_packs <= 0:
        return Availability.OUT_OF_STOCK
    if sufficiency is not None:
        return Availability.FEW if sufficiency in _LEAST else Availability.IN_STOCK
    return Availability.UNKNOWN if stock_packs is None else Availability.IN_STOCK
