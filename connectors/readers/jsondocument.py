"""One JSON document cut into its records: an array of objects, or one list of them in an object, or in its `data`."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from connectors.readers import refusals
from connectors.readers.encoding import open_rows
from connectors.readers.sniff import DOCUMENT_START

#: a document is held in memory whole; JSON lines, which are not, may be as long as they like
MAX_CHARACTERS = 1 << 26
#: lines longer than this come in pieces
_PIECE_CHARACTERS = 1 << 20

#: finds where a value ends; numbers stay text, for a long one is costly and none is needed here
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_BLANKS = re.compile(r"\s*")
_FOLLOWS = re.compile(r"\s*([,\]])\s*")
#: what may stand behind the list in each object around it: the plain values that it holds beside it
_END_OF_OBJECT = r"[^{}\[\]]*\}"


@contextmanager
def open_records(path: Path, codec: str) -> Iterator[Iterator[str]]:
    """Open the records of a document, each as its text.

    Raises RefusedFileError `file.json_too_large`; reading raises `file.broken_json` where the document is malformed.
    """
    yield records_of(_whole_text(path, codec))


def records_of(text: str) -> Iterator[str]:
    """Yield the text of each record of a document. Raises RefusedFileError `file.broken_json`."""
    text = text.lstrip("\ufeff \t\r\n")
    start = DOCUMENT_START.match(text)
    if start is None:
        raise refusals.broken_json(1)
    position, number, bracket = _skip_blanks(text, start.end()), 0, ","
    if text.startswith("]", position):
        position, bracket = position + 1, "]"
    while bracket == ",":
        number += 1
        end = _end_of_value(text, position, number)
        yield text[position:end]
        follows = _FOLLOWS.match(text, end)
        if follows is None:
            raise refusals.broken_json(number)
        position, bracket = follows.end(), follows[1]
    if not _end_of(start[0].count("{")).match(text, position):
        raise refusals.broken_json(number)


def _end_of(objects: int) -> re.Pattern[str]:
    """What may stand behind a list with so many objects around it."""
    return re.compile(rf"(?:{_END_OF_OBJECT}){{{objects}}}\s*\Z")


def _end_of_value(text: str, position: int, number: int) -> int:
    try:
        return _DECODER.raw_decode(text, position)[1]
    except (ValueError, RecursionError) as error:
        raise refusals.broken_json(number) from error


def _skip_blanks(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _whole_text(path: Path, codec: str) -> str:
    parts: list[str] = []
    size = 0
    with open_rows(path, codec, _pieces) as pieces:
        for piece in pieces:
            parts.append(piece)
            size += len(piece)
            if size > MAX_CHARACTERS:
                raise refusals.json_too_large(MAX_CHARACTERS)
    return "".join(parts)


def _pieces(text: TextIO) -> Iterator[str]:
    while piece := text.readline(_PIECE_CHARACTERS):
        yield piece
