"""Which generic names are under special control (narcotic, psychotropic, toxic, radioactive, precursor)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from schema.names import name_key


class SpecialControl(StrEnum):
    """Classes of medicines whose whereabouts are never published, strictest first."""

    NARCOTIC = "narcotic"
    PSYCHOTROPIC_1 = "psychotropic_1"
    PSYCHOTROPIC_2 = "psychotropic_2"
    TOXIC = "toxic"
    RADIOACTIVE = "radioactive"
    PRECURSOR = "precursor"


@dataclass(frozen=True, slots=True)
class _Catalogue:
    stems: dict[str, SpecialControl]
    whole_names: dict[str, SpecialControl]
    stem: re.Pattern[str]
    isotope: re.Pattern[str]
    not_controlled: re.Pattern[str]


def special_control_of(name_zh: str) -> SpecialControl | None:
    """The class of a generic name, or None; in doubt a class (see the catalogue, ``special_control.yaml``).

    The longest controlled stem in the name decides; of equally long ones the stricter class.
    """
    catalogue = _catalogue()
    name = _letters(name_zh)
    if name in catalogue.whole_names:
        return catalogue.whole_names[name]
    found = catalogue.stem.findall(catalogue.not_controlled.sub(" ", name))
    if found:
        order = list(SpecialControl)
        return min((catalogue.stems[stem] for stem in _longest(found)), key=order.index)
    return SpecialControl.RADIOACTIVE if catalogue.isotope.search(name_key(name_zh)) else None


def _longest(stems: list[str]) -> list[str]:
    length = max(map(len, stems))
    return [stem for stem in stems if len(stem) == length]


def _letters(name: str) -> str:
    """The comparison key without marks and blanks, so that none of them can hide a stem."""
    return re.sub(r"[\W_]+", "", name_key(name))


@cache
def _catalogue() -> _Catalogue:
    text = files("schema").joinpath("special_control.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    stems, whole_names = (
        {_letters(name): control for control in SpecialControl for name in document[control].get(part, ())}
        for part in ("stems", "whole_names")
    )
    return _Catalogue(
        stems=stems,
        whole_names=whole_names,
        # A look-ahead finds overlapping stems; the longest comes first at each place.
        stem=re.compile(rf"(?=({_any_of(stems)}))"),
        isotope=_isotope_pattern(document["isotopes"]),
        not_controlled=re.compile(_any_of(map(_letters, document["not_controlled"]))),
    )


def _isotope_pattern(isotopes: Iterable[str]) -> re.Pattern[str]:
    """Mass number and symbol in either order, with a dash, a blank or nothing between, in no longer word.

    A range of carbon chains such as C14-24 in the name of a fat emulsion is no isotope.
    """
    forms = []
    for isotope in isotopes:
        mass, symbol = re.findall(r"[0-9]+m?(?=[A-Z])|[A-Z][a-z]?", isotope)
        forms.append(rf"{mass}[ -]?{symbol.lower()}(?![a-z])|{symbol.lower()}[ -]?{mass}(?![0-9a-z]|-[0-9])")
    return re.compile(rf"(?<![0-9a-z.])(?:{'|'.join(forms)})")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
