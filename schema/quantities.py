"""Strengths and packs of medicines, read from Chinese specification text such as ``10ml:0.5mg*5支``.

A text is cut into presentations (``10mg；20mg``), each into tokens; each is understood as a whole or kept in
``rest``: a strength wrongly taken for equal is worse than one that nobody could read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise, product

from schema.names import name_key


class QuantityKind(StrEnum):
    """What an amount measures; kinds are never compared with each other."""

    MASS = "mass"
    VOLUME = "volume"
    ACTIVITY = "activity"
    PERCENT = "percent"
    OTHER = "other"


class Agreement(StrEnum):
    """Whether two specifications name the same strength."""

    AGREE = "agree"
    DIFFER = "differ"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in the canonical unit of its kind: mg, ml, IU, %; other units as written."""

    kind: QuantityKind
    value: Decimal
    unit: str

    @property
    def text(self) -> str:
        """Canonical text, without exponent or idle zeros."""
        return f"{self.value.normalize():f}{self.unit}"


@dataclass(frozen=True, slots=True)
class Strength:
    """What one unit of the medicine holds.

    Several ``amounts`` are a compound, in the order written. ``per`` is the whole that holds them
    (``10ml:0.5mg``: 0.5 mg per 10 ml); with ``concentration`` it is one unit of measure and the whole is
    not stated (``0.5mg/ml``). ``basis`` is what the amount is counted as (以芬太尼计 → 芬太尼), or 装 or 重
    where it is a weight of filling; ``equivalent`` repeats it in another kind (``0.25g(40万单位)``).
    """

    amounts: tuple[Amount, ...]
    per: Amount | None = None
    concentration: bool = False
    basis: str | None = None
    equivalent: Amount | None = None

    @property
    def text(self) -> str:
        """Canonical text; parsing it gives the same strength."""
        parts = [amount.text for amount in self.amounts]
        if self.per and self.concentration:
            body = "/".join([*parts, self.per.unit])
        elif self.per:
            body = ":".join([self.per.text, *parts])
        else:
            body = "*".join(parts)
        fill = self.basis if self.basis in _FILLS else None
        note = f"(以{self.basis}计)" if self.basis and not fill else ""
        return f"{fill or ''}{body}{f'({self.equivalent.text})' if self.equivalent else ''}{note}"


@dataclass(frozen=True, slots=True)
class Specification:
    """What was understood of a 规格 text.

    ``pack_count`` counts ``unit`` (片, 粒, 支 …) in a pack; ``rest`` is the text that was not understood.
    """

    strengths: tuple[Strength, ...] = ()
    pack_count: int | None = None
    unit: str | None = None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Measure:
    """A unit of measure without a number: the ml of ``0.5mg/ml``."""

    unit: str


@dataclass(frozen=True, slots=True)
class _Count:
    """Packaging: a number of units (None where only ``/盒`` is written, unit None in a bare ``*24``)."""

    number: int | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A count inside the chain of packaging: ``10片/板`` is 10, 片, 板."""

    number: int
    unit: str | None
    outer: str | None = None

    @property
    def text(self) -> str:
        return f"{self.number}{self.unit or ''}{f'/{self.outer}' if self.outer else ''}"


@dataclass(slots=True)
class _Presentation:
    """One part of the text between separators, while it is read and when it has been."""

    strength: Strength | None = None
    steps: tuple[_Step, ...] = ()
    unit: str | None = None
    basis: str | None = None
    fill: str | None = None
    rest: list[str] = field(default_factory=list)


class _NotUnderstoodError(Exception):
    """A presentation does not fit the grammar; its text goes to ``rest`` as a whole."""


_FILLS = ("装", "重")
_CANONICAL = {
    QuantityKind.MASS: "mg",
    QuantityKind.VOLUME: "ml",
    QuantityKind.ACTIVITY: "IU",
    QuantityKind.PERCENT: "%",
}


def _unit_table() -> dict[str, tuple[QuantityKind, str, Decimal]]:
    plain = {
        QuantityKind.MASS: {"1000000": "kg 千克", "1000": "g 克", "1": "mg 毫克", "0.001": "μg ug mcg 微克"},
        QuantityKind.VOLUME: {"1000": "l 升", "1": "ml 毫升", "0.001": "μl ul 微升"},
        QuantityKind.ACTIVITY: {"1": "iu u i.u. 单位 国际单位"},
        QuantityKind.PERCENT: {"1": "%"},
    }
    table = {
        name: (kind, _CANONICAL[kind], Decimal(factor))
        for kind, factors in plain.items()
        for factor, names in factors.items()
        for name in names.split()
    }
    # Units that are compared only with themselves: kallikrein and anti-Xa units are not IU.
    others = "mmol mol meq mosm kcal kj mbq gbq kbq mci μci cm cm2 mm kiu axaiu axau cfu pfu mg碘 mgi"
    return table | {name: (QuantityKind.OTHER, name, Decimal(1)) for name in others.split()}


_UNITS = _unit_table()
_SCALES = {"": 1, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_COUNTED = [
    "片",
    "粒",
    "支",
    "袋",
    "瓶",
    "丸",
    "贴",
    "枚",
    "包",
    "管",
    "揿",
    "喷",
    "吸",
    "板",
    "盒",
    "条",
    "块",
    "筒",
    "罐",
    "桶",
    "听",
    "套",
    "人份",
    "箱",
    "件",
    "s",
]
_OUTERMOST = {"盒", "箱", "件"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_UNIT_PATTERN = rf"(?:{_any_of(_UNITS)})(?![a-z0-9])"
_COUNTED_PATTERN = rf"(?:{_any_of(_COUNTED)})(?![a-z])"
_TOKEN = re.compile(
    rf"""
      (?P<note>\([^()]*\))
    | (?P<basis>[以按][^0-9:/*+()][^:/*+()]{{0,40}}?计算?)
    | (?P<fill>(?:每(?P<each>{_COUNTED_PATTERN}))?(?:装|重) | 每(?P<alone>{_COUNTED_PATTERN})(?:含(?=[0-9]))?)
    | (?P<amount>(?P<value>[0-9]{{1,12}}(?:\.[0-9]{{1,12}})?)
        (?P<scale>百万|千万|[千万亿]?)(?P<unit>{_UNIT_PATTERN}))
    | (?P<count>(?P<number>[0-9]{{1,6}})(?P<counted>{_COUNTED_PATTERN}|(?=\*|$)))
    | (?P<measure>{_UNIT_PATTERN})
    | (?P<package>{_COUNTED_PATTERN})
    | (?P<op>[:/*+])
    | (?P<words>[^0-9:/*+()]+)
    | (?P<other>.)
    """,
    re.VERBOSE,
)
_SEPARATOR = re.compile(r"[;、,。\n|](?![^(]*\))")
_BASIS = re.compile(r"[以按](.+?)计算?")
_LEAST, _LIMIT = Decimal("1e-12"), Decimal("1e12")
_LABEL = re.compile(r"([^0-9:/*+()]+):(?=[0-9每装重(])")
_TIDY = (
    (re.compile(r"(?<=[0-9]\.) (?=[0-9])|(?<=[0-9]) (?=\.[0-9])"), ""),  # 0. 1g, from scanned tables
    (re.compile(r"(?<=[0-9a-zμ%\u4e00-\u9fff)]) ?x ?(?=[0-9])"), "*"),
    (re.compile(r"(?<=[0-9]) (?=[a-zμ%])| (?=[:/*+])|(?<=[:/*+]) "), ""),
    # A thousands comma is certain only before units of activity: 5,100mg may be two strengths.
    (re.compile(r"(?<=[0-9]),(?=(?:[0-9]{3},)*[0-9]{3}(?:iu|u|单位|国际单位))"), ""),
)
_Item = Amount | _Measure | _Count | str


def parse_specification(text: str) -> Specification:
    """The strengths and the pack in a specification text; never raises.

    Full-width characters, ratio marks, ×/x/*, Chinese and Latin units are read alike. What is not understood
    stays in ``rest``, in folded form.
    """
    found = [_parse_presentation(part) for part in _presentations(text)]
    strong = [each for each in found if each.strength]
    rest = [line for each in found for line in each.rest]
    steps = [step for each in found if not each.strength for step in each.steps]
    packs = {each.steps for each in strong}
    if len(packs) == 1:
        steps = [*packs.pop(), *steps]
    else:  # each strength has a pack of its own
        rest += [_steps_text(each.steps) for each in strong if each.steps]
    units = {each.unit for each in found if each.unit}
    count, unit = _pack(steps, units) or (None, None)
    if steps and count is None:
        rest.append(_steps_text(steps))
    if unit is None and len(units) == 1:
        unit = units.pop()
    strengths = tuple(dict.fromkeys(each.strength for each in strong if each.strength))
    return Specification(strengths, count, unit, ";".join(rest))


def strengths_agree(a: Specification, b: Specification) -> Agreement:
    """Whether two specifications share a strength; symmetric.

    AGREE when some strength of one equals one of the other; DIFFER only when both are wholly understood,
    comparable, and nothing matches; otherwise UNKNOWN. Packs are not compared.
    """
    results = {_compare(one, other) for one, other in product(a.strengths, b.strengths)}
    if Agreement.AGREE in results:
        # Two unread remainders that differ may name what sets the products apart (0.33g(含60mg), (含120mg)).
        return Agreement.UNKNOWN if a.rest and b.rest and a.rest != b.rest else Agreement.AGREE
    if results == {Agreement.DIFFER} and not a.rest and not b.rest:
        return Agreement.DIFFER
    return Agreement.UNKNOWN


def _compare(a: Strength, b: Strength) -> Agreement:
    results = {_compare_expressions(x, y) for x, y in product(_expressions(a), _expressions(b))}
    results.discard(Agreement.UNKNOWN)
    result = results.pop() if len(results) == 1 else Agreement.UNKNOWN
    if a.basis == b.basis:
        return result
    # Counted on different bases (salt and base, content and filling) equal numbers mean different things.
    if a.basis and b.basis:
        return Agreement.UNKNOWN
    return Agreement.AGREE if result is Agreement.AGREE else Agreement.UNKNOWN


def _expressions(strength: Strength) -> list[Strength]:
    """The strength and, where it is written twice, its equivalent in the other kind."""
    return [strength, *([Strength((strength.equivalent,))] if strength.equivalent else [])]


def _compare_expressions(a: Strength, b: Strength) -> Agreement:
    if _shape(a) != _shape(b):
        return Agreement.UNKNOWN
    if a.concentration != b.concentration:
        # Only one says how much the whole holds: the ratios can refute, never confirm.
        return Agreement.UNKNOWN if _ratios(a) == _ratios(b) else Agreement.DIFFER
    if (a.amounts, a.per) == (b.amounts, b.per):
        return Agreement.AGREE
    reordered = a.per == b.per and sorted(_values(a)) == sorted(_values(b))
    return Agreement.UNKNOWN if reordered else Agreement.DIFFER


def _shape(strength: Strength) -> tuple[tuple[QuantityKind, str], ...]:
    whole = [strength.per] if strength.per else []
    return (
        (QuantityKind.OTHER, str(len(whole))),
        *((each.kind, each.unit) for each in [*whole, *strength.amounts]),
    )


def _values(strength: Strength) -> list[Decimal]:
    return [amount.value for amount in strength.amounts]


def _ratios(strength: Strength) -> list[Fraction]:
    whole = Fraction(strength.per.value) if strength.per else Fraction(1)
    return [Fraction(value) / whole for value in _values(strength)]


def _presentations(text: str) -> list[str]:
    folded = name_key(text)
    for pattern, replacement in _TIDY:
        folded = pattern.sub(replacement, folded)
    return [part.strip() for part in _SEPARATOR.split(folded) if part.strip()]


def _parse_presentation(text: str) -> _Presentation:
    try:
        return _read_presentation(text)
    except _NotUnderstoodError:
        return _Presentation(rest=[text])


def _read_presentation(text: str) -> _Presentation:
    reading = _Presentation()
    if label := _LABEL.match(text):
        text = text[label.end() :]
        if label[1] != "规格":
            reading.rest.append(label[1])
    notes: list[str] = []
    items = list(_items(text, reading, notes))
    values, operators = items[::2], items[1::2]
    if len(items) % 2 == 0 or str in map(type, values) or {*map(type, operators)} - {str}:
        raise _NotUnderstoodError
    measured = [value for value in values if isinstance(value, Amount | _Measure)]
    _read_packaging(reading, values[len(measured) :], ["", *map(str, operators)][len(measured) :])
    if measured:
        reading.strength = _strength(measured, operators[: len(measured) - 1])
        _apply_notes(reading, reading.strength, notes)
    elif notes or reading.basis:
        raise _NotUnderstoodError
    return reading


def _items(text: str, reading: _Presentation, notes: list[str]) -> Iterator[_Item]:
    """Values and operators in order; notes, basis, filling and closing words go to their own places."""
    started = False
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "note":
                notes.append(token["note"])
                continue
            case "basis" if reading.basis is None:
                reading.basis = _BASIS.sub(r"\1", token["basis"])
                continue
            case "fill" if not started:
                reading.fill = next((fill for fill in _FILLS if token["fill"].endswith(fill)), None)
                reading.unit = token["each"] or token["alone"]
            case "words" if started and token.end() == len(text):
                reading.rest.append(token["words"])
            case _:
                yield _item(token)
        started = True


def _item(token: re.Match[str]) -> _Item:
    match token.lastgroup:
        case "amount":
            return _amount(token)
        case "count":
            unit = token["counted"]
            return _Count(int(token["number"]), None if unit in {"", "s"} else unit)
        case "measure":
            return _Measure(token["measure"])
        case "package":
            return _Count(None, token["package"])
        case "op":
            return token["op"]
        case _:
            raise _NotUnderstoodError


def _amount(token: re.Match[str]) -> Amount:
    kind, unit, factor = _UNITS[token["unit"]]
    scale = token["scale"]
    if scale and kind not in {QuantityKind.ACTIVITY, QuantityKind.OTHER}:
        raise _NotUnderstoodError
    return _sane(Amount(kind, Decimal(token["value"]) * factor * _SCALES[scale], unit))


def _sane(amount: Amount) -> Amount:
    """The amount, unless it is zero or beyond what its canonical text can carry."""
    if not _LEAST <= amount.value < _LIMIT or amount.value % _LEAST:
        raise _NotUnderstoodError
    return amount


def _strength(values: Sequence[_Item], operators: Sequence[_Item]) -> Strength:
    amounts = [value for value in values if isinstance(value, Amount)]
    last, signs = values[-1], {*operators}
    volumes = sum(amount.kind is QuantityKind.VOLUME for amount in amounts)
    if isinstance(last, _Measure) and len(amounts) == len(values) - 1 and signs == {"/"}:
        return _concentration(amounts, last)
    if len(amounts) != len(values) or len(signs) > 1:
        raise _NotUnderstoodError
    if signs == {":"} or (signs <= {"/", "*"} and len(amounts) == 2 and volumes == 1):
        return _ratio(amounts)
    if len(amounts) > 1 and volumes:
        raise _NotUnderstoodError
    return Strength(tuple(amounts))


def _concentration(amounts: Sequence[Amount], measure: _Measure) -> Strength:
    kind, unit, factor = _UNITS[measure.unit]
    if kind not in {QuantityKind.MASS, QuantityKind.VOLUME}:
        raise _NotUnderstoodError
    scaled = tuple(_sane(replace(amount, value=amount.value / factor)) for amount in amounts)
    return Strength(scaled, Amount(kind, Decimal(1), unit), concentration=True)


def _ratio(amounts: Sequence[Amount]) -> Strength:
    """The whole is the volume, else the mass; of two masses or two volumes the larger."""
    for kind in (QuantityKind.VOLUME, QuantityKind.MASS):
        wholes = [amount for amount in amounts if amount.kind is kind]
        if len(wholes) == 1:
            return Strength(tuple(amount for amount in amounts if amount.kind is not kind), wholes[0])
        if len(wholes) == len(amounts) == 2:
            small, large = sorted(amounts, key=lambda amount: amount.value)
            return Strength((small,), large)
    raise _NotUnderstoodError


def _apply_notes(reading: _Presentation, strength: Strength, notes: Sequence[str]) -> None:
    simple = strength.per is None and len(strength.amounts) == 1
    for note in notes:
        inner = _TOKEN.fullmatch(note[1:-1])
        counted_as = _BASIS.fullmatch(note[1:-1])
        if counted_as and reading.basis in {None, counted_as[1]}:
            reading.basis = counted_as[1]
        elif simple and not strength.equivalent and inner and inner.lastgroup == "amount":
            strength = replace(strength, equivalent=_amount(inner))
        else:
            reading.rest.append(note)
    if reading.fill and simple and strength.amounts[0].kind is QuantityKind.MASS:
        if reading.basis:
            raise _NotUnderstoodError
        reading.basis = reading.fill
    elif reading.fill == "重":
        raise _NotUnderstoodError
    reading.strength = replace(strength, basis=reading.basis)


def _read_packaging(reading: _Presentation, values: Sequence[_Item], operators: Sequence[str]) -> None:
    steps: list[_Step] = []
    for operator, value in zip(operators, values, strict=True):
        if not isinstance(value, _Count):
            raise _NotUnderstoodError
        if value.number and operator in {"*", ""}:
            steps.append(_Step(value.number, value.unit))
        elif operator != "/" or value.number is not None:
            raise _NotUnderstoodError
        elif steps and not steps[-1].outer:
            steps[-1] = replace(steps[-1], outer=value.unit)
        elif not steps and reading.unit in {None, value.unit}:
            reading.unit = value.unit
        else:
            raise _NotUnderstoodError
    if operators[:1] == [""] and reading.unit:  # 每盒24片 is 24片/盒
        steps[-1] = replace(steps[-1], outer=steps[-1].outer or reading.unit)
        reading.unit = None
    reading.steps = tuple(steps)


def _pack(steps: Sequence[_Step], units: set[str]) -> tuple[int, str | None] | None:
    """Units in a pack, if the chain says so without doubt: 12片*2板, 10片/板*2板/盒; not 24片*10盒."""
    if not steps or (steps[0].unit and units - {steps[0].unit}):
        return None
    if steps[0].unit == "板" or steps[-1].outer in {"箱", "件"}:
        return None
    total = steps[0].number
    for inner, step in pairwise(steps):
        if step.unit is None or step.unit != (inner.outer or step.unit) or step.unit == steps[0].unit:
            return None
        total *= step.number
    doubtful = any(step.unit in _OUTERMOST and step.number != 1 for step in steps)
    return None if doubtful else (total, steps[0].unit)


def _steps_text(steps: Iterable[_Step]) -> str:
    return "*".join(step.text for step in steps)
