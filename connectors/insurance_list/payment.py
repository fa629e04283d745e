"""Payment standards (支付标准) and agreement periods as the insurance list prints them."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from connectors.cells import CellError, day
from connectors.scanned import printed, whole_numbers
from connectors.strengths import strength_of


class PaymentState(StrEnum):
    """What the list says of a payment standard."""

    PRICED = "priced"
    #: `*`: there is one, and it is kept secret
    CONFIDENTIAL = "confidential"
    #: 见备注2: stated elsewhere in the list
    ELSEWHERE = "elsewhere"
    #: nothing stands there
    NONE = "none"


class Price(NamedTuple):
    """One price and what it is for."""

    #: place in the cell, from 1
    ordinal: int
    price_yuan: Decimal
    #: as printed: 10mg/支
    per_text: str | None
    #: in canonical text; None where it is not understood to the last character
    strength: str | None
    #: 支, 片 …
    unit: str | None
    #: terms in brackets behind what the price is for
    note: str | None


_PRICE = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)元(.*)")
#: 10mg/支, 每片含…: what one pays for
_UNIT = re.compile(r"(?:^每|/)([丸粒片袋瓶支贴盒])(?=$|[(（\[含装重0-9])")
_ELSEWHERE = re.compile(r"见备注\d*(?:[（(].*[）)])?")
_PERIOD = re.compile(r"(.+?日?)(?:至|到|—+|–|~|～)(.+)")


def payment_state(raw: str) -> PaymentState:
    """Which state a cell tells of. CellError `cell.payment_standard` where it is none of them."""
    if raw.strip() in ("*", "＊"):
        return PaymentState.CONFIDENTIAL
    if _ELSEWHERE.fullmatch(printed(raw)):
        return PaymentState.ELSEWHERE
    if not list(_prices(raw)):
        raise _no_price()
    return PaymentState.PRICED


def prices(raw: str) -> list[Price]:
    """The prices of a cell: none where they are confidential or stated elsewhere, or cannot be understood."""
    try:
        state = payment_state(raw)
    except CellError:
        return []
    return list(_prices(raw)) if state is PaymentState.PRICED else []


def period(raw: str) -> tuple[date, date]:
    """First and last day. CellError `cell.period`, also where the last comes before the first."""
    found = _PERIOD.fullmatch(printed(raw))
    if found:
        first, last = day(found[1]), day(found[2])
        if first <= last:
            return first, last
    raise CellError(
        "cell.period",
        "应为起止日期，例如 2025年1月1日至2026年12月31日",
        "expected a first and a last day such as 2025年1月1日至2026年12月31日",
    )


def _prices(raw: str) -> Iterator[Price]:
    for ordinal, part in enumerate(_apart(whole_numbers(raw)), start=1):
        found = _PRICE.fullmatch(part)
        brackets = found and _brackets(found[2])
        if found is None or brackets is None:
            raise _no_price()
        per, note = brackets
        unit = per and _UNIT.search(per)
        strength = per and strength_of(per)
        yield Price(ordinal, Decimal(found[1]), per, strength or None, unit[1] if unit else None, note)


def _no_price() -> CellError:
    return CellError(
        "cell.payment_standard",
        "应为 *，或价格与规格，例如 63.00元(10mg/支)，多个价格以分号隔开",
        "expected *, or prices with what they are for such as 63.00元(10mg/支), parted by semicolons",
    )


def _apart(text: str) -> Iterator[str]:
    """Prices stand apart by semicolons outside of brackets."""
    depth, part = 0, ""
    for character in text:
        depth += (character in "([（［") - (character in ")]）］")
        if character in ";；" and depth == 0:
            yield printed(part).strip()
            part = ""
        else:
            part += character
    if part.strip():
        yield printed(part).strip()


def _brackets(text: str) -> tuple[str | None, str | None] | None:
    """What stands in the first brackets, and in the second; `/盒(…)` is one. None where brackets do not close."""
    parts: list[str] = []
    depth, part = 0, ""
    for character in text:
        depth += (character in "([（［") - (character in ")]）］")
        part += character
        if depth < 0:
            return None
        if depth == 0 and character in ")）":
            parts.append(part)
            part = ""
    if depth or len(parts) > 2 or (part and parts):
        return None
    first, second = [*parts, part or None, None][:2]
    return _bare(first), _bare(second)


def _bare(text: str | None) -> str | None:
    """Text without the brackets around it."""
    return text[1:-1] if text and text[0] in "(（" else (text or None)
