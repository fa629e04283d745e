"""Whether an item's own words bear out that it is a certain medicine: name, strength, holder or maker. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from hub.ingest.identity import Candidate, Known, Words
from schema.names import medicine_key
from schema.quantities import Agreement, Specification, parse_specification, strengths_agree


class Name(StrEnum):
    """How a stated name stands to the registered one."""

    SAME = "="
    #: one is the other with a salt or a form left out
    RELATED = "≈"
    OTHER = "≠"
    ABSENT = "—"


class Maker(StrEnum):
    """How a stated holder or maker stands to the registered ones."""

    SAME = "="
    OTHER = "≠"
    #: not stated, not registered, or spelt as nobody that registration knows
    UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Witness:
    """What an item's words say about one candidate."""

    candidate: Candidate
    name: Name
    strength: Agreement
    maker: Maker

    @property
    def contradicts(self) -> bool:
        """Whether they say that it is another medicine: same names in two strengths are two medicines."""
        return self.strength is Agreement.DIFFER

    @property
    def bears_out(self) -> bool:
        """Whether the name is the registered one, or kin to it in an equal strength, and nothing speaks against it.

        Equal strengths alone bear nothing out: half of all tablets have 10 mg.
        """
        if self.contradicts or self.maker is Maker.OTHER:
            return False
        return self.name is Name.SAME or (self.name is Name.RELATED and self.strength is Agreement.AGREE)


def hear(words: Words, candidate: Candidate, known: Known) -> Witness:
    """Compare what an item says with a candidate."""
    return Witness(
        candidate,
        _compare_all_names(words.name_zh, candidate),
        compare_strengths(words.specification, candidate.specification),
        _compare_makers(words, candidate, known),
    )


def testimony(words: Words, witness: Witness) -> str:
    """What was compared, and how it came out."""
    found = witness.candidate
    parts = []
    if words.name_zh is not None:
        parts.append(f"名称 name {words.name_zh} {witness.name} {found.name_zh}")
    parts.append(
        f"规格 strength {words.specification or '—'} / {found.specification or '—'}: {witness.strength.value}"
    )
    stated = words.holder_name or words.manufacturer_name
    if stated is not None and found.organisations:
        role = "持有人 holder" if words.holder_name else "厂家 maker"
        parts.append(f"{role} {stated} {witness.maker} {found.holder_name or found.manufacturer_name}")
    return "；".join(parts)


# Salts and acid radicals, and words of the form, that chains leave out or add. What is left when one name is taken
# out of the other has to be made of these: 氯化钠注射液 stands in 葡萄糖氯化钠注射液 and is another medicine.
_SALTS = (
    "盐酸|硫酸氢|硫酸|磷酸|硝酸|醋酸|枸橼酸|马来酸|富马酸|重酒石酸|酒石酸|琥珀酸|甲磺酸|苯磺酸|氢溴酸|乳酸"
    "|甲硫酸|丙酸|戊酸|糠酸|棕榈酸|氢氧化|钠|钾|钙|镁|锌"
)
_FORMS = (
    "注射用|注射液|片|胶囊|软胶囊|颗粒|丸|散|粉|口服溶液|口服液|口服混悬液|混悬液|糖浆|乳膏|软膏|凝胶|滴眼液|滴耳液|滴鼻液|喷雾剂|气雾剂|栓|贴片|贴膏"
    "|缓释|控释|肠溶|分散|咀嚼|泡腾|口腔崩解|薄膜衣|剂"
)
_LEFT_OUT = re.compile(rf"(?:{_SALTS}|{_FORMS})*")


@lru_cache(maxsize=1 << 17)
def compare_names(stated: str | None, registered: str) -> Name:
    """How a stated name stands to a registered one."""
    if stated is None:
        return Name.ABSENT
    ours, theirs = medicine_key(stated), medicine_key(registered)
    if ours == theirs:
        return Name.SAME
    short, long = sorted((ours, theirs), key=len)
    before, found, after = long.partition(short)
    is_kin = bool(found) and _LEFT_OUT.fullmatch(before) and _LEFT_OUT.fullmatch(after)
    return Name.RELATED if is_kin else Name.OTHER


def _compare_all_names(stated: str | None, candidate: Candidate) -> Name:
    """As `compare_names`; the registered trade name, which a maker may use for several strengths, is kin."""
    found = compare_names(stated, candidate.name_zh)
    if found is Name.OTHER and candidate.trade_name and stated is not None:
        return Name.RELATED if medicine_key(stated) == medicine_key(candidate.trade_name) else Name.OTHER
    return found


def compare_strengths(left: str | None, right: str | None) -> Agreement:
    """Whether two texts name the same strength."""
    if left is None or right is None:
        return Agreement.UNKNOWN
    return strengths_agree(parsed(left), parsed(right))


@lru_cache(maxsize=1 << 17)
def could_be(stated: str | None, registered: str | None) -> bool:
    """Whether a strength, perhaps carelessly written (0.1g for 5ml:0.1g), could be meant for a registered one."""
    agreement = compare_strengths(stated, registered)
    if agreement is not Agreement.UNKNOWN:
        return agreement is Agreement.AGREE
    ours, theirs = _amounts(stated), _amounts(registered)
    return not ours or not theirs or not ours.isdisjoint(theirs)


@lru_cache(maxsize=1 << 16)
def parsed(specification: str) -> Specification:
    """A specification, understood."""
    return parse_specification(specification)


def _compare_makers(words: Words, candidate: Candidate, known: Known) -> Maker:
    """A holder binds, however it is spelt; a maker only if registration knows it as somebody else."""
    stated, registered = words.organisation, candidate.organisations
    if stated is None or not registered:
        return Maker.UNKNOWN
    if not known.same(stated).isdisjoint(registered):
        return Maker.SAME
    if full := known.abbreviated.get(stated):
        if full.isdisjoint(registered):
            return Maker.OTHER
        return Maker.SAME if len(full) == 1 else Maker.UNKNOWN
    is_somebody = words.holder_name is not None or not known.same(stated).isdisjoint(known.organisations)
    return Maker.OTHER if is_somebody else Maker.UNKNOWN


def _amounts(specification: str | None) -> frozenset[str]:
    """Every amount of substance that a specification names; empty where none was understood."""
    strengths = () if specification is None else parsed(specification).strengths
    return frozenset(
        amount.text
        for strength in strengths
        for amount in (*strength.amounts, *((strength.equivalent,) if strength.equivalent else ()))
    )
