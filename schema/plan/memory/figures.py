"""Figures and parts of values, exact: fractions where the statement has PostgreSQL's numbers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Context, Decimal
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from typing import Any

from schema.declare import Part
from schema.plan.nodes import Statistic

_CHINA = timezone(timedelta(hours=8))
_EXACT = Context(prec=2000)
_MILLION = 1_000_000


def figure(values: Sequence[Any], statistic: Statistic, at: float | None = None) -> int | Decimal | None:
    """A statistic of the values that are not None, without zeros at its end; None of nothing."""
    known = [Decimal(value) for value in values if value is not None]
    if statistic is Statistic.COUNT:
        return len(known)
    if not known:
        return None
    match statistic:
        case Statistic.SUM:
            return _trimmed(reduce(_EXACT.add, known))
        case Statistic.MIN:
            return _trimmed(min(known))
        case Statistic.MAX:
            return _trimmed(max(known))
        case Statistic.AVERAGE:
            return _six(sum(map(Fraction, known), Fraction(0)) / len(known))
        case Statistic.MEDIAN:
            return _quantile(known, 0.5)
        case Statistic.QUANTILE:
            return _quantile(known, at or 0.0)


def part_of(part: Part, value: Any) -> Any:
    """What of a value its row is grouped by."""
    if value is None:
        return None
    match part:
        case Part.WHOLE | Part.COUNTY:
            return value
        case Part.PROVINCE:
            return value[:2] + "0000"
        case Part.CITY:
            return value[:4] + "00"
    day = _day(value)
    match part:
        case Part.YEAR:
            return day.strftime("%Y").zfill(4)
        case Part.QUARTER:
            return f"{day.year:04d}-Q{ceil(day.month / 3)}"
        case Part.MONTH:
            return day.isoformat()[:7]
        case Part.DAY:
            return day


def _day(value: date) -> date:
    return value.astimezone(_CHINA).date() if isinstance(value, datetime) else value


def _quantile(known: list[Decimal], at: float) -> Decimal:
    """SQL's percentile_cont: between neighbours, in floating point, of which fifteen digits count."""
    numbers = sorted(map(float, known))
    place = at * (len(numbers) - 1)
    low, high = numbers[floor(place)], numbers[ceil(place)]
    return _six(Fraction(format(low + (place - floor(place)) * (high - low), ".15g")))


def _trimmed(value: Decimal) -> Decimal:
    """The same number without zeros after the point."""
    whole = value.to_integral_value(context=_EXACT)
    return whole if whole == value else value.normalize(_EXACT)


def _six(value: Fraction) -> Decimal:
    """Six decimals at most, halves away from nought, no noughts at the end."""
    millionths = floor(abs(value) * _MILLION + Fraction(1, 2))
    found = _EXACT.divide(Decimal(millionths), Decimal(_MILLION))
    return -found if value < 0 and millionths else found
