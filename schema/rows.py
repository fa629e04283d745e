"""Whose a row is, and in which division it belongs: every entity has to say, so that callers see their own rows."""

from dataclasses import dataclass
from enum import StrEnum

from schema.reach import OwnerKind


class Carries(StrEnum):
    """Where in a column's value the code of a division stands."""

    #: it is one
    DIVISION = "division"
    #: a social credit code: its characters 3 to 8
    COMPANY = "company"
    #: an institution's code: after H or P; other codes carry none
    INSTITUTION = "institution"


#: what the code of an institution begins with that carries a division: 定点医疗机构, 定点零售药店
LETTERS = ("H", "P")


@dataclass(frozen=True, slots=True)
class InRegion:
    """Seen by whoever sees the division that a column tells; where the column tells none, by nobody for that."""

    column: str
    carries: Carries = Carries.DIVISION


@dataclass(frozen=True, slots=True)
class OwnedBy:
    """Seen by the organisation that has the code in a column."""

    kind: OwnerKind
    column: str


@dataclass(frozen=True, slots=True)
class Through:
    """Seen by whoever sees a row of another entity, of any period as now known: `target.remote = this.local`."""

    target: str
    local: str
    remote: str
    #: as if these were the rule of the other; None: by its own
    ways: tuple["Way", ...] | None = None


Way = InRegion | OwnedBy | Through


@dataclass(frozen=True, slots=True)
class RowRule:
    """Who sees a row: whoever sees everything, and those whom any of its ways lets in.

    Where no way tells where a row belongs or whose it is, only callers of the whole country see it: what is unknown
    is nobody's.
    """

    ways: tuple[Way, ...] = ()
    #: whether every caller sees it
    of_everybody: bool = False
    #: whether every division's caller does
    of_every_region: bool = False


#: what is the same for all who may read it
EVERYBODY = RowRule(of_everybody=True)


def limited(*ways: Way, of_every_region: bool = False) -> RowRule:
    """The rule of rows that are not everybody's."""
    return RowRule(ways, of_every_region=of_every_region)


#: by the sender that a row names: the organisation itself, and the division where the registry of senders has it
BY_SENDER: tuple[Way, ...] = (
    OwnedBy(OwnerKind.SENDER, "sender_code"),
    Through("Sender", "sender_code", "code", (InRegion("region_code"),)),
)
#: by the institution that a row names
BY_INSTITUTION: tuple[Way, ...] = (
    InRegion("institution_code", Carries.INSTITUTION),
    OwnedBy(OwnerKind.INSTITUTION, "institution_code"),
)
