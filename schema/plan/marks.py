"""Whose rows an answer holds, told by raw whitespace before each of them: counted in bytes that nobody parses.

JSON allows whitespace between tokens, and PostgreSQL writes none of its own in what plans ask for. A text inside of
JSON never holds a raw line feed, tab or carriage return.
"""

from collections.abc import Sequence

from schema.provider import Provider

#: for the first provider of a plan, the second and so on; few plans have more than three
MARKS = ("\n", "\t", "\r", "\n\t", "\n\r", "\t\n", "\t\r", "\r\n", "\r\t")
_BYTES = tuple(mark.encode() for mark in MARKS)
_ALONE = 3
_STRIPPED = b"\n\t\r"


def counted(body: bytes, providers: Sequence[Provider]) -> dict[Provider, int]:
    """How many rows of each provider an answer holds; `providers` in the order in which the plan marked them."""
    found = [body.count(mark) for mark in _BYTES[: len(providers)]]
    for alone in range(min(_ALONE, len(found))):
        # where there are marks of two characters, one character was found in them too
        found[alone] -= sum(
            count
            for mark, count in zip(_BYTES[_ALONE:], found[_ALONE:], strict=False)
            if _BYTES[alone] in mark
        )
    return {provider: count for provider, count in zip(providers, found, strict=True) if count}


def without_marks(body: bytes) -> bytes:
    """The answer in one line, for protocols that end a message where a line ends."""
    return body.translate(None, _STRIPPED)
