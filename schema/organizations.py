"""Names of organisations: the key under which spellings of one name are equal, roles, and what is no name at all."""

import re
from enum import StrEnum

from schema.ids import stable_id
from schema.names import fold_text, name_key


class Role(StrEnum):
    """What an organisation does, by the register or list that names it."""

    HOLDER = "holder"
    MANUFACTURER = "manufacturer"
    SUBSTANCE_SUPPLIER = "substance_supplier"
    DISTRIBUTOR = "distributor"
    INSTITUTION = "institution"
    PHARMACY = "pharmacy"
    POSTAL = "postal"
    PLATFORM = "platform"


class NameState(StrEnum):
    """What is known of a name: whose it is by a code, nobody's code yet, or two codes claim it."""

    IDENTIFIED = "identified"
    UNCODED = "uncoded"
    CONFLICT = "conflict"


#: separators between several organisations of one cell; a comma may stand in an English name, a slash too
_SEPARATOR = re.compile(r"\s*[;；、\n]\s*")
_ORGANIZATION_WORD = re.compile(
    r"公司|集团|厂|研究所|研究院|医院|中心|药房|药店|合作社|站|商行"
    r"|\b(?:co|ltd|limited|inc|corp|corporation|gmbh|ag|s\.?a|s\.?p\.?a|b\.?v|n\.?v|plc|llc|kg|oy|a/?s|ab|laborator\w+|pharma\w*)\b",
    re.IGNORECASE,
)
_DOSAGE_FORM = re.compile(
    r"(?:片|胶囊|注射液|注射剂|注射用.*|颗粒|颗粒剂|丸|丸剂|散|散剂|口服液|口服溶液|糖浆|乳膏|软膏|滴眼液|栓|栓剂|贴|贴剂"
    r"|片剂|胶囊剂|冻干粉针剂?|粉针剂?|溶液剂|气雾剂|喷雾剂|凝胶|凝胶剂|酊|酊剂|合剂|搽剂|洗剂|混悬液)(?:\(.*\))?$"
)
_STRENGTH = re.compile(r"\d\s*(?:mg|g|kg|ml|l|iu|μg|ug|%|万?单位|毫克|克|毫升)(?![a-z])", re.IGNORECASE)


def organization_key(name: str) -> str:
    """The key under which two spellings of one organisation's name are equal.

    Width, brackets and blanks do not count, nor the brackets around 集团. Everything else does: a branch is not
    its company, and another city in brackets is another company.
    """
    return name_key(name).replace("(集团)", "集团")


def organization_name_id(name: str) -> int:
    """The stable identifier of a name, the same for all its spellings."""
    return stable_id("organization_name", organization_key(name))


def split_organizations(cell: str) -> tuple[str, ...]:
    """The distinct names of a cell in their order, cut at semicolons, 、 and line breaks."""
    first: dict[str, str] = {}
    for part in _SEPARATOR.split(cell):
        if part.strip():
            first.setdefault(organization_key(part), part.strip())
    return tuple(first.values())


def is_no_organization(text: str) -> bool:
    """Whether a text is a dosage form or a strength, which slipped in from a neighbouring column."""
    if _ORGANIZATION_WORD.search(text):
        return False
    return bool(_DOSAGE_FORM.search(fold_text(text)) or _STRENGTH.search(fold_text(text)))
