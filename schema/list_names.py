"""Names and dosage forms as lists of medicines write them, made comparable with those of registered medicines.

A list names 品种: a name without its salt means every salt of it, and a form of a list (注射剂, 口服常释剂型) stands
for several. The groups are those of the general notes (凡例) of the state's insurance list; what no table has stands
for itself alone.
"""

import re

from schema.concepts import form_group, name_and_form
from schema.names import name_key

#: forms of lists → the groups of forms that they cover, where these are more than one
_COVERS: dict[str, str] = {
    "注射剂": "注射剂 注射液 注射用粉末",
    "注射液": "注射剂 注射液",
    "注射用无菌粉末": "注射剂 注射用粉末",
    "口服常释剂型": "片剂 肠溶片 分散片 胶囊剂 软胶囊 肠溶胶囊",
    "缓释控释剂型": "缓释片 控释片 缓释胶囊 控释胶囊 肠溶缓释片",
    "口服液体剂": "口服液 合剂 糖浆剂 口服混悬液 滴剂 酊剂 溶液剂",
    "颗粒剂": "颗粒剂 肠溶颗粒 混悬颗粒 泡腾颗粒",
    "丸剂": "丸剂 水丸 大蜜丸 小蜜丸 水蜜丸 浓缩丸",
    "吸入剂": "吸入气雾剂 气雾剂 吸入粉雾剂 吸入溶液",
    "滴眼剂": "滴眼液",
    "软膏剂": "软膏 乳膏",
    "外用液体剂": "搽剂 洗剂 溶液剂 酊剂",
}
_SYNONYMS = {
    "口服常释剂": "口服常释剂型", "缓控释剂型": "缓释控释剂型", "缓释控释剂": "缓释控释剂型",
    "口服液体剂型": "口服液体剂", "针剂": "注射剂", "注射用粉针": "注射用无菌粉末", "粉针剂": "注射用无菌粉末",
}  # fmt: skip
#: acids whose salts a name begins with: 盐酸肾上腺素 is a 肾上腺素
_ACID_NAMES = (
    "盐酸", "硫酸氢", "硫酸", "草酸", "硝酸", "磷酸", "氢溴酸", "枸橼酸", "酒石酸", "重酒石酸", "马来酸", "富马酸",
    "甲磺酸", "苯磺酸", "甲硫酸", "醋酸", "乙酸", "乳酸", "水杨酸", "琥珀酸", "门冬氨酸", "双羟萘酸",
)  # fmt: skip
_ACIDS = re.compile(rf"^(?:{'|'.join(_ACID_NAMES)})(?=.{{2}})")
#: metals whose salts a name ends in: 青霉素钠 is a 青霉素, 氯化钠 is itself
_METALS = re.compile(r"(?<=.{2})(?<!化)(?:二钠|钠|钾|钙|镁)$")


def body_and_forms(name: str, dosage_form: str | None) -> tuple[str, frozenset[str] | None]:
    """The name without its form, and the groups of forms that are meant; None: of any form.

    An empty set: a form is named, but not one that is known, and nothing can be said to be of it.
    """
    body, named = name_and_form(name)
    if dosage_form is None:
        return body, None if named is None else frozenset((named,))
    return body, covered(dosage_form)


def covered(dosage_form: str) -> frozenset[str]:
    """The groups of forms that a form of a list stands for; empty where it is not known."""
    key = name_key(dosage_form)
    key = _SYNONYMS.get(key, key)
    if key in _COVERS:
        return frozenset(_COVERS[key].split())
    group = form_group(dosage_form)
    return frozenset() if group is None else frozenset((group,))


def base_of(body: str) -> str:
    """A name without the salt: the acid in front and the metal behind go. 硫酸镁 is nothing but a salt, and stays."""
    without = _METALS.sub("", body)
    return body if without in _ACID_NAMES else _ACIDS.sub("", without)
