"""Which registered medicines the words of a list mean. Pure: it follows from the words of both and nothing else.

A list names 品种, the register approval numbers. A name means all medicines of that name; with a form, those of that
form; with a strength, those that come in it. An approval number means that medicine, whatever else is written.
Nothing is guessed: a form or strength that is not understood means no medicine.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from connectors.strengths import strength_of
from schema.concepts import group_of, name_and_form
from schema.list_names import base_of, body_and_forms
from schema.names import medicine_key
from schema.quantities import Agreement, Specification, parse_specification, strengths_agree


class Method(StrEnum):
    """How a medicine is known to be meant, the surest first."""

    APPROVAL_NUMBER = "approval_number"
    FORMER_NUMBER = "former_number"
    NAME = "name"
    BASE_NAME = "base_name"


@dataclass(frozen=True, slots=True)
class Named:
    """The words of a list; `key` is whose they are."""

    key: tuple[int, str]
    name: str
    form: str | None
    strength_text: str | None
    approval_number: str | None


@dataclass(frozen=True)
class Medicine:
    """The words of a registered medicine."""

    id: int
    approval_number: str
    former_numbers: tuple[str, ...]
    name: str
    form: str | None
    specification: str | None

    @cached_property
    def body(self) -> str:
        """The name without its form."""
        return medicine_key(name_and_form(self.name)[0])

    @cached_property
    def group(self) -> str | None:
        """The group of its form."""
        return group_of(self.name, self.form)

    @cached_property
    def named_group(self) -> str | None:
        """The group that its name alone says: 丸剂 of 安宫牛黄丸, of which the register says 大蜜丸."""
        return name_and_form(self.name)[1]

    def comes_in(self, strength: Specification) -> bool:
        """Whether one of its strengths is this one."""
        if self.specification is None:
            return False
        return strengths_agree(strength, parse_specification(self.specification)) is Agreement.AGREE


@dataclass(frozen=True, slots=True)
class Meant:
    """A medicine that is meant, and how that is known."""

    method: Method
    evidence: str


def meant(named: Iterable[Named], medicines: Sequence[Medicine]) -> dict[tuple[tuple[int, str], int], Meant]:
    """By whose words they are and medicine: how it is known to be meant."""
    by_number: dict[str, list[tuple[Medicine, Method]]] = {}
    by_name: dict[str, list[tuple[Medicine, Method]]] = {}
    for medicine in medicines:
        for key, method in _keys(medicine):
            index = by_number if method in (Method.APPROVAL_NUMBER, Method.FORMER_NUMBER) else by_name
            index.setdefault(key, []).append((medicine, method))
    found: dict[tuple[tuple[int, str], int], Meant] = {}
    for words in named:
        reached = by_number if words.approval_number else by_name
        for medicine, known in _meant_by(words, reached):
            found.setdefault((words.key, medicine.id), known)
    return found


def names_meant(named: Iterable[Named], registered: Iterable[str]) -> list[str]:
    """Of the names in the register, those that words of a list may mean."""
    bodies = {medicine_key(body_and_forms(words.name, words.form)[0]) for words in named}
    found = []
    for name in registered:
        body = medicine_key(name_and_form(name)[0])
        if body in bodies or base_of(body) in bodies:
            found.append(name)
    return found


def _keys(medicine: Medicine) -> Iterator[tuple[str, Method]]:
    """What a medicine can be meant by."""
    yield medicine.approval_number, Method.APPROVAL_NUMBER
    for number in medicine.former_numbers:
        yield number, Method.FORMER_NUMBER
    yield medicine.body, Method.NAME
    if (base := base_of(medicine.body)) != medicine.body:
        yield base, Method.BASE_NAME


def _meant_by(
    words: Named, reached: dict[str, list[tuple[Medicine, Method]]]
) -> Iterator[tuple[Medicine, Meant]]:
    if words.approval_number:
        for medicine, method in sorted(reached.get(words.approval_number, ()), key=_surest):
            yield medicine, Meant(method, f"批准文号 {words.approval_number} ＝ {_number(medicine, method)}")
        return
    body, forms = body_and_forms(words.name, words.form)
    strength = _strength(words)
    if words.strength_text and strength is None:
        return
    for medicine, method in sorted(reached.get(medicine_key(body), ()), key=_surest):
        if forms is not None and not _is_form(words, medicine, forms):
            continue
        if strength is not None and not medicine.comes_in(strength):
            continue
        yield medicine, Meant(method, _evidence(words, medicine, method))


def _is_form(words: Named, medicine: Medicine, forms: frozenset[str]) -> bool:
    """Whether a medicine is of these forms. A form that only stands in both names is one, whatever else is known."""
    return medicine.group in forms or (words.form is None and medicine.named_group in forms)


def _strength(words: Named) -> Specification | None:
    """The one strength that is named; None where none is, or it is not understood to the last character."""
    understood = strength_of(words.strength_text) if words.strength_text else None
    return parse_specification(understood) if understood else None


def _number(medicine: Medicine, method: Method) -> str:
    return (
        medicine.approval_number
        if method is Method.APPROVAL_NUMBER
        else f"{medicine.approval_number} 的原批准文号"
    )


def _evidence(words: Named, medicine: Medicine, method: Method) -> str:
    """What was compared, in the words of both."""
    said = [f"名称 {words.name} ＝ {medicine.name}"]
    if method is Method.BASE_NAME:
        said[0] += "（不计酸根盐基）"
    if words.form is not None or body_and_forms(words.name, None)[1] is not None:
        said.append(f"剂型 {words.form or words.name} ∋ {medicine.group}")
    if words.strength_text:
        said.append(f"规格 {words.strength_text} ∈ {medicine.specification}")
    return "；".join(said)


def _surest(found: tuple[Medicine, Method]) -> tuple[int, int]:
    return list(Method).index(found[1]), found[0].id
