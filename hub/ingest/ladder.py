"""The identity ladder: which registered medicine an item is. Pure; a wrong link is worse than a missing one.

Rungs go from exact codes down. A rung that finds one medicine links; two codes of one item that point to
different medicines, or a code whose medicine contradicts the item's own words, link to neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from schema.names import name_key
from schema.quantities import Agreement, parse_specification, strengths_agree


class MatchState(StrEnum):
    """What is known of an item's identity."""

    LINKED = "linked"
    WAITING = "waiting"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Item:
    """What an item says of itself."""

    id: int
    name_zh: str
    specification: str | None
    approval_number: str | None
    standard_code: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered medicine as the ladder sees it."""

    product_id: int
    approval_number: str
    name_zh: str
    specification: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What registration knows: medicines by their codes."""

    by_approval_number: Mapping[str, Candidate]
    by_standard_code: Mapping[str, Candidate]


@dataclass(frozen=True, slots=True)
class Match:
    """The ladder's finding for one item, with its evidence."""

    state: MatchState
    product_id: int | None
    method: str | None
    score: Decimal | None
    evidence: str


def match_item(item: Item, known: Known) -> Match:
    """Climb down the ladder for one item."""
    by_code = known.by_standard_code.get(item.standard_code or "")
    by_number = known.by_approval_number.get(item.approval_number or "")
    if by_code and by_number and by_code.product_id != by_number.product_id:
        return _unlinked(
            MatchState.CONFLICT,
            f"本位码属 {by_code.approval_number}，批准文号属 {by_number.approval_number}"
            f" standard code and approval number name different medicines",
        )
    if by_code:
        return _standard_code(item, by_code)
    if by_number:
        return _approval_number(item, by_number)
    return _unlinked(MatchState.WAITING, _why_waiting(item))


def _standard_code(item: Item, found: Candidate) -> Match:
    """Rung 2: a standard code with a right check digit is exact."""
    return Match(
        MatchState.LINKED,
        found.product_id,
        "standard_code",
        Decimal("1.00"),
        f"本位码 standard code {item.standard_code}",
    )


def _approval_number(item: Item, found: Candidate) -> Match:
    """Rung 3: the approval number, if the item's own words bear it out and none of them speaks against it.

    Equal strengths alone bear nothing out: half of all tablets have 10 mg. The name has to be the registered one,
    or, with equal strengths, to stand in it whole (the chain leaves out the salt) or the other way round.
    """
    ours, theirs = name_key(item.name_zh), name_key(found.name_zh)
    strengths = _strengths(item.specification, found.specification)
    evidence = (
        f"批准文号 approval number {found.approval_number}；"
        f"名称 name {item.name_zh} {'=' if ours == theirs else '≠'} {found.name_zh}；"
        f"规格 strength {item.specification or '—'} / {found.specification or '—'}: {strengths.value}"
    )
    if strengths is Agreement.DIFFER:
        return _unlinked(MatchState.CONFLICT, evidence)
    related = ours in theirs or theirs in ours
    if ours == theirs or (related and strengths is Agreement.AGREE):
        return Match(MatchState.LINKED, found.product_id, "approval_number", Decimal("0.98"), evidence)
    return _unlinked(MatchState.WAITING, evidence)


def _strengths(left: str | None, right: str | None) -> Agreement:
    if left is None or right is None:
        return Agreement.UNKNOWN
    return strengths_agree(parse_specification(left), parse_specification(right))


def _why_waiting(item: Item) -> str:
    if item.approval_number is None:
        return "无批准文号 no approval number"
    return f"批准文号 {item.approval_number} 未见于注册数据 approval number not in registration"


def _unlinked(state: MatchState, evidence: str) -> Match:
    return Match(state, None, None, None, evidence)
