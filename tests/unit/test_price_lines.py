"""Prices over time as steps and as geometry."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from publish.site.price_chart import PANELS_MAX, price_chart
from publish.site.price_lines import Step, lines_of


def period(platform: str, price: float, start: int, end: int | None = None) -> dict[str, Any]:
    """A price from a day of 2025 on."""
    return {
        "sender_code": platform, "unit_price_yuan": price, "valid_from": day(start), "valid_to": end and day(end)
    }  # fmt: skip


def day(number: int) -> str:
    """A day of 2025 by its month."""
    return f"2025-{number:02}-01T00:00:00Z"


def test_a_line_has_the_lowest_the_median_and_the_highest_of_what_holds() -> None:
    """At each instant; a platform that lists nothing any more has no price."""
    whole, *platforms = lines_of([period("a", 1, 1, 4), period("b", 2, 2), period("b", 4, 2, 5)])
    assert whole.steps == [
        Step(day(1), 1, 1, 1), Step(day(2), 1, 2, 4), Step(day(4), 2, 3, 4), Step(day(5), 2, 2, 2)
    ]  # fmt: skip
    assert [line.platform for line in platforms] == ["a", "b"]
    assert platforms[0].steps == [Step(day(1), 1, 1, 1), Step(day(4), None, None, None)]


def test_a_price_that_becomes_another_at_once_leaves_no_gap() -> None:
    """What ends and what begins at one instant is one step."""
    (whole, _) = lines_of([period("a", 1, 1, 4), period("a", 2, 4)])
    assert [step.median for step in whole.steps] == [1, 2]


periods = st.builds(
    lambda platform, price, start, length: period(platform, price, start, start + length if length else None),
    st.sampled_from("abc"),
    st.integers(1, 4),
    st.integers(1, 8),
    st.integers(0, 4),
)


@given(st.lists(periods, min_size=1, max_size=8), st.integers(1, 12))
def test_steps_are_what_a_look_at_any_instant_finds(rows: list[dict[str, Any]], month: int) -> None:
    """Against looking through all periods."""
    now = day(month)
    held = [
        row["unit_price_yuan"]
        for row in rows
        if row["valid_from"] <= now and (row["valid_to"] is None or row["valid_to"] > now)
    ]
    standing = [step for step in lines_of(rows)[0].steps if step.since <= now]
    told = (standing[-1].lowest, standing[-1].highest) if standing else (None, None)
    assert told == ((min(held), max(held)) if held else (None, None))


def test_there_is_no_chart_of_less_than_a_day() -> None:
    """A release made of first lists has no history yet; without a price there is nothing."""
    assert price_chart(lines_of([period("a", 1, 1)]), "2025-01-01T12:00:00Z") is None
    assert price_chart([], day(2)) is None


def test_lines_stay_within_their_drawings() -> None:
    """Steps of one price, of many platforms, with gaps; the table tells of those without a drawing."""
    many = [period(f"p{number:02}", 1 + number / 7, 1 + number % 9, 10 + number % 2) for number in range(40)]
    for rows in ([period("a", 3, 1)], many):
        lines = lines_of(rows)
        chart = price_chart(lines, day(12))
        assert chart is not None
        assert len(chart.panels) == (0 if len(lines) == 2 else PANELS_MAX)
        for drawing, width, height in [(chart.whole, 420, 210), *((each, 210, 96) for each in chart.panels)]:
            for x in re.findall(r"[MLH]([\d.]+)", drawing.path + drawing.band):
                assert 0 <= float(x) <= width
            for y in re.findall(r"(?:[ML][\d.]+ |V)([\d.]+)", drawing.path + drawing.band):
                assert 0 <= float(y) <= height


def test_ticks_are_few_and_round() -> None:
    """Months of a year; first days of years over many."""
    short = price_chart(lines_of([period("a", 0.8, 1, 6), period("a", 0.92, 6)]), day(12))
    assert short is not None
    assert ([text for text, _ in short.months], short.prices[0][0]) == (
        ["2025-03", "2025-05", "2025-07", "2025-09", "2025-11"],
        "0.8",
    )
    long = price_chart(lines_of([period("a", 1, 1)]), "2033-06-01T00:00:00Z")
    assert long is not None
    assert [text for text, _ in long.months] == ["2026", "2028", "2030", "2032"]
