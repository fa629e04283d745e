"""Concepts of medicines: one generic name, one group of dosage forms, one strength. Pure; what is doubtful has none.

Two products of one concept differ in who makes them, not in what they are. So nothing is folded that tells
medicines apart: salts, Roman numerals, release, what a strength is counted as. Whatever is not
understood to the last character belongs to no concept, for a wrong one is worse than none.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from schema.ids import stable_id
from schema.names import name_key
from schema.quantities import QuantityKind, parse_specification

#: group of forms → the words for it. Groups of one line are kinds of the first, which may stand for any of them:
#: 片剂 of a 缓释片 is a general word and no contradiction.
_FAMILIES: tuple[dict[str, str], ...] = (
    {
        "片剂": "片剂 片 普通片 薄膜衣片 薄膜包衣片 包衣片 糖衣片",
        "肠溶片": "肠溶片 肠溶衣片",
        "缓释片": "缓释片",
        "控释片": "控释片",
        "分散片": "分散片",
        "咀嚼片": "咀嚼片",
        "泡腾片": "泡腾片",
        "含片": "含片 口含片",
        "舌下片": "舌下片",
        "口崩片": "口崩片 口腔崩解片",
        "肠溶缓释片": "肠溶缓释片",
        "阴道片": "阴道片",
        "阴道泡腾片": "阴道泡腾片",
    },
    {
        "胶囊剂": "胶囊剂 胶囊 硬胶囊 硬胶囊剂",
        "软胶囊": "软胶囊 软胶囊剂",
        "肠溶胶囊": "肠溶胶囊",
        "缓释胶囊": "缓释胶囊",
        "控释胶囊": "控释胶囊",
        "肠溶软胶囊": "肠溶软胶囊",
        "阴道胶囊": "阴道胶囊",
        "阴道软胶囊": "阴道软胶囊",
    },
    {
        "颗粒剂": "颗粒剂 颗粒 冲剂",
        "肠溶颗粒": "肠溶颗粒",
        "缓释颗粒": "缓释颗粒",
        "泡腾颗粒": "泡腾颗粒",
        "混悬颗粒": "混悬颗粒",
    },
    {
        "丸剂": "丸剂 丸",
        "水丸": "水丸",
        "大蜜丸": "大蜜丸",
        "小蜜丸": "小蜜丸",
        "水蜜丸": "水蜜丸",
        "浓缩丸": "浓缩丸",
        "滴丸": "滴丸 滴丸剂",
    },
    {
        "注射剂": "注射剂",
        "注射液": "注射液 小容量注射液 大容量注射液 小容量注射剂 大容量注射剂",
        "注射用粉末": "注射用无菌粉末 粉针 粉针剂 冻干粉针 冻干粉针剂 注射用冻干粉针 注射用冻干粉针剂 冻干粉",
    },
    {"散剂": "散剂 散"},
    {"口服液": "口服液 口服溶液 口服溶液剂"},
    {"合剂": "合剂"},
    {"糖浆剂": "糖浆剂 糖浆"},
    {"口服混悬液": "口服混悬液 口服混悬剂"},
    {"干混悬剂": "干混悬剂"},
    {"滴剂": "滴剂 口服滴剂"},
    {"滴眼液": "滴眼液 滴眼剂"},
    {"眼膏": "眼膏 眼膏剂"},
    {"眼用凝胶": "眼用凝胶"},
    {"滴鼻液": "滴鼻液 滴鼻剂"},
    {"滴耳液": "滴耳液 滴耳剂"},
    {"软膏": "软膏 软膏剂"},
    {"乳膏": "乳膏 乳膏剂"},
    {"凝胶": "凝胶 凝胶剂"},
    {"煎膏剂": "煎膏剂"},
    {"贴剂": "贴剂 透皮贴剂"},
    {"贴膏": "贴膏 贴膏剂"},
    {"栓剂": "栓剂 栓", "阴道栓": "阴道栓"},
    {"气雾剂": "气雾剂", "吸入气雾剂": "吸入气雾剂"},
    {"喷雾剂": "喷雾剂", "鼻喷雾剂": "鼻喷雾剂"},
    {"吸入粉雾剂": "吸入粉雾剂 粉雾剂"},
    {"吸入溶液": "吸入溶液 吸入用溶液"},
    {"酊剂": "酊剂 酊"},
    {"搽剂": "搽剂"},
    {"洗剂": "洗剂"},
    {"溶液剂": "溶液剂 溶液"},
)
#: word → its group
_GROUPS = {word: group for family in _FAMILIES for group, words in family.items() for word in words.split()}
#: group → the general group of its family
_GENERAL = {group: next(iter(family)) for family in _FAMILIES for group in family}
_POWDER = "注射用粉末"
_POWDER_PREFIX = "注射用"
_SUFFIX = "|".join(sorted(map(re.escape, _GROUPS), key=len, reverse=True))
#: 二甲双胍 缓释片 (ii): what stands in brackets behind the form belongs to the name
_NAME = re.compile(rf"(?P<body>.+?)(?P<form>{_SUFFIX})(?P<note>(?:\([^()]*\))*)")
_NOTED_FORM = re.compile(r"(?P<outer>[^()]+)\((?P<note>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class Concept:
    """What products of several makers have in common; two are the same if all three are equal."""

    #: normalised generic name without its form
    generic_name: str
    form_group: str
    #: canonical text of the one strength
    strength: str

    @property
    def id(self) -> int:
        """Its stable identifier."""
        return stable_id("drug_concept", self.generic_name, self.form_group, self.strength)


# a file names the same medicines in each of its chunks
@lru_cache(maxsize=1 << 16)
def concept_of(name: str, dosage_form: str | None, specification: str | None) -> Concept | None:
    """The concept of a medicine as it is registered or listed; None where any of its parts is in doubt.

    The form is that of the name or of its own cell; if both name one they have to agree. The specification
    must name one strength, and nothing that was not understood.
    """
    strength = _strength(specification)
    body, named = name_and_form(name)
    stated = None if dosage_form is None else form_group(dosage_form)
    if strength is None or not body or (dosage_form is not None and stated is None):
        return None
    group = _agreed(named, stated)
    return None if group is None else Concept(body, group, strength)


def form_group(dosage_form: str) -> str | None:
    """The group that the text of a form names, such as 缓释片 for 片剂（缓释）; None where it is not known."""
    key = name_key(dosage_form)
    if key in _GROUPS:
        return _GROUPS[key]
    noted = _NOTED_FORM.fullmatch(key)
    if noted is None:
        return None
    outer, note = noted["outer"], noted["note"]
    inner = _GROUPS.get(note) or _GROUPS.get(note + outer.removesuffix("剂"))
    return _agreed(_GROUPS.get(outer), inner) if inner and outer in _GROUPS else None


def name_and_form(name: str) -> tuple[str, str | None]:
    """The name without its form, and the group of the form; None where the name says nothing of it."""
    key = name_key(name)
    if key.startswith(_POWDER_PREFIX):
        return key.removeprefix(_POWDER_PREFIX), _POWDER
    found = _NAME.fullmatch(key)
    if found is None:
        return key, None
    return found["body"] + found["note"], _GROUPS[found["form"]]


def group_of(name: str, dosage_form: str | None) -> str | None:
    """The group of forms of a medicine as it is registered; None where name and form name none, or contradict."""
    _, named = name_and_form(name)
    return _agreed(named, None if dosage_form is None else form_group(dosage_form))


def _strength(specification: str | None) -> str | None:
    if specification is None:
        return None
    found = parse_specification(specification)
    if len(found.strengths) != 1 or found.rest:
        return None
    strength = found.strengths[0]
    # 100ml says how much there is of a solution, not how much is in it
    is_volume = strength.per is None and all(a.kind is QuantityKind.VOLUME for a in strength.amounts)
    return None if is_volume else strength.text


def _agreed(one: str | None, other: str | None) -> str | None:
    """The group that both name: the particular one of a general and a particular word; None where they differ."""
    if one is None or other is None or one == other:
        return one or other
    if other == _GENERAL[one]:
        return one
    return other if one == _GENERAL[other] else None
