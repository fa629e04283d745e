"""Listed prices over time, platform by platform: the steps that lines are drawn of and tables tell. Pure."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from publish.site.reading import Row


@dataclass(frozen=True, slots=True)
class Step:
    """What one unit cost from an instant on, until the next step, in yuan; None where nothing was listed."""

    #: ISO, in UTC
    since: str
    lowest: float | None
    median: float | None
    highest: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """The prices of one platform, or of all together."""

    #: code of the platform; None: all of them
    platform: str | None
    steps: list[Step]

    @property
    def first(self) -> Step:
        """The earliest step: one at which something was listed."""
        return self.steps[0]

    @property
    def last(self) -> Step:
        """How it stands now; without a price where nothing is listed any more."""
        return self.steps[-1]

    @property
    def lowest(self) -> float:
        """The lowest price of all times."""
        return min(step.lowest for step in self.steps if step.lowest is not None)

    @property
    def highest(self) -> float:
        """The highest price of all times."""
        return max(step.highest for step in self.steps if step.highest is not None)

    @property
    def changes(self) -> int:
        """How often a price, or what is listed, became another."""
        return len(self.steps) - 1


def lines_of(periods: Iterable[Row]) -> list[Line]:
    """The line of all platforms together, then that of each by its code; nothing without a period.

    A period has `sender_code`, `unit_price_yuan`, `valid_from` and `valid_to`, ISO texts in UTC; the last may be None.
    """
    ordered = sorted(periods, key=lambda row: row["sender_code"])
    if not ordered:
        return []
    platforms = groupby(ordered, key=lambda row: row["sender_code"])
    return [
        Line(None, _steps(ordered)),
        *(Line(platform, _steps(list(rows))) for platform, rows in platforms),
    ]


def _steps(periods: Iterable[Row]) -> list[Step]:
    """Go through time and keep the prices that hold, in order."""
    events = [(row["valid_from"], 1, row["unit_price_yuan"]) for row in periods]
    events += [(row["valid_to"], -1, row["unit_price_yuan"]) for row in periods if row["valid_to"]]
    holding: list[float] = []
    steps: list[Step] = []
    for since, group in groupby(sorted(events), key=lambda event: event[0]):
        for _, direction, price in sorted(group, key=lambda event: -event[1]):
            if direction > 0:
                insort(holding, price)
            else:
                del holding[bisect_left(holding, price)]
        step = Step(since, holding[0], median(holding), holding[-1]) if holding else Step(since, *[None] * 3)
        if not steps or _told(steps[-1]) != _told(step):
            steps.append(step)
    return steps


def _told(step: Step) -> tuple[float | None, ...]:
    return step.lowest, step.median, step.highest
