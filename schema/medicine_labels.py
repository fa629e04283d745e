"""A medicine's label in one text, taken apart: name, specification, holder, approval number. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from schema.identifiers import IdentifierError, parse_approval_number

_NUMBER = re.compile(r"(?:国药准字)?[BHZSTFJC]{1,3}[0-9OQILZ]{8}(?![0-9A-Z])", re.IGNORECASE)
_HOLDER = re.compile(
    r"(?:[^\s0-9,;，；]|(?<=[^0-9\s])[0-9](?=[^0-9]*公司))*?(?:有限责任公司|有限公司|公司|集团|制药厂|药厂|研究所)"
)
#: where the specification begins: an amount with a unit, or 每片 …
_AMOUNT = re.compile(
    r"每[片粒支袋瓶丸]|[0-9][0-9.,]*(?:[万亿千百]+)?"
    r"(?:mg|μg|ug|mcg|kg|g|ml|l|iu|u|mmol|%|单位|国际单位|毫克|微克|克|毫升|升)(?![a-z])",
    re.IGNORECASE,
)
_EDGES = " ,;，；、|/:："


@dataclass(frozen=True, slots=True)
class LabelWords:
    """What a label says; None where it says nothing."""

    name: str | None
    specification: str | None
    holder: str | None
    approval_number: str | None


def read_label(text: str) -> LabelWords:
    """Take a label apart: the number first, then amounts from where they begin, then whoever is a company."""
    rest, number = _take(_NUMBER, " ".join(unicodedata.normalize("NFKC", text).split()))
    begins = _AMOUNT.search(rest)
    before, after = (rest[: begins.start()], rest[begins.start() :]) if begins else (rest, "")
    after, holder = _take(_HOLDER, _parted(after))
    if holder is None:
        before, holder = _take(_HOLDER, before)
    return LabelWords(_said(before), _said(after), _said(holder), _number(number))


def _parted(specification: str) -> str:
    """A blank between the last unit and the company behind it."""
    return re.sub(
        r"(?<=[片粒支袋瓶丸盒板gGlL])(?=[\u4e00-\u9fff（(]{2,}.*(?:公司|厂|集团))", " ", specification
    )


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    """The text without what the pattern finds, and that."""
    found = pattern.search(text)
    if found is None or not found[0]:
        return text, None
    return f"{text[: found.start()]} {text[found.end() :]}", found[0]


def _number(found: str | None) -> str | None:
    if found is None:
        return None
    try:
        return parse_approval_number(found).text
    except IdentifierError:
        return found


def _said(text: str | None) -> str | None:
    return (text or "").strip(_EDGES) or None
