"""Whether a medicine is short, in words: what is known for it, and never more. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from publish.site.reading import Row


class Level(StrEnum):
    """The worst that is known. There is no level for “all is well”: nobody reports that."""

    SHORT = "short"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """A level, and the rows that say so."""

    level: Level
    #: notices of stops that no resumption has ended
    open_notices: list[Row]
    #: products that the register flags as on the national list
    flagged: list[Row]


def status_of(products: Iterable[Row], notices: Iterable[Row]) -> Status:
    """What the register and the holders' notices say."""
    flagged = [row for row in products if row["on_shortage_list"]]
    standing = [row for row in notices if row["notice_kind_code"] != "resume" and not row["resumed_on"]]
    if flagged:
        return Status(Level.SHORT, standing, flagged)
    return Status(Level.AT_RISK if standing else Level.UNKNOWN, standing, flagged)
