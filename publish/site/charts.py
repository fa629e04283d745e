"""Charts as plain geometry: templates draw them as inline SVG, with the same numbers in a table beside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor, log10

from publish.site.reading import Row

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 420, 92, 18, 10, 32


@dataclass(frozen=True, slots=True)
class Dot:
    """One price."""

    x: float
    y: float
    row: Row


@dataclass(frozen=True, slots=True)
class Chart:
    """Prices of one unit as dots, a line for each platform."""

    width: int
    height: int
    left: int
    #: name of a platform, and where its line is
    lines: list[tuple[str, float]]
    #: a round number, and where it stands
    ticks: list[tuple[str, float]]
    dots: list[Dot]


def prices(listings: Iterable[Row]) -> Chart | None:
    """The chart of what one unit costs where it is listed; None where no price is stated."""
    stated = [row for row in listings if row["unit_price_yuan"]]
    if not stated:
        return None
    platforms = list(dict.fromkeys(row["sender_code"] for row in stated))
    step = round_step(max(row["unit_price_yuan"] for row in stated))
    top = step * (1 + int(max(row["unit_price_yuan"] for row in stated) / step))
    count = round(top / step)

    def x_of(value: float) -> float:
        return round(_LEFT + value / top * (_WIDTH - _LEFT - _RIGHT), 1)

    def y_of(platform: str) -> float:
        return _TOP + _ROW * (platforms.index(platform) + 0.5)

    return Chart(
        _WIDTH,
        _TOP + _ROW * len(platforms) + 30,
        _LEFT,
        [(platform, y_of(platform)) for platform in platforms],
        [(f"{step * number:.6g}", x_of(step * number)) for number in range(count + 1)],
        [Dot(x_of(row["unit_price_yuan"]), y_of(row["sender_code"]), row) for row in stated],
    )


def round_step(largest: float) -> float:
    """The distance of round numbers that cut a range from zero into two to five parts."""
    power = 10.0 ** floor(log10(largest))
    return next(power * part for part in (0.2, 0.5, 1, 2) if largest / (power * part) <= 5)


#: Where each province stands in a grid of tiles, column and row: neighbours stand near each other, and no border is
#: drawn. (An outline map published in China needs an approval of its own.)
PROVINCES: Mapping[str, tuple[int, int]] = {
    "230000": (9, 1),
    "650000": (1, 2), "150000": (6, 2), "220000": (9, 2),
    "630000": (2, 3), "620000": (3, 3), "640000": (4, 3), "140000": (5, 3), "130000": (6, 3), "110000": (7, 3),
    "120000": (8, 3), "210000": (9, 3),
    "540000": (1, 4), "510000": (2, 4), "610000": (4, 4), "410000": (5, 4), "370000": (6, 4), "320000": (7, 4),
    "500000": (3, 4),
    "530000": (2, 5), "520000": (3, 5), "420000": (4, 5), "340000": (5, 5), "310000": (7, 5), "330000": (6, 5),
    "430000": (4, 6), "360000": (5, 6), "350000": (6, 6), "450000": (3, 6),
    "440000": (4, 7), "810000": (5, 7), "820000": (3, 7), "710000": (7, 7),
    "460000": (4, 8),
}  # fmt: skip


def shades(counts: Mapping[str, int]) -> dict[str, int]:
    """A shade from 1 to 4 for each count above zero, by quarters of the largest; 0 for none."""
    largest = max(counts.values(), default=0)
    return {
        key: 0 if not count else min(4, 1 + (4 * (count - 1)) // largest) for key, count in counts.items()
    }
