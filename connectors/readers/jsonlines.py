"""JSON objects as a table: their keys are the headers, numbers are kept as they are written.

The objects stand one a line (JSON lines), or in the one list of a document; they are cut apart first, and read alike.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from connectors.frame import Chunk, RowFault
from connectors.manifest import Layout
from connectors.readers import refusals
from connectors.readers.encoding import detect_encoding, open_rows
from connectors.readers.envelopes import rows_of
from connectors.readers.header import Header, match, settle
from connectors.readers.records import lines
from connectors.readers.table import DEFAULT_ROWS, ROW_NUMBER, Table, column, shown
from connectors.readers.values import as_text, parse
from schema.declare import Label

#: so many lines are asked for their keys before the layout is chosen
SAMPLED_LINES = 1_000
#: a line may hold a whole stock-take as nested JSON: so many characters are held at a time at most
BATCH_CHARACTERS = 1 << 25

_NOT_JSON = Label(
    "这一行（条）不是一个完整的 JSON 对象（可能被截断，或同一个键出现了两次）。请每行写一个 JSON 对象。",
    "This row is not one whole JSON object (cut off, or a key twice). Write one JSON object a line.",
)


#: opens a file's objects, each as the text that it is
Objects = Callable[[Path, str], AbstractContextManager[Iterator[str]]]


class JsonTable(Table):
    """A text of JSON objects. A key that first appears far down joins `headers` or `unknown_headers` then."""

    def __init__(self, path: Path, header: Header, encoding: str, objects: Objects) -> None:
        super().__init__(path, header, encoding)
        self._codec = encoding
        self._objects = objects
        self._keys = dict.fromkeys(header.cells)

    def chunks(self, rows: int = DEFAULT_ROWS) -> Iterator[Chunk]:
        """Yield the objects; see `Table.chunks`. Raises `file.duplicate_column` where a late key claims a taken one."""
        with self._objects(self.path, self._codec) as numbered:
            for batch in _batches(numbered, rows):
                yield self._chunk(batch)

    def _chunk(self, batch: list[tuple[int, str]]) -> Chunk:
        filled = [(number, line) for number, line in batch if line.strip()]
        parsed = [(number, line, parse(line)) for number, line in filled]
        faults = [
            RowFault(number, "row.not_json", None, shown(line), _NOT_JSON)
            for number, line, found in parsed
            if found is None
        ]
        objects = {number: found for number, _, found in parsed if found is not None}
        self._admit(objects)
        return self._make_chunk(self._frame(objects), faults, skipped=len(batch) - len(filled))

    def _admit(self, objects: dict[int, dict[str, Any]]) -> None:
        """Take in keys that no line had so far."""
        known = len(self._keys)
        for found in objects.values():
            self._keys.update(dict.fromkeys(found))
        if len(self._keys) > known:
            self.header = settle(match(tuple(self._keys), self.layout, row_number=1))

    def _frame(self, objects: dict[int, dict[str, Any]]) -> pl.DataFrame:
        columns = {
            column(number): pl.Series(
                [as_text(found.get(key)) for found in objects.values()], dtype=pl.String
            )
            for number, key in enumerate(self._keys)
        }
        return pl.DataFrame({ROW_NUMBER: pl.Series(list(objects), dtype=pl.Int32), **columns})


@contextmanager
def open_lines(path: Path, codec: str) -> Iterator[Iterator[str]]:
    """Open a text in which every line is an object or an envelope of several. Reading raises RefusedFileError."""
    with open_rows(path, codec, lines) as rows:
        yield (row for line in rows for row in rows_of(line))


def open_json(path: Path, layouts: Sequence[Layout], objects: Objects = open_lines) -> JsonTable:
    """Open a text of JSON objects: find encoding, keys and layout. Raises RefusedFileError."""
    codec = detect_encoding(path)
    keys: dict[str, None] = {}
    with objects(path, codec) as rows:
        for line in islice(rows, SAMPLED_LINES):
            keys.update(dict.fromkeys(parse(line) or {}))
    if not keys:
        raise refusals.unknown_format(
            "文件像是 JSON，但没有一行是完整的 JSON 对象。请每行写一个 JSON 对象（JSON Lines）。",
            "This looks like JSON, but no line is a whole object. Write one JSON object a line (JSON Lines).",
        )
    header = max(
        (match(tuple(keys), layout, row_number=1) for layout in layouts), key=lambda found: found.rank
    )
    return JsonTable(path, settle(header), codec, objects)


def _batches(rows: Iterator[str], size: int) -> Iterator[list[tuple[int, str]]]:
    """Number the lines and yield them by `size`, or fewer where they are long."""
    batch: list[tuple[int, str]] = []
    characters = 0
    for number, line in enumerate(rows, 1):
        batch.append((number, line))
        characters += len(line)
        if len(batch) == size or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
