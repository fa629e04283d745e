"""Cells as values: one function for each kind of value; what cannot be understood raises CellError."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from schema.declare import Label

CHINA = ZoneInfo("Asia/Shanghai")

#: full-width letters, digits and the signs that stand in quantities and codes; Chinese punctuation stays
_HALF_WIDTH = {
    wide: wide - 0xFEE0
    for wide in range(0xFF01, 0xFF5F)
    if chr(wide - 0xFEE0).isalnum() or chr(wide - 0xFEE0) in "%*+-./<>=#&"
}
_BLANKS = re.compile(r"[\s\u3000\u200b\ufeff]+")
_DATE = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]00:00(?::00)?(?:\.0+)?)?$")
_MONTH = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})|(\d{2}))月?(?:份)?$")
_INSTANT = re.compile(
    r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?[ T]*(\d{1,2})[:时]?(\d{2})(?:[:分]?(\d{2})(?:\.\d+)?秒?|分)?"
    r"(Z|[+-]\d{2}:?\d{2})?$"
)
#: digits of an instant written without marks, to the minute and to the second
_COMPACT_LENGTHS = (12, 14)
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


@lru_cache(maxsize=1 << 16)
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


_YES = frozenset(("是", "有", "1", "y", "yes", "true", "√", "通过", "已通过", "视同通过", "纳入", "优先审评"))
_NO = frozenset(("否", "0", "2", "n", "no", "false", "×", "未通过", "未纳入"))


def yes_no(raw: str) -> bool:
    """是 or 否, in the words of registers; 2 is no, as in the state's coding (1 是 2 否). CellError `cell.yes_no`."""
    plain = text(raw).casefold()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise CellError("cell.yes_no", "应为 是 或 否", "expected 是 (yes) or 否 (no)")


def instant(raw: str) -> datetime:
    """An instant as 2026-01-05 08:30:00, 2026/1/5 8:30, 20260105083000, 2026年1月5日8时30分 or ISO 8601, in UTC.

    China time unless an offset is written; a day without a time is its first moment; `says_day_only` tells.
    CellError `cell.instant`.
    """
    plain = text(raw)
    try:
        found = None if plain.isdigit() and len(plain) not in _COMPACT_LENGTHS else _INSTANT.match(plain)
        if found is None:
            return datetime.combine(day(plain), time(), CHINA).astimezone(UTC)
        year, month, day_of_month, hour, minute, second, offset = found.groups()
        clock = f"{int(hour):02d}:{minute}:{second or '00'}{(offset or '+08:00').replace('Z', '+00:00')}"
        return datetime.fromisoformat(f"{year}-{int(month):02d}-{int(day_of_month):02d}T{clock}").astimezone(
            UTC
        )
    except (ValueError, OverflowError):  # CellError is one
        raise CellError(
            "cell.instant",
            "应为时间，例如 2026-01-05 08:30:00",
            "expected an instant such as 2026-01-05 08:30:00",
        ) from None


def china_day(raw: str) -> date:
    """The day in China of what `instant` reads. CellError `cell.date`."""
    try:
        return instant(raw).astimezone(CHINA).date()
    except CellError:
        raise CellError(
            "cell.date", "应为日期，例如 2024-01-05", "expected a date such as 2024-01-05"
        ) from None


def says_day_only(raw: str) -> bool:
    """Whether a text that `instant` reads names a day and no time of it."""
    try:
        day(raw)
    except CellError:
        return False
    return True


#: how a value of each declared type is read where the connector says nothing else
BY_TYPE: dict[type, Callable[[str], Any]] = {
    str: text,
    int: whole_number,
    Decimal: decimal,
    date: day,
    bool: yes_no,
    datetime: instant,
}
