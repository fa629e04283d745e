"""XML as a table: the elements that are its rows, each as the JSON object that it amounts to, one after the other.

expat reads it as a stream. A document type is refused before anything in it is believed, so there are no entities
but the five of the language, and nothing is ever fetched; depth and size of a record are bounded.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO
from xml.parsers import expat

from connectors.manifest import Layout
from connectors.readers import refusals
from connectors.readers.encoding import detect_encoding, open_rows
from connectors.readers.header import match
from connectors.readers.jsonlines import JsonTable, open_json
from connectors.readers.records import MAX_ROW_CHARACTERS

#: deeper than any envelope with a list of events in it
MAX_DEPTH = 32
#: elements that are looked at to find out which are the rows
SAMPLED_ELEMENTS = 2_000
_PIECE_CHARACTERS = 1 << 16

#: names of an element and of those around it, from the root down
Route = tuple[str, ...]


@contextmanager
def open_elements(path: Path, codec: str, layouts: Sequence[Layout] = ()) -> Iterator[Iterator[str]]:
    """Open the rows of an XML file, each as a JSON object on one line. Raises RefusedFileError, also while reading.

    A child's name is a key; a child with children is an object, one that stands there several times a list.
    """
    route = _row_route(path, codec, layouts)
    with open_rows(path, codec, _pieces) as pieces:
        yield _records(pieces, route)


def open_xml(path: Path, layouts: Sequence[Layout]) -> JsonTable:
    """Open an XML file as a table: rows count from 1 among the elements that are rows. Raises RefusedFileError."""
    return open_json(path, layouts, partial(open_elements, layouts=layouts))


def xml_row(path: Path, row_number: int, layouts: Sequence[Layout] = ()) -> str:
    """A row as the JSON object that it amounts to. Raises LookupError beyond the last row, and RefusedFileError."""
    with open_elements(path, detect_encoding(path), layouts) as rows:
        row = next(islice(rows, row_number - 1, row_number), None)
    if row is None:
        raise LookupError(f"{path.name} has no row {row_number}")
    return row


class _Scan:
    """Gathers elements of an XML text as it comes: `found` are those of a route, or all where none is given."""

    def __init__(self, route: Route | None) -> None:
        self._route = route
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        #: the elements that are open: name, attributes and children, text
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self.found: list[tuple[Route, dict[str, Any]]] = []
        self.count = 0
        self._size = 0

    def feed(self, piece: str, *, is_last: bool = False) -> None:
        """Read on. Raises RefusedFileError."""
        self._size += len(piece)
        if self._size > MAX_ROW_CHARACTERS:
            raise refusals.xml_too_large(self.count + 1)
        try:
            self._parser.Parse(piece.encode(), is_last)
        except expat.ExpatError as error:
            raise refusals.broken_xml(self.count + 1, expat.ErrorString(error.code)) from error

    def take(self) -> list[tuple[Route, dict[str, Any]]]:
        """Hand over what was found since the last time."""
        found, self.found = self.found, []
        return found

    def _refuse_doctype(self, *_: object) -> None:
        raise refusals.xml_declarations()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise refusals.xml_too_large(self.count + 1)
        members = {_local(name): value for name, value in attributes.items() if not name.startswith("xmlns")}
        self._open.append((_local(tag), members, []))

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def _end(self, _tag: str) -> None:
        route = tuple(name for name, _, _ in self._open)
        name, members, texts = self._open.pop()
        text = "".join(texts).strip()
        is_row = members and (self._route is None or route == self._route)
        if is_row:
            self.found.append((route, members))
            self.count += 1
        if route == self._route or (self._route is None and is_row):
            self._size = 0
        # what stands around the rows, and the rows once they are handed over, is not kept
        if self._open and (self._route is None or len(route) > len(self._route)):
            _add(self._open[-1][1], name, _with_text(members, text) if members else text)


def _records(pieces: Iterable[str], route: Route) -> Iterator[str]:
    scan = _Scan(route)
    for piece in pieces:
        scan.feed(piece)
        for _, members in scan.take():
            yield json.dumps(members, ensure_ascii=False)
    scan.feed("", is_last=True)


def _row_route(path: Path, codec: str, layouts: Sequence[Layout]) -> Route:
    """Where the rows stand: under the elements whose children are most like a layout's columns.

    Without layouts it is where most elements are that have children.
    """
    scan, sample = _Scan(None), []
    with open_rows(path, codec, _pieces) as pieces:
        for piece in pieces:
            scan.feed(piece)
            sample += scan.take()
            if len(sample) >= SAMPLED_ELEMENTS:
                break
        else:
            scan.feed("", is_last=True)
    if not sample:
        raise refusals.unknown_format(
            "XML 里没有一条记录：记录应是带子元素的元素。",
            "The XML holds no record: an element with children.",
        )
    keys: dict[Route, dict[str, None]] = {}
    for route, members in sample:
        keys.setdefault(route, {}).update(dict.fromkeys(members))
    if not layouts:
        return Counter(route for route, _ in sample).most_common(1)[0][0]
    return max(keys, key=lambda route: max(match(tuple(keys[route]), layout, 1).rank for layout in layouts))


def _add(members: dict[str, Any], name: str, value: Any) -> None:
    """Put a child among its siblings; a second of the same name makes a list of them."""
    if name not in members:
        members[name] = value
    elif isinstance(members[name], list):
        members[name].append(value)
    else:
        members[name] = [members[name], value]


def _with_text(members: dict[str, Any], text: str) -> dict[str, Any]:
    """The children and attributes of an element, and the text between them if it is any."""
    return members | {"text": text} if text else members


def _local(name: str) -> str:
    """A name without its namespace's prefix."""
    return name.rpartition(":")[2]


def _pieces(text: TextIO) -> Iterator[str]:
    while piece := text.read(_PIECE_CHARACTERS):
        yield piece
