"""Cutting a JSON text into its members without changing a digit of them: records stay as the source wrote them."""

import json
import re
from collections.abc import Iterator

_DECODER = json.JSONDecoder(strict=True)
_BLANK = re.compile(r"[ \t\r\n]*")
_LINE_END = re.compile(r"[\r\n]+")


def members(text: str) -> dict[str, str]:
    """The members of the JSON object that the text is, each as the text of its value. ValueError if it is none."""
    found: dict[str, str] = {}
    for key, start, end in _members(text):
        if key in found:
            raise ValueError(f"the key {key} twice")
        found[key] = text[start:end]
    return found


def elements(text: str) -> Iterator[str]:
    """The elements of the JSON array that the text is, each on one line. ValueError if it is none."""
    at = _expect(text, 0, "[")
    if text[at : at + 1] == "]":
        return
    while True:
        _, end = _DECODER.raw_decode(text, at)
        # a line end inside a string is escaped in JSON: those that stand there are between tokens
        yield _LINE_END.sub(" ", text[at:end])
        at = _skip(text, end)
        if text[at : at + 1] == "]":
            return
        at = _expect(text, at, ",")


def _members(text: str) -> Iterator[tuple[str, int, int]]:
    at = _expect(text, 0, "{")
    while text[at : at + 1] != "}":
        key, end = _DECODER.raw_decode(text, at)
        if not isinstance(key, str):
            raise ValueError("a key is no text")  # noqa: TRY004  (callers wait for ValueError, as json raises)
        start = _expect(text, end, ":")
        _, end = _DECODER.raw_decode(text, start)
        yield key, start, end
        at = _skip(text, end)
        if text[at : at + 1] != "}":
            at = _expect(text, at, ",")
    if _skip(text, at + 1) != len(text):
        raise ValueError("something stands behind the object")


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _expect(text: str, at: int, sign: str) -> int:
    """The place behind a sign and the blanks around it."""
    at = _skip(text, at)
    if text[at : at + 1] != sign:
        raise ValueError(f"{sign} expected at character {at}")
    return _skip(text, at + 1)
