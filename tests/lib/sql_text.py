"""Statements in lines, so that a person can read what changed in one."""

import re
from collections.abc import Iterator

#: texts, words, numbers, and single signs
_TOKENS = re.compile(r"E?'(?:[^']|'')*'|\s+|\w+|.", re.DOTALL)
#: words that begin a line
_CLAUSES = frozenset({"FROM", "WHERE", "ORDER", "GROUP", "HAVING", "LIMIT", "LEFT", "UNION"})
#: what stands before a bracket whose arguments get lines of their own
_SPREAD = frozenset({"concat", "json_build_array"})
_STEP = "  "


def in_lines(statement: str) -> str:
    """The statement, broken at clauses, at arguments of `concat`, and at each subquery."""
    return "".join(_pieces(_TOKENS.findall(statement))) + "\n"


def _pieces(tokens: list[str]) -> Iterator[str]:
    #: for each open bracket whether it is broken into lines
    broken: list[bool] = []
    before = ""
    for at, token in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        line = f"\n{_STEP * sum(broken)}"
        if token == "(":
            broken.append(after == "SELECT" or before in _SPREAD)
            yield token + (f"\n{_STEP * sum(broken)}" if broken[-1] else "")
        elif token == ")":
            was_broken = broken.pop()
            yield (f"\n{_STEP * sum(broken)}" if was_broken else "") + token
        elif token == "," and broken and broken[-1]:
            yield f",{line}"
        elif token.isspace():
            follows_line = before == "," and bool(broken) and broken[-1]
            if not follows_line:
                yield line if after in _CLAUSES and (not broken or broken[-1]) else " "
        else:
            yield token
        before = token
