"""Words of production and supply: units of quantities, how supply stands, kinds and causes of notices.

What holders write is put into controlled vocabularies by these tables and by nothing else. A word that is in no
table is not guessed; only a cause, which is free text, has the remaining class `other`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from schema.names import fold_text

Value = TypeVar("Value", bound=StrEnum)


class SupplyStatus(StrEnum):
    """How a holder says supply stands (供应状态)."""

    NORMAL = "normal"
    TIGHT = "tight"
    SHORT = "short"
    REDUCED = "reduced"
    SUSPENDED = "suspended"
    STOPPED = "stopped"


class NoticeKind(StrEnum):
    """What a notice tells of: production stops for good or until further notice, pauses, shrinks, or is taken up."""

    STOP = "stop"
    SUSPEND = "suspend"
    REDUCE = "reduce"
    RESUME = "resume"


class Planning(StrEnum):
    """Whether a stop was planned (计划停产) or not (非计划停产)."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"


class StopCause(StrEnum):
    """Why production stops, after the causes that the policy documents tell apart."""

    ENVIRONMENT = "environment"
    QUALITY = "quality"
    SUBSTANCE = "substance"
    PRICE = "price"
    DEMAND_SURGE = "demand_surge"
    LOW_DEMAND = "low_demand"
    DISTRIBUTION = "distribution"
    DISASTER = "disaster"
    APPROVAL = "approval"
    RELOCATION = "relocation"
    EQUIPMENT = "equipment"
    BUSINESS = "business"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProductionUnit:
    """A unit as written: so many (`factor`) of a `base` unit; 万片 is 10,000 片."""

    base: str
    factor: Decimal


#: measures; base units are kilogram, litre and international unit
_MEASURES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("kg", "千克", "公斤"), ("kg", "1")),
    **dict.fromkeys(("g", "克"), ("kg", "0.001")),
    **dict.fromkeys(("t", "吨"), ("kg", "1000")),
    **dict.fromkeys(("l", "升"), ("L", "1")),
    **dict.fromkeys(("ml", "毫升"), ("L", "0.001")),
    **dict.fromkeys(("iu", "u", "单位", "国际单位"), ("IU", "1")),
}
#: counting words of preparations and packs; one is never turned into another, for that needs the pack's size
_COUNTED = frozenset("片粒丸支瓶袋盒贴揿喷枚板包剂套只桶箱听管安瓿")
_SYNONYMS = {"胶囊": "粒", "安瓿": "支", "小盒": "盒", "小袋": "袋"}
_MULTIPLIERS = {
    "": "1", "十": "10", "百": "100", "千": "1000", "万": "10000", "十万": "100000", "百万": "1000000",
    "千万": "10000000", "亿": "100000000", "十亿": "1000000000",
}  # fmt: skip
_MULTIPLIED = re.compile(r"^([十百千万亿]{0,2})(.+)$")


def parse_unit(text: str) -> ProductionUnit | None:
    """The unit of a quantity; None for a word that is not known."""
    word = fold_text(text).casefold().strip("() ")
    if measure := _MEASURES.get(word):
        return ProductionUnit(measure[0], Decimal(measure[1]))
    found = _MULTIPLIED.match(word)
    if not found or found[1] not in _MULTIPLIERS:
        return None
    factor = Decimal(_MULTIPLIERS[found[1]])
    if measure := _MEASURES.get(found[2]):
        return ProductionUnit(measure[0], factor * Decimal(measure[1]))
    base = _SYNONYMS.get(found[2], found[2])
    return ProductionUnit(base, factor) if base in _COUNTED else None


_STATUSES: dict[str, SupplyStatus] = {
    **dict.fromkeys(
        ("正常", "充足", "较充足", "供应正常", "供应充足", "正常供应", "正常生产"), SupplyStatus.NORMAL
    ),
    **dict.fromkeys(("紧张", "偏紧", "供应紧张", "供应偏紧", "库存紧张"), SupplyStatus.TIGHT),
    **dict.fromkeys(("短缺", "严重短缺", "供应短缺", "缺货", "断货"), SupplyStatus.SHORT),
    **dict.fromkeys(("减产", "限产", "减量供应"), SupplyStatus.REDUCED),
    **dict.fromkeys(("暂停", "暂停生产", "临时停产", "暂停供应"), SupplyStatus.SUSPENDED),
    **dict.fromkeys(("停产", "停供", "停止生产", "停止供应", "已停产"), SupplyStatus.STOPPED),
}
_KINDS: dict[str, NoticeKind] = {
    # 0 and 1 are the codes of a provincial log of stops and resumptions (企业停复产日志)
    **dict.fromkeys(("0", "停产", "停产报告", "停产通知", "停止生产", "停供"), NoticeKind.STOP),
    **dict.fromkeys(("暂停", "暂停生产", "临时停产", "短期停产"), NoticeKind.SUSPEND),
    **dict.fromkeys(("减产", "限产", "减产通知"), NoticeKind.REDUCE),
    **dict.fromkeys(("1", "复产", "恢复", "恢复生产", "复产报告", "复产通知", "恢复供应"), NoticeKind.RESUME),
}
_PLANNINGS: dict[str, Planning] = {
    **dict.fromkeys(("计划", "计划内", "计划停产", "计划性停产"), Planning.PLANNED),
    **dict.fromkeys(("非计划", "计划外", "非计划停产", "非计划性停产", "突发停产"), Planning.UNPLANNED),
}


def supply_status_of(word: str) -> SupplyStatus | None:
    """The status that a word stands for; None for a word that is not known."""
    return _exact(_STATUSES, word)


def notice_kind_of(word: str) -> NoticeKind | None:
    """The kind of notice that a word stands for; None for a word that is not known."""
    return _exact(_KINDS, word)


def planning_of(word: str) -> Planning | None:
    """Whether a word says planned or not; None for a word that is not known."""
    return _exact(_PLANNINGS, word)


def known_words(of: type[StrEnum]) -> str:
    """The first words known for each value of a vocabulary, for a hint."""
    tables: dict[type[StrEnum], Mapping[str, StrEnum]] = {
        SupplyStatus: _STATUSES,
        NoticeKind: _KINDS,
        Planning: _PLANNINGS,
    }
    first: dict[StrEnum, str] = {}
    for word, value in tables[of].items():
        if not word.isdigit():
            first.setdefault(value, word)
    return "、".join(first.values())


def _exact(table: Mapping[str, Value], word: str) -> Value | None:
    return table.get(fold_text(word).replace(" ", ""))


#: from what lies outside the holder's hands to what lies in them; a text that names several has the first of these
_CAUSES: tuple[tuple[StopCause, str], ...] = (
    (StopCause.DISASTER, "疫情|洪水|洪涝|地震|台风|火灾|水灾|自然灾害|不可抗力|事故|爆炸"),
    (StopCause.ENVIRONMENT, "环保|环境保护|排放|排污|污染|错峰生产|限电|双碳"),
    (StopCause.QUALITY, "质量|召回|不合格|杂质|稳定性|不良反应|无菌|药品生产质量管理规范|GMP|飞行检查|整改"),
    (StopCause.SUBSTANCE, "原料|中间体|原辅料|辅料|药材|饮片|包材|包装材料|API"),
    (StopCause.PRICE, "价格|成本|倒挂|亏损|利润|中标价|挂网价|招标|集采|未中选|生产动力"),
    (StopCause.DEMAND_SURGE, "需求激增|需求大增|需求增加|需求量增|产能不足|供不应求"),
    (StopCause.LOW_DEMAND, "需求不足|需求下降|需求减少|无需求|无订单|订单不足|销量|滞销|市场萎缩|用量少|库存积压"),
    (StopCause.DISTRIBUTION, "配送|物流|运输|流通"),
    (StopCause.APPROVAL, "再注册|注册|批件|批准文号|一致性评价|补充申请|变更备案|审评|审批|转让|持有人变更|许可证"),
    (StopCause.RELOCATION, "搬迁|迁建|新厂|新车间|易地|异地"),
    (StopCause.EQUIPMENT, "设备|检修|维修|大修|改造|故障|车间|生产线|停电|停水|产线"),
    (StopCause.BUSINESS, "破产|重组|产品结构|品种调整|战略|经营|停业|资金|排产|淘汰|不再生产"),
)  # fmt: skip
_CAUSE_WORDS = tuple((cause, re.compile(words, re.IGNORECASE)) for cause, words in _CAUSES)
#: a cause that the text denies (非质量原因, 不涉及质量问题) is none
_DENIED = re.compile(
    r"(?:并非|非|不是|不涉及|不存在|无)(?:因|由于)?(?:产品|药品)?"
    r"(?:质量|安全|环保|价格|原料药?|设备)(?:与?安全)?(?:问题|原因|缺陷|因素|风险|事故)?"
)


def stop_cause_of(text: str) -> StopCause:
    """The class of a cause in the holder's own words; `other` where no word of a class is in it."""
    said = _DENIED.sub("", fold_text(text))
    return next((cause for cause, words in _CAUSE_WORDS if words.search(said)), StopCause.OTHER)
