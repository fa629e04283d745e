"""Codes of medicines and organisations: their normal form, their check digits, and errors that explain.

What is only recollected of a standard (the year and the province inside an approval number) is read out
where it fits and is never a reason to reject.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NoReturn

from schema.names import fold_text

#: characters of a text that a hint quotes
_SHOWN = 40


class IdentifierError(ValueError):
    """A code that cannot be read as what it should be.

    ``code`` is a stable slug such as ``approval_number.digits``; the hints say what was expected and found.
    """

    def __init__(self, code: str, hint_zh: str, hint_en: str) -> None:
        super().__init__(f"{hint_zh} {hint_en}")
        self.code = code
        self.hint_zh = hint_zh
        self.hint_en = hint_en


def shown(text: str) -> str:
    """The text as a hint quotes it: whoever sent 100,000 characters need not get them back."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class ApprovalOrigin(StrEnum):
    """Where the medicine of an approval number is made."""

    DOMESTIC = "domestic"
    IMPORTED = "imported"
    HONG_KONG_MACAU_TAIWAN = "hong_kong_macau_taiwan"


class ApprovalKind(StrEnum):
    """What the main letter of an approval number stands for."""

    CHEMICAL = "chemical"
    CHINESE_MEDICINE = "chinese_medicine"
    BIOLOGICAL = "biological"
    IMPORT_REPACK = "import_repack"
    FORMER_HEALTH = "former_health"
    IN_VITRO_DIAGNOSTIC = "in_vitro_diagnostic"
    EXCIPIENT = "excipient"


@dataclass(frozen=True, slots=True)
class ApprovalNumber:
    """A 批准文号 (or an older import certificate number) in its parts.

    ``text`` is the canonical form, ``prefix`` is ``国药准字`` or empty, ``letters`` are such as ``H``,
    ``HJ``, ``BH``, ``digits`` are eight. ``year`` and ``province_code`` (two digits) are None where the
    digits do not say.
    """

    text: str
    prefix: str
    letters: str
    digits: str
    origin: ApprovalOrigin
    kind: ApprovalKind
    year: int | None
    province_code: str | None


_PREFIX = "国药准字"
_MAIN = {
    "H": ApprovalKind.CHEMICAL,
    "Z": ApprovalKind.CHINESE_MEDICINE,
    "S": ApprovalKind.BIOLOGICAL,
}
_DOMESTIC_ONLY = {
    "B": ApprovalKind.FORMER_HEALTH,
    "T": ApprovalKind.IN_VITRO_DIAGNOSTIC,
    "F": ApprovalKind.EXCIPIENT,
}
_DOMESTIC = ApprovalOrigin.DOMESTIC
_IMPORTED = ApprovalOrigin.IMPORTED
_HMT = ApprovalOrigin.HONG_KONG_MACAU_TAIWAN
# Letters behind 国药准字; C (Hong Kong, Macau, Taiwan) and J (overseas) follow H, Z, S since July 2020.
_WITH_PREFIX = {
    **{letter: (_DOMESTIC, kind) for letter, kind in (_MAIN | _DOMESTIC_ONLY).items()},
    **{f"{letter}C": (_HMT, kind) for letter, kind in _MAIN.items()},
    **{f"{letter}J": (_IMPORTED, kind) for letter, kind in _MAIN.items()},
    "J": (_IMPORTED, ApprovalKind.IMPORT_REPACK),
}
# Certificates from before: H, HC, and B before them for large packs that are repacked in China.
_BARE = {
    **{f"{pack}{letter}": (_IMPORTED, kind) for letter, kind in _MAIN.items() for pack in ("", "B")},
    **{f"{pack}{letter}C": (_HMT, kind) for letter, kind in _MAIN.items() for pack in ("", "B")},
}
_LETTERS = sorted({*_WITH_PREFIX, *_BARE}, key=len, reverse=True)
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]")

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z

_LABEL = re.compile(
    r"^(?:原?批准文号|进口药品注册证号?|医药产品注册证号?|注册证号|注册证编号|\(注册证(?:编)?号\))+[:\-]?"
)
_EDGES = "()<>《》\"'.,;:。、-_*#=|/"
_SEPARATOR = re.compile(r"[/;,、|&+。和及]|或")
_SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?E[+\-]?[0-9]+")
_LOOKALIKE = {"O": "0", "Q": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "B": "8"}
_ANY_NUMBER = re.compile(r"[A-Z]{1,3}[0-9]{6,}")
_SHAPE = re.compile(rf"({_PREFIX})?([A-Z]{{0,4}})([0-9]+)")
_SUSPICIOUS = re.compile(rf"(?:{_PREFIX})?(?:{'|'.join(_LETTERS)})([0-9OQILZSB|]{{6,8}})")


# a file names the same numbers in each of its chunks
@lru_cache(maxsize=1 << 16)
def parse_approval_number(raw: str) -> ApprovalNumber:
    """The approval number in a cell, normalised.

    Blanks, full-width and lower-case characters, a label and surrounding brackets do no harm. Raises
    IdentifierError (``approval_number.*``: empty, scientific, several, lookalike, prefix, prefix_missing,
    letters, digits, shape); a doubtful character is named, never replaced.
    """
    text = _approval_text(raw)
    if shape := _SHAPE.fullmatch(text):
        prefix, letters, digits = shape[1] or "", shape[2], shape[3]
    else:
        _refuse_approval_shape(text)
    # Since 2020 these letters exist only behind 国药准字: nothing is guessed by writing it out.
    if not prefix and letters in {"HJ", "ZJ", "SJ"}:
        prefix = _PREFIX
    origin, kind = _letters_meaning(text, prefix, letters)
    if len(digits) != 8:
        _refuse_count("approval_number", 8, len(digits))
    if not prefix and digits[:2] not in {"19", "20"}:
        _refuse_missing_prefix(text)
    year, province = _year_and_province(digits, domestic=origin is _DOMESTIC)
    return ApprovalNumber(f"{prefix}{letters}{digits}", prefix, letters, digits, origin, kind, year, province)


@lru_cache(maxsize=1 << 16)
def approval_number_readings(raw: str) -> tuple[str, ...]:
    """What an approval number with letters among its digits may be meant for: ``H2O059001`` → 国药准字H20059001.

    Canonical numbers; empty for a number without such letters and for what is no number either way. A hint for
    whoever has other evidence: no reading is right by itself.
    """
    text = _LABEL.sub("", _squeeze(raw)).strip(_EDGES)
    suspicious = _SUSPICIOUS.fullmatch(text)
    if suspicious is None or suspicious[1].isdigit():
        return ()
    head = text[: suspicious.start(1)]
    meant = "".join(_LOOKALIKE.get(character, character) for character in suspicious[1])
    try:
        return (parse_approval_number(head + meant).text,)
    except IdentifierError:
        return ()


def split_approval_numbers(raw: str) -> tuple[ApprovalNumber, ...]:
    """The distinct approval numbers of one cell, in order: ``H10940250/H10940251``.

    国药准字 may stand before the first only, and then holds for all. Raises IdentifierError for the first
    that is none.
    """
    try:
        return (parse_approval_number(raw),)
    except IdentifierError as error:
        if error.code != "approval_number.several":
            raise
    text = _LABEL.sub("", _squeeze(raw)).strip(_EDGES)
    parts = [part for part in _SEPARATOR.split(text) if re.search("[0-9]", part)]
    if len(parts) == 1:  # numbers that run together without a mark between them
        return (parse_approval_number(raw),)
    common = _PREFIX if parts[0].startswith(_PREFIX) else ""
    numbers = [parse_approval_number(part if part.startswith(common) else common + part) for part in parts]
    return tuple(dict.fromkeys(numbers))


def former_numbers(raw: str) -> tuple[str, ...]:
    """The distinct former numbers of one cell: in normal form where all are understood, else the text without blanks.

    Numbers of before 2002 (卫药准字（1995）X-01号) have no shape of their own, and are never a fault.
    """
    try:
        return tuple(number.text for number in split_approval_numbers(raw))
    except IdentifierError:
        return (_squeeze(raw),) if _squeeze(raw) else ()


def check_standard_code(raw: str) -> str:
    """A 药品本位码: 14 digits from 869, GTIN check digit; raises IdentifierError (``standard_code.*``)."""
    digits = _digits_of("standard_code", raw, 14)
    if not digits.startswith("869"):
        raise IdentifierError(
            "standard_code.start",
            f"药品本位码应以 869 开头，这里是 {digits[:3]}。",
            f"A standard code begins with 869; this one begins with {digits[:3]}.",
        )
    return _check_gtin("standard_code", digits)


def split_standard_codes(raw: str) -> tuple[str, ...]:
    """The distinct 药品本位码 of one cell, in order.

    Notes in brackets, as in ``86902551000259[每片装0.5g]``, are left out. Raises IdentifierError for an
    empty cell or for the first code that fails its check.
    """
    text = re.sub(r"\([^()]*\)", " ", fold_text(raw))
    parts = [part for part in re.split(r"[;,、|/\s]+", text) if part]
    if not parts:
        _refuse_empty("standard_code")
    return tuple(dict.fromkeys(check_standard_code(part) for part in parts))


def check_ean13(raw: str) -> str:
    """A bar code (69 码): 13 digits with a GTIN check digit; raises IdentifierError (``ean13.*``)."""
    return _check_gtin("ean13", _digits_of("ean13", raw, 13))


def check_nhsa_code(raw: str) -> str:
    """A 国家医保药品代码: 23 characters from X (western) or 20 from Z (Chinese patent medicine).

    There is no check digit. Raises IdentifierError (``nhsa_code.*``) that names the first character
    out of place.
    """
    text = _plain("nhsa_code", raw)
    pattern = {"X": "XA99AAA999A999999999999", "Z": "ZA99AAA9999999999999"}.get(text[0])
    if pattern is None:
        raise IdentifierError(
            "nhsa_code.start",
            f"医保药品代码应以 X（西药）或 Z（中成药）开头，这里是“{text[0]}”。",
            f"An NHSA code begins with X (western) or Z (Chinese patent medicine), not {text[0]!r}.",
        )
    if len(text) != len(pattern):
        _refuse_count("nhsa_code", len(pattern), len(text), digits=False)
    for place, (character, kind) in enumerate(zip(text, pattern, strict=True), 1):
        if not re.fullmatch("[0-9]" if kind == "9" else "[A-Z]", character):
            _refuse_character("nhsa_code", place, character, digit=kind == "9")
    return text


def check_uscc(raw: str) -> str:
    """A 统一社会信用代码: 18 characters, modulo-31 check (GB 32100); raises IdentifierError (``uscc.*``)."""
    text = _plain("uscc", raw)
    if len(text) != 18:
        _refuse_count("uscc", 18, len(text), digits=False)
    for place, character in enumerate(text, 1):
        if character not in _USCC_ALPHABET:
            _refuse_character("uscc", place, character, digit=False)
    total = sum(_USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17]))
    # The outer modulus matters: remainder 0 gives '0', where some implementations look up a 32nd character.
    return _check_last("uscc", text, _USCC_ALPHABET[-total % 31])


def _approval_text(raw: str) -> str:
    text = _LABEL.sub("", _squeeze(raw)).strip(_EDGES)
    if not text:
        _refuse_empty("approval_number")
    if _SCIENTIFIC.fullmatch(text):
        _refuse_scientific("approval_number", text)
    parts = [part for part in _SEPARATOR.split(text) if re.search("[0-9]", part)]
    if len(parts) > 1 or len(_ANY_NUMBER.findall(text)) > 1:
        raise IdentifierError(
            "approval_number.several",
            f"一格里有不止一个批准文号：{text}。请每行只写一个。",
            f"More than one approval number in the cell: {text}. Give one per row.",
        )
    if (suspicious := _SUSPICIOUS.fullmatch(text)) and not suspicious[1].isdigit():
        _refuse_lookalike("approval_number", suspicious[1])
    return text


def _refuse_approval_shape(text: str) -> NoReturn:
    words = re.match(r"[^A-Z0-9]*", text)
    if words and words[0] and words[0] != _PREFIX:
        raise IdentifierError(
            "approval_number.prefix",
            f"批准文号应以“国药准字”开头（旧进口注册证无此四字），这里是“{shown(words[0])}”。",
            f"An approval number begins with 国药准字 (old import certificates do not), not {shown(words[0])!r}.",
        )
    raise IdentifierError(
        "approval_number.shape",
        f"看不懂的批准文号“{shown(text)}”：应为“国药准字”加字母加 8 位数字，或旧进口注册证如 H20140210。",
        f"Not an approval number: {shown(text)!r}. Expected 国药准字, letters, 8 digits; or like H20140210.",
    )


def _letters_meaning(text: str, prefix: str, letters: str) -> tuple[ApprovalOrigin, ApprovalKind]:
    known = _WITH_PREFIX if prefix else _BARE
    if letters in known:
        return known[letters]
    if not prefix and letters in _WITH_PREFIX:
        _refuse_missing_prefix(text)
    allowed = "、".join(sorted(known))
    found_zh, found_en = (f"“{shown(letters)}”", repr(shown(letters))) if letters else ("没有字母", "none")
    raise IdentifierError(
        "approval_number.letters",
        f"批准文号的字母应为 {allowed} 之一，这里是{found_zh}。",
        f"The letters of an approval number are one of {allowed}; here: {found_en}.",
    )


def _year_and_province(digits: str, *, domestic: bool) -> tuple[int | None, str | None]:
    head, short_year = digits[:2], int(digits[2:4])
    if head in {"19", "20"}:
        return int(digits[:4]), None
    if not domestic:
        return None, None
    year = 1900 + short_year if short_year >= 50 else 2000 + short_year
    if head == "10":  # approved by the former Ministry of Health
        return year, None
    return (year, head) if _PROVINCES.fullmatch(head) else (None, None)


def _squeeze(raw: str) -> str:
    return "".join(fold_text(raw).split()).upper()


def _plain(subject: str, raw: str) -> str:
    text = _squeeze(raw)
    if not text:
        _refuse_empty(subject)
    if _SCIENTIFIC.fullmatch(text):
        _refuse_scientific(subject, text)
    return text


def _digits_of(subject: str, raw: str, count: int) -> str:
    text = _plain(subject, raw)
    if re.fullmatch(r"[0-9OQILZSB|]+", text) and not re.fullmatch("[0-9]+", text):
        _refuse_lookalike(subject, text)
    for place, character in enumerate(text, 1):
        if not re.fullmatch("[0-9]", character):
            _refuse_character(subject, place, character, digit=True)
    if len(text) != count:
        _refuse_count(subject, count, len(text))
    return text


def _check_gtin(subject: str, digits: str) -> str:
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits[:-1])))
    return _check_last(subject, digits, str(-total % 10))


def _check_last(subject: str, text: str, expected: str) -> str:
    if text[-1] != expected:
        raise IdentifierError(
            f"{subject}.check",
            f"校验位不符：按前面各位应为 {expected}，这里是 {text[-1]}，请核对原码。",
            f"Check character fails: the others call for {expected}, here it is {text[-1]}.",
        )
    return text


def _refuse_empty(subject: str) -> NoReturn:
    raise IdentifierError(f"{subject}.empty", "代码是空的。", "The code is empty.")


def _refuse_scientific(subject: str, text: str) -> NoReturn:
    raise IdentifierError(
        f"{subject}.scientific",
        f"“{shown(text)}”是电子表格的科学计数，末尾数字已丢失；请以文本格式重新导出。",
        f"{text} is a spreadsheet's scientific notation and has lost digits; export the column as text.",
    )


def _refuse_count(subject: str, expected: int, found: int, *, digits: bool = True) -> NoReturn:
    what_zh, what_en = ("位数字", "digits") if digits else ("个字符", "characters")
    raise IdentifierError(
        f"{subject}.digits" if digits else f"{subject}.length",
        f"应为 {expected} {what_zh}，这里是 {found} {what_zh[0]}。",
        f"Expected {expected} {what_en}, found {found}.",
    )


def _refuse_lookalike(subject: str, digits: str) -> NoReturn:
    place, character = next((i, c) for i, c in enumerate(digits, 1) if c in _LOOKALIKE)
    meant = _LOOKALIKE[character]
    raise IdentifierError(
        f"{subject}.lookalike",
        f"数字部分第 {place} 位是“{character}”，不是数字，可能是“{meant}”之误；系统不代为更改。",
        f"Character {place} of the digits is {character!r}, perhaps for {meant!r}; left as it is.",
    )


def _refuse_character(subject: str, place: int, character: str, *, digit: bool) -> NoReturn:
    raise IdentifierError(
        f"{subject}.character",
        f"第 {place} 个字符“{character}”不对，应为{'数字' if digit else '规定的字母或数字'}。",
        f"Character {place} is {character!r}; expected {'a digit' if digit else 'an allowed character'}.",
    )


def _refuse_missing_prefix(text: str) -> NoReturn:
    raise IdentifierError(
        "approval_number.prefix_missing",
        f"“{shown(text)}”前面似乎缺少“国药准字”：旧进口注册证号只用 H、Z、S（如 HC、BH），数字以 19 或 20 开头。",
        f"国药准字 seems missing before {shown(text)!r}: old certificates use H, Z, S, digits from 19 or 20.",
    )


#: UPU S10: what the eight digits of a mail number weigh
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10 = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_DOMESTIC_MAIL = re.compile(r"[0-9]{13}")


def check_mail_number(raw: str) -> str:
    """A 邮件号: UPU S10 (two letters, eight digits, a check digit, two letters) or the 13 digits of domestic mail.

    Domestic numbers have no check digit. Raises IdentifierError (``mail_number.*``).
    """
    text = _plain("mail_number", raw).replace("-", "")
    if _DOMESTIC_MAIL.fullmatch(text):
        return text
    if len(text) != 13:
        _refuse_count("mail_number", 13, len(text), digits=False)
    if not _S10.fullmatch(text):
        _refuse_mail_shape(text)
    total = sum(int(digit) * weight for digit, weight in zip(text[2:10], _S10_WEIGHTS, strict=True))
    # 10 has no digit of its own and 11 none at all: the standard writes 0 and 5
    expected = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    if int(text[10]) != expected:
        raise IdentifierError(
            "mail_number.check",
            f"邮件号校验位不符：按前八位数字应为 {expected}，这里是 {text[10]}，请核对原单。",
            f"Check digit fails: the eight digits call for {expected}, here it is {text[10]}.",
        )
    return text


def _refuse_mail_shape(text: str) -> NoReturn:
    if text[:2].isalpha() and text[-2:].isalpha():
        _refuse_lookalike_or_shape(text)
    raise IdentifierError(
        "mail_number.shape",
        "看不懂的邮件号：应为两个字母、九位数字、两个字母（国际），或 13 位数字（国内）。",
        "Not a mail number: expected two letters, nine digits, two letters (S10), or 13 digits (domestic).",
    )


def _refuse_lookalike_or_shape(text: str) -> None:
    """Name a letter that stands where a digit should, if it looks like one."""
    if re.fullmatch(r"[0-9OQILZSB]+", text[2:11]):
        _refuse_lookalike("mail_number", text[2:11])
