"""Words of procurement platforms: ways of purchase, states of a price, yes and no.

What platforms write is put into controlled vocabularies by these tables and by nothing else; a word that is in
no table is not guessed.
"""

from enum import StrEnum

from schema.names import name_key


class PurchaseMode(StrEnum):
    """How a medicine came to its price and is bought (采购方式)."""

    #: 集采: volume-based procurement
    VOLUME_BASED = "volume_based"
    #: 国谈: price agreed with the insurance
    NEGOTIATED = "negotiated"
    #: 挂网: listed by the platform, bought at or below that price
    LISTED = "listed"
    #: 备案: not on the platform, filed by the institution
    FILED = "filed"
    #: 议价: bargained by the institution
    BARGAINED = "bargained"
    #: 招标: won a tender
    TENDERED = "tendered"
    #: 定点生产: made by designation at one price for all
    DESIGNATED = "designated"


class PriceState(StrEnum):
    """What a platform says of a price; four different things."""

    STATED = "stated"
    #: 0, and nothing says that it is confidential
    ZERO = "zero"
    #: there is one, and it is kept secret
    CONFIDENTIAL = "confidential"
    #: nothing stands there
    MISSING = "missing"


_MODES: dict[str, PurchaseMode] = {
    **dict.fromkeys(
        ("集采", "集中采购", "带量采购", "集中带量采购", "国家集采", "省级集采", "联盟集采", "集采中选"),
        PurchaseMode.VOLUME_BASED,
    ),
    **dict.fromkeys(("国谈", "谈判", "国家谈判", "国家谈判药品", "医保谈判"), PurchaseMode.NEGOTIATED),
    **dict.fromkeys(
        ("挂网", "直接挂网", "阳光挂网", "挂网采购", "直接挂网采购", "自主挂网", "短缺药品直接挂网"),
        PurchaseMode.LISTED,
    ),
    **dict.fromkeys(("备案", "备案采购", "自主备案", "自主备案采购"), PurchaseMode.FILED),
    **dict.fromkeys(("议价", "议价采购", "自主议价", "价格谈判采购"), PurchaseMode.BARGAINED),
    **dict.fromkeys(("招标", "招标采购", "中标", "双信封招标"), PurchaseMode.TENDERED),
    **dict.fromkeys(("定点", "定点生产", "国家定点生产", "统一定价"), PurchaseMode.DESIGNATED),
}
_YES = frozenset(("是", "1", "y", "yes", "true", "有"))
_NO = frozenset(("否", "0", "n", "no", "false", "不是"))
#: by which a price is kept secret
_SECRET_WORDS = frozenset(("保密", "价格保密"))


def purchase_mode_of(text: str) -> PurchaseMode | None:
    """The way of purchase that a word names; None for a word that is not known."""
    return _MODES.get(name_key(text))


def yes_or_no(text: str) -> bool | None:
    """是 or 否 in any of their spellings; None for anything else."""
    key = name_key(text)
    return True if key in _YES else False if key in _NO else None


def hides_price(text: str) -> bool:
    """Whether a cell says that there is a price and it is secret: asterisks, or the word."""
    key = name_key(text)
    return key in _SECRET_WORDS or (bool(key) and not key.strip("*"))
