"""Administrative division codes (GB/T 2260): completion, level, and the byte range of a subtree."""

import re
from enum import StrEnum

from schema.identifiers import IdentifierError, shown
from schema.names import fold_text

COUNTRY_CODE = "000000"


class RegionLevel(StrEnum):
    """Levels of GB/T 2260, largest first."""

    COUNTRY = "country"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


_LEVELS = {0: RegionLevel.COUNTRY, 2: RegionLevel.PROVINCE, 4: RegionLevel.CITY, 6: RegionLevel.COUNTY}


def complete_code(code: str) -> str:
    """The six-digit code of a code given with two, four or six digits: ``11`` → ``110000``.

    Raises IdentifierError (``region_code.digits``, ``region_code.gap``).
    """
    text = fold_text(code)
    if not re.fullmatch("(?:[0-9]{2}){1,3}", text):
        raise IdentifierError(
            "region_code.digits",
            f"行政区划代码应为 2、4 或 6 位数字，这里是“{shown(text)}”。",
            f"A division code has 2, 4 or 6 digits; this is {shown(text)!r}.",
        )
    full = text.ljust(6, "0")
    if full != COUNTRY_CODE and (full.startswith("00") or (full[2:4] == "00" and full[4:] != "00")):
        raise IdentifierError(
            "region_code.gap",
            f"行政区划代码 {full} 中间缺级：上级为 00 而下级不为 00。",
            f"Division code {full} skips a level: 00 above a level that is not 00.",
        )
    return full


def level_of(code: str) -> RegionLevel:
    """The level a code stands for; counties directly under a province (90 in the middle) are counties."""
    return _LEVELS[len(prefix_of(code))]


def prefix_of(code: str) -> str:
    """The digits all codes of the subtree share: trailing ``00`` pairs dropped; empty for the country."""
    return re.sub("(?:00)+$", "", complete_code(code))


def code_range(code: str) -> tuple[str, str]:
    """Half-open range [low, high) that holds the codes of the subtree and no others, in byte order.

    The country is ``("", "~")``. In SQL compare under ``COLLATE "C"``: other collations sort ``~`` elsewhere.
    """
    prefix = prefix_of(code)
    return prefix, f"{prefix}~"


def codes_above(code: str) -> tuple[str, ...]:
    """The codes of the divisions above this one, from the country down; a level may have no division of its own."""
    prefix = prefix_of(code)
    return tuple(prefix[:digits].ljust(6, "0") for digits in range(0, len(prefix), 2))


def province_of(code: str) -> str:
    """The first two digits; ``00`` for the country."""
    return complete_code(code)[:2]
