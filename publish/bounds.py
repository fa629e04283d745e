"""How far a release may differ from the one before it. Beyond these bounds a person has to say that it is right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """How much of a table may go, and come, from one release to the next."""

    #: share of the rows of the release before
    shrink: float
    growth: float


#: of a table that says nothing else. An empty list where there were hundreds of rows is no good news
DEFAULT = Bound(shrink=0.2, growth=1.0)
BOUNDS: dict[str, Bound] = {
    "region": Bound(shrink=0.02, growth=0.1),
    "product": Bound(shrink=0.05, growth=1.0),
    # events come and go by themselves
    "supply_notice": Bound(shrink=0.5, growth=5.0),
    # the hub's own books only grow
    "batch": Bound(shrink=0.0, growth=100.0),
    "feed": Bound(shrink=0.0, growth=100.0),
}
#: a difference of so few rows is never out of bounds
FEW_ROWS = 50


def is_within(table: str, before: int, now: int) -> bool:
    """Whether a table's rows may have become so many."""
    bound = BOUNDS.get(table, DEFAULT)
    if abs(now - before) <= FEW_ROWS:
        return True
    return before * (1 - bound.shrink) <= now <= before * (1 + bound.growth) or (before == 0 and now > 0)
