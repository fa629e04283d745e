"""Precision and recall of the identity ladder on a labelled set, one JSON line a figure; no database.

Real names, approval numbers and insurance codes; holders, strengths and the other codes are made up. The same seed
gives the same set on every machine.
"""

import argparse
import json
import sys
from random import Random
from time import perf_counter

from tests.lib.labelled_lines import WRONG_CODES, Labelled, lines_with, make_lines, without_other_codes
from tests.lib.labelled_register import make_register
from tests.lib.labelled_scores import Score, known_of, score
from tests.lib.shared_data import SHARED_DATA

#: real medicines of the register, lines
SIZES = {"small": (600, 3000), "full": (4500, 40000)}
_CODES = ("nhsa_code", "standard_code", "approval_number", "trace_prefix", "barcode")


def main() -> None:
    """Make the set, climb, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--seed", type=int, default=20260301)
    arguments = parser.parse_args()
    real, count = SIZES[arguments.size]
    random = Random(arguments.seed)
    register = make_register(SHARED_DATA, random, real)
    lines = make_lines(register, random, count)
    known = known_of(register, lines)
    began = perf_counter()
    whole, by_method, by_trap = score(lines, known)
    seconds = perf_counter() - began
    tell("all", "all_lines", whole, lines_per_second=round(len(lines) / seconds))
    sound = [each for each in lines if not WRONG_CODES & set(each.traps)]
    tell("all", "without_lines_of_wrong_codes", score(sound, known)[0])
    for method, each in sorted(by_method.items()):
        tell("method", method, each)
    for code in _CODES:
        tell("rung_alone", code, score(lines_with(lines, code), known)[0])
    bare = [Labelled(without_other_codes(e.line, None), e.truth, e.sender, e.traps) for e in lines]
    tell("rung_alone", "fingerprint", score(bare, known)[0])
    for trap, each in sorted(by_trap.items()):
        tell("trap", trap, each)


def tell(group: str, name: str, figures: Score, **further: int) -> None:
    """Print one line."""
    shown = {
        "group": group,
        "name": name,
        "lines": figures.lines,
        "linked": figures.linked,
        "wrong": figures.linked - figures.right,
        "precision": round(figures.precision, 5),
        "recall": round(figures.recall, 4),
        "states": dict(sorted(figures.states.items())),
    }
    sys.stdout.write(json.dumps(shown | further, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
