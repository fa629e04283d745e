"""JSON values: an array cut into their texts, an object read with its numbers as they are written."""

import json
import re
from collections.abc import Iterator
from typing import Any

from connectors.readers import refusals

#: behind the list of an object: the plain values that it holds beside it
END_OF_OBJECT = re.compile(r"[^{}\[\]]*\}\s*\Z")

#: finds where a value ends; numbers stay text, for a long one is costly and none is needed here
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_BLANKS = re.compile(r"\s*")
_FOLLOWS = re.compile(r"\s*([,\]])\s*")


class Values:
    """The values of an array, as text; afterwards `count` tells how many, `end` where its bracket has closed."""

    def __init__(self, text: str, position: int) -> None:
        """`position` is the one behind the opening bracket."""
        self._text = text
        self._position = position
        self.end = position
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        """Yield them. Raises RefusedFileError `file.broken_json` with the number of the value that is malformed."""
        found = _BLANKS.match(self._text, self._position)
        position, number = found.end() if found else self._position, 0
        bracket = ","
        if self._text.startswith("]", position):
            position, bracket = position + 1, "]"
        while bracket == ",":
            number += 1
            end = self._end_of_value(position, number)
            yield self._text[position:end]
            follows = _FOLLOWS.match(self._text, end)
            if follows is None:
                raise refusals.broken_json(number)
            position, bracket = follows.end(), follows[1]
        self.end, self.count = position, number

    def _end_of_value(self, position: int, number: int) -> int:
        try:
            return _DECODER.raw_decode(self._text, position)[1]
        except (ValueError, RecursionError) as error:
            raise refusals.broken_json(number) from error


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def parse(line: str) -> dict[str, Any] | None:
    """Read a text as a JSON object whose numbers are `_Number`; None where it is no such thing."""
    try:
        found = json.loads(
            line,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_no_constant,
            object_pairs_hook=_unique_keys,
        )
        if "\\u" in line:
            as_text(found).encode()  # type: ignore[union-attr]  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def parse_value(text: str) -> Any:
    """Read any JSON value, numbers as they are written; None where it is none."""
    found = parse(f'{{"":{text}}}')
    return None if found is None else found[""]


def as_text(value: Any) -> str | None:
    """Return a JSON value as the text of a cell; nested values as compact JSON."""
    if isinstance(value, str):
        return str(value)
    return None if value is None else compact(value)


def compact(value: Any) -> str:
    """A parsed value as compact JSON, its numbers as they were written."""
    if isinstance(value, _Number):
        return value
    if isinstance(value, dict):
        members = (
            f"{json.dumps(key, ensure_ascii=False)}:{compact(member)}" for key, member in value.items()
        )
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(compact, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")
