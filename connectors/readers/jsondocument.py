"""A JSON document as records: an array of objects, one list of them in an object or its `data`, envelopes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from connectors.readers import refusals
from connectors.readers.encoding import open_rows
from connectors.readers.envelopes import rows_of
from connectors.readers.sniff import DOCUMENT_START
from connectors.readers.values import Values

#: a document is held in memory whole; JSON lines, which are not, may be as long as they like
MAX_CHARACTERS = 1 << 26
#: lines longer than this come in pieces
_PIECE_CHARACTERS = 1 << 20

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
        yield from _rows_of_envelope(text)
        return
    values = Values(text, start.end())
    for value in values:
        yield from rows_of(value)
    if not _end_of(start[0].count("{")).match(text, values.end):
        raise refusals.broken_json(values.count)


def _end_of(objects: int) -> re.Pattern[str]:
    """What may stand behind a list with so many objects around it."""
    return re.compile(rf"(?:{_END_OF_OBJECT}){{{objects}}}\s*\Z")


def _rows_of_envelope(text: str) -> Iterator[str]:
    """The rows of a document that is one envelope; one that is not whole comes back as it is."""
    for row in rows_of(text):
        if row is text:
            raise refusals.broken_json(1)
        yield row


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
