"""The identity ladder on labelled lines with planted traps: hardly ever wrong, and seldom at a loss."""

from random import Random

import pytest

from tests.lib.labelled_lines import WRONG_CODES, Labelled, make_lines
from tests.lib.labelled_register import FAMILIES, Register, make_register
from tests.lib.labelled_scores import known_of, score
from tests.lib.shared_data import SHARED_DATA, shared_file


@pytest.fixture(scope="module")
def labelled() -> tuple[Register, list[Labelled]]:
    """A small set, the same every time."""
    for name in ("nmpa_domestic_biological.jsonl", "nmpa_import_chemical.jsonl", "nhsa_codes.csv"):
        shared_file(name)
    shared_file("essential_medicines_2026.csv")
    random = Random(20260301)
    register = make_register(SHARED_DATA, random, 600)
    return register, make_lines(register, random, 3000)


def test_precision_and_recall(labelled: tuple[Register, list[Labelled]]) -> None:
    """A wrong link is worse than a missing one: at most one in a thousand; nineteen in twenty are found."""
    register, lines = labelled
    whole, by_method, _ = score(lines, known_of(register, lines))
    assert whole.precision >= 0.999
    assert whole.recall >= 0.95
    assert {"approval_number", "nhsa_code", "standard_code", "barcode", "fingerprint"} <= set(by_method)


def test_no_family_of_alike_medicines_is_mixed_up(labelled: tuple[Register, list[Labelled]]) -> None:
    """Salts, Roman numerals, equal ratios, halves, powder and liquid, names within names."""
    register, lines = labelled
    by_trap = score(lines, known_of(register, lines))[2]
    assert [] == [family for family in FAMILIES if by_trap[family].linked != by_trap[family].right]


def test_what_is_not_registered_is_hardly_ever_linked(labelled: tuple[Register, list[Labelled]]) -> None:
    """Its siblings are registered, with alike names, strengths and holders."""
    register, lines = labelled
    figures = score(lines, known_of(register, lines))[2]["not_registered"]
    assert figures.lines > 100
    assert figures.linked <= figures.lines / 100


def test_lost_digits_link_nothing(labelled: tuple[Register, list[Labelled]]) -> None:
    """A code in scientific notation is no code: what its other words do not settle waits."""
    register, lines = labelled
    spoilt = [each for each in lines if "scientific" in each.traps and not WRONG_CODES & set(each.traps)]
    figures = score(spoilt, known_of(register, lines))[0]
    assert figures.lines > 10
    assert figures.linked == figures.right
