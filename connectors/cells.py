"""Cells as values: one function for each kind of value; what cannot be understood raises CellError."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from schema.declare import Label

#: full-width letters, digits and the signs that stand in quantities and codes; Chinese punctuation stays
_HALF_WIDTH = {
    wide: wide - 0xFEE0
    for wide in range(0xFF01, 0xFF5F)
    if chr(wide - 0xFEE0).isalnum() or chr(wide - 0xFEE0) in "%*+-./<>=#&"
}
_BLANKS = re.compile(r"[\s\u3000\u200b\ufeff]+")
_DATE = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]00:00(?::00)?(?:\.0+)?)?$")
_MONTH = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})|(\d{2}))月?(?:份)?$")
_CHINA = ZoneInfo("Asia/Shanghai")
_INSTANT = re.compile(
    r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?[ T]?(\d{1,2})[:时]?(\d{2})(?:[:分]?(\d{2})(?:\.\d+)?秒?|分)?"
    r"(Z|[+-]\d{2}:?\d{2})?$"
)
_EXCEL_SERIAL = re.compile(r"^\d{5}$")
#: day 0 of Excel's calendar, with its invented 29 February 1900 counted in
_EXCEL_EPOCH = date(1899, 12, 30)
_DECIMAL = re.compile(r"^[-+]?\d{1,12}(?:\.\d{1,6})?$")


class CellError(ValueError):
    """A cell that cannot be understood: a stable code, and a hint for whoever has to correct it."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.hint = Label(zh, en)


def text(raw: str) -> str:
    """Text with full-width letters and digits made half-width and runs of blanks made one."""
    return _BLANKS.sub(" ", raw.translate(_HALF_WIDTH)).strip()


def decimal(raw: str) -> Decimal:
    """A plain decimal number; thousands separators and a leading ¥ are dropped. CellError `cell.number`."""
    plain = text(raw).replace(",", "").replace("，", "").lstrip("¥￥")
    try:
        if _DECIMAL.match(plain):
            return Decimal(plain)
    except InvalidOperation:
        pass
    raise CellError("cell.number", "应为数字，例如 12.50", "expected a number such as 12.50")


def day(raw: str) -> date:
    """A date as 2024-01-05, 2024/1/5, 20240105, 2024年1月5日 or Excel's serial number. CellError `cell.date`."""
    plain = text(raw)
    if _EXCEL_SERIAL.match(plain):
        return _EXCEL_EPOCH + timedelta(days=int(plain))
    found = _DATE.match(plain)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise CellError("cell.date", "应为日期，例如 2024-01-05", "expected a date such as 2024-01-05")


def instant(raw: str) -> datetime:
    """An instant as 2026-11-20 08:30, 2026/11/20 8:30:15, 20261120083015 or ISO 8601; in China where no zone is named.

    CellError `cell.instant`.
    """
    plain = text(raw)
    found = _INSTANT.match(plain)
    try:
        if found:
            *parts, second, zone = found.groups()
            here = datetime(*(int(part) for part in parts), int(second or 0), tzinfo=_CHINA)  # type: ignore[misc, arg-type]
            given = here if zone is None else datetime.fromisoformat(f"{here:%Y-%m-%dT%H:%M:%S}{zone}")
            return given.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise CellError(
        "cell.instant", "应为时刻，例如 2026-11-20 08:30", "expected an instant such as 2026-11-20 08:30"
    )


def whole_number(raw: str) -> int:
    """A whole number without sign. CellError `cell.number`."""
    plain = text(raw)
    if plain.isascii() and plain.isdigit() and len(plain) <= 9:
        return int(plain)
    raise CellError("cell.number", "应为整数，例如 12", "expected a whole number such as 12")


def month(raw: str) -> date:
    """A month as 2026-03, 2026/3, 202603, 2026年3月, or any day in it as `day` reads it; gives its first day.

    CellError `cell.month`.
    """
    plain = text(raw)
    try:
        if found := _MONTH.match(plain):
            return date(int(found[1]), int(found[2] or found[3]), 1)
        return day(plain).replace(day=1)
    except ValueError:  # CellError is one
        raise CellError("cell.month", "应为月份，例如 2026-03", "expected a month such as 2026-03") from None


#: how a value of each declared type is read where the connector says nothing else
BY_TYPE: dict[type, Callable[[str], Any]] = {
    str: text,
    int: whole_number,
    Decimal: decimal,
    date: day,
    datetime: instant,
}
