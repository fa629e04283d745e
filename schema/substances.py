"""The active substance in a medicine's name: what is left when the dosage form is taken off, to the letter.

A salt is another substance (氨氯地平 is not 苯磺酸氨氯地平), so nothing but the form is ever taken off.
"""

import re

from schema.identifiers import IdentifierError, split_approval_numbers
from schema.names import name_key

_FOR_INJECTION = "注射用"
#: forms that a name ends in, longest first
_FORMS = (
    "吸入气雾剂", "吸入粉雾剂", "肠溶胶囊", "缓释胶囊", "干混悬剂", "口服溶液", "鼻喷雾剂", "薄膜衣片",
    "分散片", "缓释片", "控释片", "肠溶片", "咀嚼片", "泡腾片", "口崩片", "舌下片",
    "阴道片", "软胶囊", "注射液", "混悬液", "口服液", "滴眼液", "滴耳液", "滴鼻液",
    "喷雾剂", "气雾剂", "含片", "胶囊", "颗粒", "糖浆", "乳膏", "软膏",
    "眼膏", "凝胶", "贴片", "溶液", "搽剂", "洗剂", "片", "栓",
    "散", "酊",
)  # fmt: skip
_SEPARATOR = re.compile(r"[;；,，、|\s]+")


def substance_key(medicine_name: str) -> str | None:
    """The key of the substance that a medicine's name names; None where the name has no known form to take off."""
    name = name_key(medicine_name)
    if name.startswith(_FOR_INJECTION):
        return name.removeprefix(_FOR_INJECTION) or None
    form = next((form for form in _FORMS if name.endswith(form)), None)
    return (name.removesuffix(form) or None) if form else None


def stated_approvals(text: str) -> frozenset[str]:
    """The approval numbers that a registration of a substance names; parts that are none are passed over."""
    found: set[str] = set()
    for part in _SEPARATOR.split(text):
        try:
            found.update(number.text for number in split_approval_numbers(part))
        except IdentifierError:
            continue
    return frozenset(found)
