"""What a text can be: every kind of code it could be read as, with the reason where it is none. Pure.

Nothing is chosen here. A text that fits several kinds has several readings.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schema.declare import Label
from schema.identifiers import (
    IdentifierError,
    approval_number_readings,
    check_ean13,
    check_nhsa_code,
    check_standard_code,
    check_uscc,
    parse_approval_number,
)
from schema.names import fold_text
from schema.regions import complete_code, level_of, province_of
from schema.trace_codes import trace_prefix_of

#: longest text that is looked at, in characters
MAX_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a code."""

    label: Label
    value: str


@dataclass(frozen=True, slots=True)
class CodeReading:
    """A text read as one kind of code."""

    kind: str
    label: Label
    #: as it is kept; None where the text is no such code
    normal: str | None
    #: why it is none: stable slug, and what was expected and found
    error_code: str | None
    hint: Label | None
    parts: tuple[Part, ...]
    #: what it may be meant for, if letters that look like digits stand among its digits
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of code: what texts are worth trying, and how it is read."""

    code: str
    label: Label
    looks: re.Pattern[str]
    read: Callable[[str], str]
    parts: Callable[[str], Iterator[Part]]
    meant: Callable[[str], tuple[str, ...]]


def read_codes(text: str) -> tuple[CodeReading, ...]:
    """All kinds of code that a text could be, those that it is before those that it only looks like."""
    key = "".join(fold_text(text).split()).upper()
    found = [_read(kind, text) for kind in _KINDS if kind.looks.search(key)]
    return tuple(sorted(found, key=lambda reading: reading.normal is None))


def _read(kind: _Kind, text: str) -> CodeReading:
    try:
        normal = kind.read(text)
    except IdentifierError as error:
        hint = Label(error.hint_zh, error.hint_en)
        return CodeReading(kind.code, kind.label, None, error.code, hint, (), kind.meant(text))
    return CodeReading(kind.code, kind.label, normal, None, None, tuple(kind.parts(normal)), ())


def _approval_parts(normal: str) -> Iterator[Part]:
    number = parse_approval_number(normal)
    yield Part(Label("药品类别", "Kind"), number.kind.value)
    yield Part(Label("境内外来源", "Origin"), number.origin.value)
    if number.year is not None:
        yield Part(Label("年份", "Year"), str(number.year))
    if number.province_code is not None:
        yield Part(Label("省级代码", "Province"), number.province_code)
    yield Part(Label("顺序号", "Serial"), number.digits[4:])


def _standard_parts(normal: str) -> Iterator[Part]:
    yield from _cut(
        normal,
        (("国家与药品", "Country and drugs", 3), ("企业", "Company", 5), ("产品", "Product", 5), _CHECK),
    )


def _nhsa_parts(normal: str) -> Iterator[Part]:
    western = (("剂型", "Form", 4),) if normal.startswith("X") else ()
    name = ("通用名", "Generic name", 4 if western else 5)
    yield from _cut(
        normal,
        (
            ("类别", "Kind", 1),
            ("分类", "Class", 5),
            name,
            *western,
            ("规格", "Strength", 2),
            ("包装", "Pack", 2),
            ("企业", "Company", 5),
        ),
    )


def _ean_parts(normal: str) -> Iterator[Part]:
    country = Label("中国", "China") if normal[:2] == "69" else Label("非中国前缀", "not a Chinese prefix")
    yield Part(Label("前缀", "Prefix"), f"{normal[:3]} {country}")
    yield Part(Label("校验位", "Check digit"), normal[-1])


def _uscc_parts(normal: str) -> Iterator[Part]:
    yield from _cut(
        normal,
        (
            ("登记机关", "Authority", 1),
            ("机构类别", "Type", 1),
            ("行政区划", "Division", 6),
            ("主体标识码", "Organisation", 9),
            _CHECK,
        ),
    )


def _region_parts(normal: str) -> Iterator[Part]:
    yield Part(Label("层级", "Level"), level_of(normal).value)
    yield Part(Label("省级代码", "Province"), province_of(normal))


def _trace_parts(normal: str) -> Iterator[Part]:
    yield Part(Label("药品标识码", "Prefix that names the medicine"), normal)


_CHECK = ("校验位", "Check character", 1)


def _cut(text: str, widths: tuple[tuple[str, str, int], ...]) -> Iterator[Part]:
    """A code cut into parts of fixed widths."""
    place = 0
    for zh, en, width in widths:
        yield Part(Label(zh, en), text[place : place + width])
        place += width


_DIGITS = str.maketrans("OQILZSB|", "00112581")


def _with_digits(read: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    """The code with digits for the letters that look like them, if that makes it right."""

    def meant(text: str) -> tuple[str, ...]:
        key = "".join(fold_text(text).split()).upper()
        swapped = key.translate(_DIGITS)
        try:
            return (read(swapped),) if swapped != key else ()
        except IdentifierError:
            return ()

    return meant


def _nothing(_text: str) -> tuple[str, ...]:
    return ()


_SCIENTIFIC = r"^[0-9]+(\.[0-9]+)?E[+\-]?[0-9]+$"
_KINDS = (
    _Kind(
        "approval_number",
        Label("批准文号", "Approval number"),
        re.compile(r"准字|注册证|^[BHZSTFJC]{1,3}[0-9OQILZSB]{6,9}$"),
        lambda text: parse_approval_number(text).text,
        _approval_parts,
        approval_number_readings,
    ),
    _Kind(
        "standard_code",
        Label("药品本位码", "Drug standard code"),
        re.compile(rf"^[0-9OQILZSB]{{14}}$|^869[0-9]{{10,12}}$|{_SCIENTIFIC}"),
        check_standard_code,
        _standard_parts,
        _with_digits(check_standard_code),
    ),
    _Kind(
        "nhsa_code",
        Label("医保药品代码", "NHSA code"),
        re.compile(r"^[XZ][A-Z][0-9OI]{2}[A-Z0-9]{8,22}$"),
        check_nhsa_code,
        _nhsa_parts,
        _nothing,
    ),
    _Kind(
        "ean13",
        Label("条码（69 码）", "Bar code (EAN-13)"),
        re.compile(rf"^[0-9OQILZSB]{{13}}$|^69[0-9]{{10,12}}$|{_SCIENTIFIC}"),
        check_ean13,
        _ean_parts,
        _with_digits(check_ean13),
    ),
    _Kind(
        "trace_prefix",
        Label("追溯码", "Trace code"),
        re.compile(r"^8[0-9]{6}$|^8[0-9]{18,20}$|^[0-9]{20}$"),
        trace_prefix_of,
        _trace_parts,
        _nothing,
    ),
    _Kind(
        "uscc",
        Label("统一社会信用代码", "Unified social credit code"),
        re.compile(r"^[0-9A-Z]{2}[0-9OIL]{6}[0-9A-Z]{10}$"),
        check_uscc,
        _uscc_parts,
        _nothing,
    ),
    _Kind(
        "region_code",
        Label("行政区划代码", "Division code"),
        re.compile(r"^(?:[0-9]{2}){1,3}$"),
        complete_code,
        _region_parts,
        _nothing,
    ),
)
