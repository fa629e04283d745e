"""Whether a medicine is short, in words: what is known for it, and never more. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from publish.site.reading import Row
from schema.drug_lists import ListKind


class Level(StrEnum):
    """The worst that is known. There is no level for “all is well”: nobody reports that."""

    SHORT = "short"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"


#: what being on a list of a kind says of supply; of other kinds it says nothing
_BY_KIND = {
    ListKind.SHORTAGE: Level.SHORT,
    ListKind.KEY_MONITORING: Level.AT_RISK,
    ListKind.WATCH: Level.AT_RISK,
}


@dataclass(frozen=True, slots=True)
class Status:
    """A level, and the rows that say so."""

    level: Level
    #: lists that it is on, whatever they say
    standing: list[Row]
    #: notices of stops that no resumption has ended
    open_notices: list[Row]
    #: products that the register flags as on the national list
    flagged: list[Row]


def status_of(products: Iterable[Row], standing: Iterable[Row], notices: Iterable[Row]) -> Status:
    """What lists, the register and the holders' notices say."""
    flagged = [row for row in products if row["on_shortage_list"]]
    still_open = [row for row in notices if row["notice_kind_code"] != "resume" and not row["resumed_on"]]
    lists = list(standing)
    said = {_BY_KIND.get(row["kind_code"]) for row in lists}
    if flagged or Level.SHORT in said:
        level = Level.SHORT
    else:
        level = Level.AT_RISK if still_open or Level.AT_RISK in said else Level.UNKNOWN
    return Status(level, lists, still_open, flagged)
