"""The identity ladder: which registered medicine an item is. Pure; a wrong link is worse than a missing one.

Rungs go from exact codes down. A rung that finds one medicine links; two codes of one item that point to
different medicines, or a code whose medicine contradicts the item's own words, link to neither.
Whoever states a holder is bound by it: the number of another holder's medicine is a slip of the pen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from schema.names import name_key
from schema.quantities import Agreement, Specification, parse_specification, strengths_agree


class MatchState(StrEnum):
    """What is known of an item's identity."""

    LINKED = "linked"
    WAITING = "waiting"
    CONFLICT = "conflict"


#: method of a link without a name; what else the holder has registered may undo it
HOLDER_METHOD = "approval_number_holder"
#: so many of the medicines that could be meant as well are named
_SHOWN_RIVALS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """What an item says of itself."""

    id: int
    name_zh: str | None
    specification: str | None
    approval_number: str | None
    standard_code: str | None
    #: whose approval the sender says it is
    holder_name: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered medicine as the ladder sees it."""

    product_id: int
    approval_number: str
    name_zh: str
    specification: str | None
    holder_name: str | None = None
    manufacturer_name: str | None = None

    @property
    def organisations(self) -> frozenset[str]:
        """Keys of who holds and who makes it, as far as registration says."""
        return frozenset(name_key(name) for name in (self.holder_name, self.manufacturer_name) if name)


@dataclass(frozen=True, slots=True)
class Known:
    """What registration knows: medicines by their codes."""

    by_approval_number: Mapping[str, Candidate]
    by_standard_code: Mapping[str, Candidate]
    #: all that a holder holds or makes, by the key of its name; asked only for items that state no name
    by_organisation: Mapping[str, Sequence[Candidate]] = field(default_factory=dict)


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
        return _approval_number(item, by_number, known)
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


def _approval_number(item: Item, found: Candidate, known: Known) -> Match:
    """Rung 3: the approval number, if the item's own words bear it out and none of them speaks against it.

    Equal strengths alone bear nothing out: half of all tablets have 10 mg. The name has to be the registered one,
    or, with equal strengths, to stand in it whole (the chain leaves out the salt) or the other way round.
    """
    strengths = _strengths(item.specification, found.specification)
    evidence = _evidence(item, found, strengths)
    if strengths is Agreement.DIFFER:
        return _unlinked(MatchState.CONFLICT, evidence)
    if _is_of_another_holder(item, found):
        return _unlinked(MatchState.WAITING, evidence)
    if item.name_zh is None:
        return _nameless(item, found, known, evidence)
    ours, theirs = name_key(item.name_zh), name_key(found.name_zh)
    related = ours in theirs or theirs in ours
    if ours == theirs or (related and strengths is Agreement.AGREE):
        return Match(MatchState.LINKED, found.product_id, "approval_number", Decimal("0.98"), evidence)
    return _unlinked(MatchState.WAITING, evidence)


def _nameless(item: Item, found: Candidate, known: Known, evidence: str) -> Match:
    """Rung 3 without a name: number, holder and strength, if no other medicine of that holder could be meant.

    A slip in the number that leads to another medicine of the same holder would else go unseen. If both are
    registered and of one strength, nothing here tells them apart, and the item waits.
    """
    rivals = [
        other.approval_number
        for other in known.by_organisation.get(name_key(item.holder_name or ""), ())
        if other.product_id != found.product_id and _could_be(item.specification, other.specification)
    ]
    if item.holder_name is None or not found.organisations:
        return _unlinked(
            MatchState.WAITING, f"{evidence}；无名称亦无持有人可核 neither name nor holder to go by"
        )
    if rivals:
        same = "、".join(sorted(rivals)[:_SHOWN_RIVALS])
        return _unlinked(
            MatchState.WAITING, f"{evidence}；无名称，同一持有人另有 no name, and the holder also has {same}"
        )
    if _strengths(item.specification, found.specification) is not Agreement.AGREE:
        return _unlinked(MatchState.WAITING, evidence)
    return Match(MatchState.LINKED, found.product_id, HOLDER_METHOD, Decimal("0.95"), evidence)


def _is_of_another_holder(item: Item, found: Candidate) -> bool:
    """Whether the item states a holder, registration knows who holds and makes the medicine, and they differ."""
    if item.holder_name is None or not found.organisations:
        return False
    return name_key(item.holder_name) not in found.organisations


def _evidence(item: Item, found: Candidate, strengths: Agreement) -> str:
    """What was compared, and how it came out."""
    parts = [f"批准文号 approval number {found.approval_number}"]
    if item.name_zh is not None:
        sign = "=" if name_key(item.name_zh) == name_key(found.name_zh) else "≠"
        parts.append(f"名称 name {item.name_zh} {sign} {found.name_zh}")
    parts.append(
        f"规格 strength {item.specification or '—'} / {found.specification or '—'}: {strengths.value}"
    )
    if item.holder_name is not None and found.organisations:
        sign = "≠" if _is_of_another_holder(item, found) else "="
        parts.append(
            f"持有人 holder {item.holder_name} {sign} {found.holder_name or found.manufacturer_name}"
        )
    return "；".join(parts)


@lru_cache(maxsize=100_000)
def _could_be(stated: str | None, registered: str | None) -> bool:
    """Whether a strength, perhaps carelessly written (0.1g for 5ml:0.1g), could be meant for a registered one."""
    agreement = _strengths(stated, registered)
    if agreement is not Agreement.UNKNOWN:
        return agreement is Agreement.AGREE
    ours, theirs = _amounts(stated), _amounts(registered)
    return not ours or not theirs or not ours.isdisjoint(theirs)


def _amounts(specification: str | None) -> frozenset[str]:
    """Every amount of substance that a specification names; empty where none was understood."""
    strengths = () if specification is None else _parsed(specification).strengths
    return frozenset(
        amount.text
        for strength in strengths
        for amount in (*strength.amounts, *((strength.equivalent,) if strength.equivalent else ()))
    )


def _strengths(left: str | None, right: str | None) -> Agreement:
    if left is None or right is None:
        return Agreement.UNKNOWN
    return strengths_agree(_parsed(left), _parsed(right))


@lru_cache(maxsize=10_000)
def _parsed(specification: str) -> Specification:
    return parse_specification(specification)


def _why_waiting(item: Item) -> str:
    if item.approval_number is None:
        return "无批准文号 no approval number"
    return f"批准文号 {item.approval_number} 未见于注册数据 approval number not in registration"


def _unlinked(state: MatchState, evidence: str) -> Match:
    return Match(state, None, None, None, evidence)
