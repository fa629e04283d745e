"""Listed prices over time as plain geometry: a chart of all platforms together, and a small one for each.

All have the same axes, so that platforms can be compared. Lines are steps: between two lists nobody knows of a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil, floor

from publish.site.charts import round_step
from publish.site.price_lines import Line, Step
from publish.site.show import china_time

#: a small chart for each platform is drawn for so many; the table tells of all
PANELS_MAX = 36
_DAY_SECONDS = 86_400
#: months between two ticks of time
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_TICKS_MAX = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing's size and margins, in its own units."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


WHOLE = Frame(width=420, height=210, left=44, right=14, top=12, bottom=30)
PANEL = Frame(width=210, height=96, left=4, right=4, top=8, bottom=8)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the axes of all drawings span: seconds of time, and yuan."""

    since: float
    until: float
    low: float
    high: float

    def x(self, frame: Frame, moment: float) -> float:
        """Where a moment is."""
        room = frame.width - frame.left - frame.right
        return round(frame.left + room * (moment - self.since) / (self.until - self.since), 1)

    def y(self, frame: Frame, price: float) -> float:
        """Where a price is."""
        room = frame.height - frame.top - frame.bottom
        return round(frame.height - frame.bottom - room * (price - self.low) / (self.high - self.low), 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One line of prices, as paths of SVG."""

    line: Line
    #: the median, and the area from the lowest to the highest
    path: str
    band: str


@dataclass(frozen=True, slots=True)
class PriceChart:
    """The chart of all platforms and the small ones."""

    whole: Drawing
    #: the band of all platforms as the small charts have it behind their lines
    behind: str
    panels: list[Drawing]
    #: what a line says at a price, and where; the same of months
    prices: list[tuple[str, float]]
    months: list[tuple[str, float]]
    since_on: str
    until_on: str


def price_chart(lines: Sequence[Line], until: str) -> PriceChart | None:
    """The chart of lines (all platforms first) up to an instant; None where they do not yet span a day."""
    if not lines:
        return None
    since, end = _seconds(lines[0].first.since), _seconds(until)
    if end - since < _DAY_SECONDS:
        return None
    whole, *platforms = lines
    step = round_step(whole.highest - whole.lowest or whole.highest)
    low, high = floor(whole.lowest / step) * step, ceil(whole.highest / step) * step
    room = step if low == high else 0
    scale = Scale(since, end, low - room, high + room)
    marks = [scale.low + step * number for number in range(round((scale.high - scale.low) / step) + 1)]
    first, last = _day(whole.first.since), _day(until)
    return PriceChart(
        _drawing(whole, scale, WHOLE),
        _drawing(whole, scale, PANEL).band,
        [_drawing(line, scale, PANEL) for line in platforms[:PANELS_MAX]] if len(platforms) > 1 else [],
        [(f"{mark:.6g}", scale.y(WHOLE, mark)) for mark in marks],
        [(text, scale.x(WHOLE, moment)) for text, moment in _months(first, last, scale)],
        first.isoformat(),
        last.isoformat(),
    )


def _drawing(line: Line, scale: Scale, frame: Frame) -> Drawing:
    path, band = [], []
    for run in _runs(line.steps, scale.until):
        places = [(scale.x(frame, begin), scale.x(frame, end), step) for begin, end, step in run]
        path.append(_stairs([(a, b, scale.y(frame, step.median or 0)) for a, b, step in places], "M"))
        above = _stairs([(a, b, scale.y(frame, step.highest or 0)) for a, b, step in places], "M")
        below = [(b, a, scale.y(frame, step.lowest or 0)) for a, b, step in reversed(places)]
        band.append(f"{above}{_stairs(below, 'L')}Z")
    return Drawing(line, "".join(path), "".join(band))


def _stairs(flats: Sequence[tuple[float, float, float]], begin: str) -> str:
    """A path along flats (from x, to x, at y), each joined to the next by a riser."""
    (start, end, height), *rest = flats
    return f"{begin}{start:g} {height:g}H{end:g}" + "".join(f"V{y:g}H{to:g}" for _, to, y in rest)


def _runs(steps: Sequence[Step], until: float) -> list[list[tuple[float, float, Step]]]:
    """Steps with where they begin and end, cut where nothing was listed."""
    ends = [*(_seconds(step.since) for step in steps[1:]), until]
    runs: list[list[tuple[float, float, Step]]] = [[]]
    for step, end in zip(steps, ends, strict=True):
        if step.median is None:
            runs.append([])
        else:
            runs[-1].append((_seconds(step.since), end, step))
    return [run for run in runs if run]


def _months(first: date, last: date, scale: Scale) -> list[tuple[str, float]]:
    """First days of months, as many as fit, by what they are called."""
    low, high = first.year * 12 + first.month, last.year * 12 + last.month - 1
    found: list[int] = []
    for step in _MONTHS:
        found = [month for month in range(low, high + 1) if month % step == 0]
        if len(found) <= _TICKS_MAX:
            break
    days = [date(month // 12, month % 12 + 1, 1) for month in found]
    is_yearly = all(day.month == 1 for day in days) and len(days) > 1
    return [
        (f"{day:%Y}" if is_yearly else f"{day:%Y-%m}", moment)
        for day in days
        if scale.since <= (moment := _seconds(day.isoformat())) <= scale.until
    ]


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).replace(tzinfo=UTC).timestamp()


def _day(instant: str) -> date:
    return date.fromisoformat(china_time(instant)[:10])
