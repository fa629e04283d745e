"""Precision and recall of the identity ladder on labelled lines."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hub.ingest.identity import Candidate, Known, Match, MatchState, Words, abbreviations, unlinked
from hub.ingest.ladder import match_words
from schema.identifiers import (
    IdentifierError,
    approval_number_readings,
    check_ean13,
    check_nhsa_code,
    check_standard_code,
    parse_approval_number,
)
from schema.names import medicine_key
from schema.organizations import organization_key
from schema.trace_codes import trace_prefix_of
from tests.lib.labelled_lines import Labelled, Line
from tests.lib.labelled_register import Register, Registered

#: what becomes of a line whose row goes to quarantine: nothing is linked
_QUARANTINED = unlinked(MatchState.WAITING, "quarantined")


@dataclass(slots=True)
class Score:
    """Counts of lines by what became of them."""

    lines: int = 0
    #: lines whose medicine is registered: those that can be linked
    linkable: int = 0
    linked: int = 0
    right: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def add(self, truth: int | None, match: Match) -> None:
        """Count a line."""
        self.lines += 1
        self.linkable += truth is not None
        self.states["quarantined" if match is _QUARANTINED else match.state.value] += 1
        if match.state is MatchState.LINKED:
            self.linked += 1
            self.right += match.product_id == truth

    @property
    def precision(self) -> float:
        """Share of the links that are right; 1 where there is none."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """Share of the lines that can be linked, and are, rightly; 1 where there is none."""
        return self.right / self.linkable if self.linkable else 1.0


def score(lines: Iterable[Labelled], known: Known) -> tuple[Score, dict[str, Score], dict[str, Score]]:
    """In all, by method of the link, and by planted trap."""
    whole, by_method, by_trap = Score(), dict[str, Score](), dict[str, Score]()
    for each in lines:
        words = words_of(each.line)
        match = _QUARANTINED if words is None else match_words(words, known)
        whole.add(each.truth, match)
        if match.method:
            by_method.setdefault(match.method, Score()).add(each.truth, match)
        for trap in each.traps or ("none",):
            by_trap.setdefault(trap, Score()).add(each.truth, match)
    return whole, by_method, by_trap


def words_of(line: Line) -> Words | None:
    """A line as connectors read it, codes in normal form; None where its row goes to quarantine.

    A number with letters among its digits is kept as received, but in a holder's report, whose key it is. Of codes
    that are no more than printed, an unreadable one is told of and left out.
    """
    try:
        number = line.approval_number and _number(line.approval_number, is_key=line.holder is not None)
        standard = line.standard_code and check_standard_code(line.standard_code)
        nhsa = line.nhsa_code and check_nhsa_code(line.nhsa_code)
    except IdentifierError:
        return None
    return Words(
        name_zh=line.name,
        specification=line.specification,
        approval_number=number,
        standard_code=standard,
        holder_name=line.holder,
        manufacturer_name=line.maker,
        nhsa_code=nhsa,
        barcode=_printed(line.barcode, check_ean13),
        trace_prefix=_printed(line.trace_prefix, trace_prefix_of),
    )


def _number(raw: str, *, is_key: bool) -> str:
    return raw if not is_key and approval_number_readings(raw) else parse_approval_number(raw).text


def _printed(raw: str | None, read: Callable[[str], str]) -> str | None:
    try:
        return None if raw is None else read(raw)
    except IdentifierError:
        return None


def known_of(register: Register, lines: Iterable[Labelled]) -> Known:
    """What registration knows: of each medicine that is registered, every key."""
    read = [words for each in lines if (words := words_of(each.line)) is not None]
    stated = {words.organisation for words in read if words.organisation}
    registered = [each for each in register.medicines if each.is_known]
    candidates = {each.id: _candidate(each) for each in registered}

    def by(key_of: Callable[[Registered], str | None]) -> dict[str, list[Candidate]]:
        found: dict[str, list[Candidate]] = {}
        for each in registered:
            if key := key_of(each):
                found.setdefault(key, []).append(candidates[each.id])
        return found

    organisations = {key for each in candidates.values() for key in each.organisations}
    pairs = [
        frozenset({organization_key(now), organization_key(before)})
        for now, before in register.former_names.items()
    ]
    return Known(
        by_approval_number=by(lambda each: each.number),
        by_standard_code=by(lambda each: each.standard_code),
        by_former_number=by(lambda each: each.former_number),
        by_nhsa_code=by(lambda each: each.nhsa_code),
        by_barcode=by(lambda each: each.barcode),
        by_trace_prefix=by(lambda each: each.trace_prefix),
        by_name=by(lambda each: medicine_key(each.name)),
        by_organisation={
            key: [each for each in candidates.values() if key in each.organisations] for key in organisations
        },
        organisations=frozenset(organisations),
        abbreviated=abbreviations(stated, organisations),
        aliases={key: pair for pair in pairs for key in pair},
        packs={each.id: frozenset({each.pack}) for each in registered},
    )


def _candidate(each: Registered) -> Candidate:
    trade = each.trade_name if each.trade_name_is_registered else None
    holders = (each.former_holder,) if each.former_holder else ()
    return Candidate(
        each.id, each.number, each.name, each.strength, each.holder, each.holder, None, trade, holders
    )
