"""The identity ladder: which registered medicine an item is. Pure; a wrong link is worse than a missing one.

Rungs go from exact codes down. A rung that finds one medicine links it, if the item's own words do not speak
against it; two codes of one item that point to different medicines, or a code whose medicine contradicts the item's
own words, link to neither. Whoever states a holder is bound by it: the number of another holder's medicine is a slip
of the pen. Without a code, name, strength and maker together may link; less only hints.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hub.ingest.identity import Candidate, Known, Match, MatchState, Words, unlinked
from hub.ingest.witness import (
    Maker,
    Name,
    Witness,
    could_be,
    hear,
    parsed,
    testimony,
)
from schema.identifiers import approval_number_readings
from schema.names import medicine_key
from schema.quantities import Agreement

#: method of a link without a name; what else the holder has registered may undo it
HOLDER_METHOD = "approval_number_holder"
#: method of a link without a code
FINGERPRINT = "fingerprint"
#: score of a fingerprint by what is known of its pack: it agrees, nothing is known, none that is known has it
_FINGERPRINT_SCORES = {True: Decimal("0.95"), None: Decimal("0.90"), False: Decimal("0.80")}
#: so many of the medicines that could be meant as well are named
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Rung:
    """A kind of code and how much a link by it is worth."""

    method: str
    label: str
    score: Decimal
    #: a check digit makes a slip of the pen unlikely
    is_checked: bool = False
    #: codes are used again for other goods: the strength has to agree as well
    is_reused: bool = False
    #: printed on packs, and copied from one row to the next: beside a number that nobody knows it says little
    is_printed: bool = False


_NHSA = Rung("nhsa_code", "医保药品代码 NHSA code", Decimal("1.00"))
_STANDARD = Rung("standard_code", "本位码 standard code", Decimal("1.00"), is_checked=True)
_NUMBER = Rung("approval_number", "批准文号 approval number", Decimal("0.98"))
_FORMER = Rung("former_approval_number", "原批准文号 former approval number", Decimal("0.95"))
_SWAPPED = Rung(
    "approval_number_lookalike",
    "批准文号（形近字）approval number, look-alike",
    Decimal("0.90"),
    is_reused=True,
)
_TRACE = Rung("trace_prefix", "追溯码 trace code", Decimal("0.95"), is_printed=True)
_BARCODE = Rung("barcode", "条码 bar code", Decimal("0.90"), is_reused=True, is_printed=True)


@dataclass(frozen=True, slots=True)
class Claim:
    """A code of the item and the medicines that have it."""

    rung: Rung
    code: str
    found: Sequence[Candidate]


def match_words(words: Words, known: Known) -> Match:
    """Climb down the ladder for one item."""
    claims = [claim for claim in stated_codes(words, known) if claim.found]
    if not claims:
        return _fingerprint(words, known)
    common = set.intersection(*({each.product_id for each in claim.found} for claim in claims))
    if not common:
        named = "；".join(f"{claim.rung.label} {claim.code} → {_numbers(claim.found)}" for claim in claims)
        return unlinked(MatchState.CONFLICT, f"{named}：各码所指不一 the codes name different medicines")
    top = claims[0]
    heard = [hear(words, each, known) for each in top.found if each.product_id in common]
    return _judge(words, top, heard, known)


def stated_codes(words: Words, known: Known) -> Iterator[Claim]:
    """The codes that an item states with the medicines that have them, if any has: best rung first."""
    number = words.approval_number or ""
    asked = (
        (_NHSA, words.nhsa_code, known.by_nhsa_code),
        (_STANDARD, words.standard_code, known.by_standard_code),
        (_NUMBER, number, known.by_approval_number),
        (_FORMER, number if number not in known.by_approval_number else None, known.by_former_number),
        (_TRACE, words.trace_prefix, known.by_trace_prefix),
        (_BARCODE, words.barcode, known.by_barcode),
    )
    for rung, code, by_code in asked:
        if code:
            yield Claim(rung, code, by_code.get(code, ()))
    readings = [each for each in approval_number_readings(number) if each in known.by_approval_number]
    if len(readings) == 1 and number not in known.by_approval_number:
        yield Claim(_SWAPPED, f"{number} → {readings[0]}", known.by_approval_number[readings[0]])


def _judge(words: Words, claim: Claim, heard: Sequence[Witness], known: Known) -> Match:
    """What a code's medicines and the item's words come to."""
    fitting = [each for each in heard if _links(claim.rung, each, words, known)]
    if len(fitting) == 1:
        return _link(words, claim, fitting[0])
    shown = fitting or list(heard)
    evidence = "；".join(
        f"{claim.rung.label} {claim.code}；{testimony(words, each)}" for each in shown[:_SHOWN]
    )
    if all(each.contradicts for each in heard):
        return unlinked(MatchState.CONFLICT, evidence)
    return unlinked(MatchState.WAITING, evidence + _why_not(words, heard[0], known))


def _links(rung: Rung, witness: Witness, words: Words, known: Known) -> bool:
    """Whether a code with these words makes a link.

    A code with a check digit may stand beside a trade name, if strength and maker agree. A code that is used again
    for other goods needs an equal strength. A number without a name needs holder and strength.
    """
    if witness.contradicts or witness.maker is Maker.OTHER:
        return False
    agrees = witness.strength is Agreement.AGREE
    if rung.is_checked and witness.name in {Name.ABSENT, Name.OTHER}:
        return witness.name is Name.ABSENT or (agrees and witness.maker is Maker.SAME)
    if rung.is_reused and not agrees:
        return False
    if rung.is_printed and witness.maker is not Maker.SAME and _names_unknown_medicine(words, known):
        return False
    if witness.name is Name.ABSENT:
        return agrees and witness.maker is Maker.SAME and not _rivals(words, witness.candidate, known)
    return witness.bears_out


def _link(words: Words, claim: Claim, witness: Witness) -> Match:
    evidence = f"{claim.rung.label} {claim.code}；{testimony(words, witness)}"
    if claim.rung is _NUMBER and witness.name is Name.ABSENT:
        method, score = HOLDER_METHOD, Decimal("0.95")
    else:
        method, score = claim.rung.method, claim.rung.score
    return Match(MatchState.LINKED, witness.candidate.product_id, method, None, score, evidence)


def _why_not(words: Words, witness: Witness, known: Known) -> str:
    """What kept a code that was found from linking, where the comparison does not show it."""
    if witness.name is not Name.ABSENT or witness.maker is Maker.OTHER:
        return ""
    if witness.maker is Maker.UNKNOWN:
        return "；无名称亦无持有人可核 neither name nor holder to go by"
    if rivals := _rivals(words, witness.candidate, known):
        return f"；无名称，同一持有人另有 no name, and the holder also has {_numbers(rivals)}"
    return ""


def _rivals(words: Words, found: Candidate, known: Known) -> list[Candidate]:
    """Other medicines of the stated organisation that a nameless item could be as well.

    A slip in the number that leads to another medicine of the same holder would else go unseen. If both are
    registered and of one strength, nothing here tells them apart, and the item waits.
    """
    return [
        other
        for other in known.by_organisation.get(words.organisation or "", ())
        if other.product_id != found.product_id and could_be(words.specification, other.specification)
    ]


def _fingerprint(words: Words, known: Known) -> Match:
    """Without a code that registration knows: name, strength and maker, if they fit one medicine only.

    A stated code that nobody knows may be that of a medicine which is not registered here: then the fingerprint is
    only a hint. Bar codes and trace codes are not meant: no register has them all.
    """
    named = known.by_name.get(medicine_key(words.name_zh or ""), ())
    heard = [hear(words, each, known) for each in named]
    possible = [
        each
        for each in heard
        if each.maker is Maker.SAME and could_be(words.specification, each.candidate.specification)
    ]
    sure = [each for each in possible if each.strength is Agreement.AGREE]
    if len(possible) == len(sure) == 1 and not _names_unknown_medicine(words, known):
        return _by_fingerprint(words, sure[0], known)
    evidence = "；".join((_why_waiting(words), *_hints(possible, heard)))
    return _by_concept(heard, evidence) or unlinked(MatchState.WAITING, evidence)


def _names_unknown_medicine(words: Words, known: Known) -> bool:
    """Whether the item states a code, of those that a register has whole, which nobody knows."""
    stated = (
        (words.approval_number, known.by_approval_number, known.by_former_number),
        (words.standard_code, known.by_standard_code, ()),
        (words.nhsa_code, known.by_nhsa_code, ()),
    )
    return any(code and code not in here and code not in there for code, here, there in stated)


def _by_concept(heard: Sequence[Witness], evidence: str) -> Match | None:
    """What it is, if not whose: all medicines of its name and strength belong to one concept."""
    concepts = {each.candidate.concept_id for each in heard if each.strength is Agreement.AGREE}
    if len(concepts) != 1 or None in concepts:
        return None
    return Match(MatchState.CONCEPT, None, "concept", concepts.pop(), Decimal("0.60"), evidence)


def _by_fingerprint(words: Words, witness: Witness, known: Known) -> Match:
    pack = parsed(words.specification or "").pack_count
    packs = known.packs.get(witness.candidate.product_id)
    fits = None if pack is None or not packs else pack in packs
    return Match(
        MatchState.LINKED,
        witness.candidate.product_id,
        FINGERPRINT,
        None,
        _FINGERPRINT_SCORES[fits],
        f"名称、规格与厂家相符 name, strength and maker；{testimony(words, witness)}；"
        f"批准文号 approval number {witness.candidate.approval_number}",
    )


def _hints(possible: Sequence[Witness], heard: Sequence[Witness]) -> Iterator[str]:
    """Medicines that a person may look at first."""
    near = possible or [
        each for each in heard if each.strength is Agreement.AGREE and each.maker is not Maker.OTHER
    ]
    if near:
        yield f"可能是 perhaps {_numbers([each.candidate for each in near])}"


def _why_waiting(words: Words) -> str:
    if words.approval_number is None and (code := words.standard_code or words.nhsa_code):
        return f"{code} 未见于注册数据 code not in registration"
    if words.approval_number is None:
        return "无批准文号 no approval number"
    return f"批准文号 {words.approval_number} 未见于注册数据 approval number not in registration"


def _numbers(candidates: Sequence[Candidate]) -> str:
    """The first few approval numbers."""
    numbers = sorted(each.approval_number for each in candidates)
    more = f" 等 {len(numbers)} 种" if len(numbers) > _SHOWN else ""
    return "、".join(numbers[:_SHOWN]) + more
