"""Figures and parts of values worked out in Python, by the rules that the statements follow in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from schema.declare import Part
from schema.plan.nodes import Statistic

#: offset of the calendar that days and months of instants are those of
CHINA = timezone(timedelta(hours=8))
_SIX = Decimal("0.000001")


def figure(values: Sequence[Any], statistic: Statistic, at: float | None = None) -> int | Decimal | None:
    """A statistic of numbers of which None do not count; None where there is nothing to work it out of."""
    known = [Decimal(value) for value in values if value is not None]
    if statistic is Statistic.COUNT:
        return len(known)
    if not known:
        return None
    match statistic:
        case Statistic.SUM:
            return sum(known[1:], known[0])
        case Statistic.MIN:
            return min(known)
        case Statistic.MAX:
            return max(known)
        case Statistic.AVERAGE:
            return _rounded(sum(known[1:], known[0]) / len(known))
        case Statistic.MEDIAN:
            return _quantile(known, 0.5)
        case _:
            return _quantile(known, at or 0.0)


def part_of(part: Part, value: Any) -> Any:
    """What of a value its row is grouped by; None of None."""
    if value is None or part is Part.WHOLE:
        return value
    match part:
        case Part.PROVINCE:
            return f"{value[:2]}0000"
        case Part.CITY:
            return f"{value[:4]}00"
        case Part.COUNTY:
            return value
    day = _day(value)
    match part:
        case Part.YEAR:
            return f"{day.year:04}"
        case Part.QUARTER:
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case Part.MONTH:
            return f"{day.year:04}-{day.month:02}"
        case _:
            return day


def _day(value: date) -> date:
    return value.astimezone(CHINA).date() if isinstance(value, datetime) else value


def _quantile(known: list[Decimal], at: float) -> Decimal:
    """Between neighbours, as `percentile_cont` does, in floating point as there."""
    numbers = sorted(float(value) for value in known)
    place = at * (len(numbers) - 1)
    low = int(place)
    high = min(low + 1, len(numbers) - 1)
    found = numbers[low] + (place - low) * (numbers[high] - numbers[low])
    return _rounded(Decimal(format(found, ".15g")))


def _rounded(value: Decimal) -> Decimal:
    """Six decimals, without zeros at the end."""
    rounded = value.quantize(_SIX, ROUND_HALF_UP)
    whole, _, decimals = format(rounded, "f").partition(".")
    return Decimal(f"{whole}.{decimals.rstrip('0')}".rstrip("."))
