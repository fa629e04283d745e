"""Words of lists of medicines: kinds of lists, levels of entries, reasons for coming in and going out.

The reasons are those that the policy documents name. A word that is in no table is not guessed.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from schema.names import fold_text

Value = TypeVar("Value", bound=StrEnum)


class ListKind(StrEnum):
    """Kinds of lists that are published; what is held in reserve is of another kind of entity."""

    KEY_MONITORING = "key_monitoring"
    SHORTAGE = "shortage"
    DISCONTINUATION_REPORTABLE = "discontinuation_reportable"
    WATCH = "watch"


class EntryLevel(StrEnum):
    """How narrowly an entry says what it means: all of a name, of a form, of a strength, or one approval number."""

    SUBSTANCE = "substance"
    CONCEPT_FORM = "concept_form"
    CONCEPT_STRENGTH = "concept_strength"
    PRODUCT = "product"


class Direction(StrEnum):
    """Whether a line of a version is on the list, or says what has left it."""

    IN = "in"
    OUT = "out"


class ChangeReason(StrEnum):
    """Why a medicine comes onto a list (the first seven) or leaves it; `not_stated` is no reason but says so."""

    CLINICALLY_NECESSARY = "clinically_necessary"
    SHORT_OF_SUPPLY = "short_of_supply"
    POORLY_REPLACEABLE = "poorly_replaceable"
    SMALL_DEMAND = "small_demand"
    LOW_PRICE = "low_price"
    WEAK_MOTIVATION = "weak_motivation"
    STOP_REPORT_NEEDED = "stop_report_needed"
    MARKET_SUPPLIED = "market_supplied"
    COMPETITION = "competition"
    REPLACEABLE = "replaceable"
    OTHER = "other"
    NOT_STATED = "not_stated"


#: reasons that only go with one direction; the others go with both
_ONLY_IN = frozenset(
    (
        ChangeReason.CLINICALLY_NECESSARY,
        ChangeReason.SHORT_OF_SUPPLY,
        ChangeReason.POORLY_REPLACEABLE,
        ChangeReason.SMALL_DEMAND,
        ChangeReason.LOW_PRICE,
        ChangeReason.WEAK_MOTIVATION,
        ChangeReason.STOP_REPORT_NEEDED,
    )
)
_ONLY_OUT = frozenset((ChangeReason.MARKET_SUPPLIED, ChangeReason.COMPETITION, ChangeReason.REPLACEABLE))
#: 市场供应充足、能够形成有效竞争: several reasons in one cell
_SEPARATORS = re.compile("[、,，;；]")

_KINDS: dict[str, ListKind] = {
    **dict.fromkeys(
        ("临床必需易短缺药品重点监测清单", "重点监测清单", "易短缺药品重点监测清单", "key_monitoring"),
        ListKind.KEY_MONITORING,
    ),
    **dict.fromkeys(("短缺药品清单", "医疗机构短缺药品清单", "shortage"), ListKind.SHORTAGE),
    **dict.fromkeys(
        ("停产报告药品公告清单", "停产报告药品清单", "discontinuation_reportable"),
        ListKind.DISCONTINUATION_REPORTABLE,
    ),
    **dict.fromkeys(("专项监测清单", "专项监测药品清单", "watch"), ListKind.WATCH),
}
_DIRECTIONS: dict[str, Direction] = {
    **dict.fromkeys(("调入", "在列", "保留", "新增", "继续", "in"), Direction.IN),
    **dict.fromkeys(("调出", "移出", "删除", "out"), Direction.OUT),
}
_REASONS: dict[str, ChangeReason] = {
    **dict.fromkeys(("临床必需", "clinically_necessary"), ChangeReason.CLINICALLY_NECESSARY),
    **dict.fromkeys(("易短缺", "供应短缺", "供应不稳定", "short_of_supply"), ChangeReason.SHORT_OF_SUPPLY),
    **dict.fromkeys(("替代性差", "不可替代", "poorly_replaceable"), ChangeReason.POORLY_REPLACEABLE),
    **dict.fromkeys(("用量小", "small_demand"), ChangeReason.SMALL_DEMAND),
    **dict.fromkeys(("交易价格偏低", "价格偏低", "low_price"), ChangeReason.LOW_PRICE),
    **dict.fromkeys(("企业生产动力不足", "生产动力不足", "weak_motivation"), ChangeReason.WEAK_MOTIVATION),
    **dict.fromkeys(("需进行停产报告", "确需进行停产报告", "stop_report_needed"), ChangeReason.STOP_REPORT_NEEDED),
    **dict.fromkeys(("市场供应充足", "供应充足", "market_supplied"), ChangeReason.MARKET_SUPPLIED),
    **dict.fromkeys(("能够形成有效竞争", "形成有效竞争", "competition"), ChangeReason.COMPETITION),
    **dict.fromkeys(
        ("可被风险效益比或成本效益比更优的新品种所替代", "可被更优品种替代", "可被更优的新品种所替代", "replaceable"),
        ChangeReason.REPLACEABLE,
    ),
    **dict.fromkeys(("其他", "other"), ChangeReason.OTHER),
    **dict.fromkeys(("未说明", "not_stated"), ChangeReason.NOT_STATED),
}  # fmt: skip
_TABLES: dict[type[StrEnum], Mapping[str, StrEnum]] = {
    ListKind: _KINDS,
    Direction: _DIRECTIONS,
    ChangeReason: _REASONS,
}


def list_kind_of(word: str) -> ListKind | None:
    """The kind of list that a word stands for; None for a word that is not known."""
    return _exact(_KINDS, word)


def direction_of(word: str) -> Direction | None:
    """Whether a word says in or out; None for a word that is not known."""
    return _exact(_DIRECTIONS, word)


def reasons_of(words: str) -> tuple[ChangeReason, ...]:
    """The reasons that a cell names, in its order; none where any word in it is not known."""
    found = [_exact(_REASONS, word) for word in (words, *_SEPARATORS.split(words))]
    if found[0] is not None:
        return (found[0],)
    return tuple(each for each in found[1:] if each) if all(found[1:]) else ()


def goes_with(reason: ChangeReason, direction: Direction) -> bool:
    """Whether a reason can be one for coming in, or for leaving."""
    return reason not in (_ONLY_OUT if direction is Direction.IN else _ONLY_IN)


def known_words(of: type[StrEnum]) -> str:
    """The first word known for each value of a vocabulary, for a hint."""
    first: dict[StrEnum, str] = {}
    for word, value in _TABLES[of].items():
        first.setdefault(value, word)
    return "、".join(first.values())


def _exact(table: Mapping[str, Value], word: str) -> Value | None:
    return table.get(fold_text(word).replace(" ", ""))
