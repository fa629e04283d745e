"""Cutting a text into rows as a person counts them: a line break inside quotes starts no new row."""

import csv
import re
from collections.abc import Iterator
from typing import TextIO

from connectors.readers import refusals

#: A row longer than this is an unclosed quote which swallows the file, not data.
MAX_ROW_CHARACTERS = 1 << 21
#: a line of JSON may hold all that a pharmacy has
MAX_LINE_CHARACTERS = 1 << 24

DELIMITERS = (",", "\t", ";", "|")

# A quote opens at the start of a cell only, whichever the delimiter is: so rows can be counted without knowing
# it. The group is the closing quote; where it is empty the cell goes on in the next line.
_OPENING = re.compile(r'(?:\A|[,\t;|])"(?:[^"]++|"")*+("?)')
_CONTINUATION = re.compile(r'(?:[^"]++|"")*+("?)')


def records(text: TextIO) -> Iterator[str]:
    """Yield the rows of a delimited text, each as it stands with its line ends.

    Raises RefusedFileError `file.unclosed_quote` where a row grows beyond all measure.
    """
    parts: list[str] = []
    is_open, row_number, size = False, 1, 0
    while line := text.readline(MAX_ROW_CHARACTERS):
        parts.append(line)
        size += len(line)
        is_open = _stays_open(line, is_open)
        if size >= MAX_ROW_CHARACTERS:
            raise refusals.unclosed_quote(row_number)
        if not is_open:
            yield "".join(parts)
            parts.clear()
            size = 0
            row_number += 1
    if parts:
        yield "".join(parts)


def lines(text: TextIO) -> Iterator[str]:
    """Yield the rows of a text in which every line is a row. Raises as `records` does."""
    row_number = 0
    while line := text.readline(MAX_LINE_CHARACTERS):
        row_number += 1
        if len(line) >= MAX_LINE_CHARACTERS:
            raise refusals.unclosed_quote(row_number)
        yield line


def is_whole(line: str) -> bool:
    """Whether a line is a row by itself: no quoted cell goes on in the next one."""
    return not _stays_open(line, is_open=False)


def _stays_open(line: str, is_open: bool) -> bool:
    """Whether a quoted cell is still open at the end of a line."""
    position = 0
    if is_open:
        rest = _CONTINUATION.match(line)
        if rest is None or not rest[1]:
            return True
        position = rest.end()
    elif '"' not in line:
        return False
    return any(not opening[1] for opening in _OPENING.finditer(line, position))


def cut(row: str, delimiter: str) -> list[str]:
    """Cut a row into cells. A row with a cell beyond the measure of the csv module has none."""
    try:
        return next(csv.reader([row], delimiter=delimiter), [])
    except csv.Error:
        return []
