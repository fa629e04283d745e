"""Which administrative division an address stands in, where its own words tell it surely."""

from collections.abc import Mapping, Sequence

from schema.names import fold_text
from schema.regions import COUNTRY_CODE

#: code of a division → name and code of each division right below it
Divisions = Mapping[str, Sequence[tuple[str, str]]]


def division_of(address: str, divisions: Divisions) -> str | None:
    """The code of the finest division whose full names begin the address, province first; None without a province.

    A city may be left out where only one county of the province has the name. Short names (湖南长沙) are not guessed.
    """
    rest, found = fold_text(address).removeprefix("中国"), COUNTRY_CODE
    while step := _step(rest, found, divisions):
        name, found = step
        rest = rest[len(name) :]
    return None if found == COUNTRY_CODE else found


def _step(rest: str, above: str, divisions: Divisions) -> tuple[str, str] | None:
    below = divisions.get(above, ())
    if above == COUNTRY_CODE or any(rest.startswith(name) for name, _ in below):
        return _only(rest, below)
    return _only(rest, [deeper for _, code in below for deeper in divisions.get(code, ())])


def _only(rest: str, candidates: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The longest name that begins the text; None where two divisions have it."""
    matching = [each for each in candidates if rest.startswith(each[0])]
    longest = max((len(name) for name, _ in matching), default=0)
    best = [each for each in matching if len(each[0]) == longest]
    return best[0] if len(best) == 1 else None
