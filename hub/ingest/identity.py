"""What the identity ladder is told of an item and of registration, and what it finds. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from schema.names import medicine_key
from schema.organizations import organization_key

_LEGAL_FORM = re.compile(r"(?:集团|股份|有限|责任|公司)+$")


class MatchState(StrEnum):
    """What is known of an item's identity."""

    LINKED = "linked"
    #: which medicine is not known, but of which name, form and strength
    CONCEPT = "concept"
    WAITING = "waiting"
    CONFLICT = "conflict"
    #: a person judged that it is no registered medicine
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Words:
    """What an item says of itself. Two items that say the same are found to be the same."""

    name_zh: str | None = None
    specification: str | None = None
    approval_number: str | None = None
    standard_code: str | None = None
    #: whose approval the sender says it is
    holder_name: str | None = None
    #: whose make the sender says it is: holder or manufacturer, spelt as it likes
    manufacturer_name: str | None = None
    nhsa_code: str | None = None
    barcode: str | None = None
    #: the first 7 digits of a trace code, which say what medicine it is (药品标识码)
    trace_prefix: str | None = None

    @property
    def organisation(self) -> str | None:
        """Key of whoever is stated to hold or make it."""
        stated = self.holder_name or self.manufacturer_name
        return organization_key(stated) if stated else None

    def keys(self) -> Iterator[tuple[str, str]]:
        """All by which it may be found: kind of key and key."""
        codes = {
            "approval_number": self.approval_number,
            "standard_code": self.standard_code,
            "nhsa_code": self.nhsa_code,
            "barcode": self.barcode,
            "trace_prefix": self.trace_prefix,
            "organisation": self.organisation,
            "name": self.name_zh and medicine_key(self.name_zh),
        }
        yield from ((kind, key) for kind, key in codes.items() if key)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered medicine as the ladder sees it."""

    product_id: int
    approval_number: str
    name_zh: str
    specification: str | None
    holder_name: str | None = None
    manufacturer_name: str | None = None
    concept_id: int | None = None
    trade_name: str | None = None
    #: who else holds or held it, by its authorisation and the events of that; a number survives its holder
    holders: tuple[str, ...] = ()

    @property
    def organisations(self) -> frozenset[str]:
        """Keys of who holds, held and makes it, as far as registration says."""
        named = (self.holder_name, self.manufacturer_name, *self.holders)
        return frozenset(organization_key(name) for name in named if name)


#: medicines by a code or key; a code that was given out twice has several
Candidates = Mapping[str, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Known:
    """What registration knows of the items at hand: medicines by codes and keys."""

    by_approval_number: Candidates = field(default_factory=dict)
    by_standard_code: Candidates = field(default_factory=dict)
    by_former_number: Candidates = field(default_factory=dict)
    by_nhsa_code: Candidates = field(default_factory=dict)
    by_barcode: Candidates = field(default_factory=dict)
    by_trace_prefix: Candidates = field(default_factory=dict)
    #: by the key of the name
    by_name: Candidates = field(default_factory=dict)
    #: all that an organisation holds or makes, by the key of its name; asked for items that state no name
    by_organisation: Candidates = field(default_factory=dict)
    #: keys of the stated organisations that registration knows at all
    organisations: frozenset[str] = frozenset()
    #: key of a former name → keys of the names that the same organisation has or had
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: key of a name without its legal form (演示制药 for 演示制药有限公司) → keys of the names that it may stand for
    abbreviated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: by product, the packs that are known: units in a pack
    packs: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def same(self, key: str) -> frozenset[str]:
        """The keys of all names of the organisation with this one."""
        return self.aliases.get(key, frozenset()) | {key}


@dataclass(frozen=True, slots=True)
class Match:
    """The ladder's finding for one item, with its evidence."""

    state: MatchState
    product_id: int | None
    method: str | None
    concept_id: int | None
    score: Decimal | None
    evidence: str
    #: the judgement that dictates it; None: the ladder's own
    judgement_id: int | None = None


def abbreviations(stated: Iterable[str], organisations: Collection[str]) -> dict[str, frozenset[str]]:
    """By key of a stated name, the registered names that are it and a legal form behind it."""
    wanted = set(stated) - set(organisations)
    found: dict[str, set[str]] = {}
    for name in organisations:
        for short in wanted.intersection(_shortened(name)):
            found.setdefault(short, set()).add(name)
    return {key: frozenset(names) for key, names in found.items()}


def spellings(organisation: str) -> frozenset[str]:
    """Keys of a name, whole and without its legal form: all by which an item may mean it."""
    key = organization_key(organisation)
    return frozenset((key, *_shortened(key)))


def _shortened(key: str) -> list[str]:
    form = _LEGAL_FORM.search(key)
    return [key[:end] for end in range(form.start(), len(key))] if form else []


def unlinked(state: MatchState, evidence: str) -> Match:
    """A finding that names no medicine."""
    return Match(state, None, None, None, None, evidence)
