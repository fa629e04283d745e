"""Envelopes: an object that holds a list of rows beside plain values which apply to each of them.

Pharmacies upload so: who they are and of which batch stands once, the goods in `drugInventoryList`. Each row of such
a list becomes a row of the file, with the values of its envelope beside its own.
"""

import re
from collections.abc import Iterator
from typing import Any

from connectors.frame import RefusedFileError
from connectors.readers.values import END_OF_OBJECT, Values, compact, parse

#: an object up to the `[` of the one list in it whose name says that it is one
_START = re.compile(r'\s*\{[^{}\[\]]*"(?P<name>\w*[Ll]ist)"\s*:\s*\[')


def rows_of(text: str) -> Iterator[str]:
    """Yield the rows inside an envelope, each with the envelope's values; any other text as it is.

    Rows are made one at a time. Where a row has a value of its own under a name of the envelope, its own counts.
    """
    # most lines are no envelopes: one look tells
    start = _START.match(text) if 'ist"' in text else None
    envelope = None if start is None else _envelope(text, start)
    if start is None or envelope is None:
        yield text
        return
    for value in Values(text, start.end()):
        row = parse(value)
        yield value if row is None else compact(envelope | row)


def _envelope(text: str, start: re.Match[str]) -> dict[str, Any] | None:
    """The plain values around the list; None where the text is not whole or is built otherwise."""
    values = Values(text, start.end())
    try:
        for _ in values:
            pass
    except RefusedFileError:
        return None
    if not END_OF_OBJECT.match(text, values.end):
        return None
    found = parse(f"{text[: start.end()]}]{text[values.end :]}")
    return None if found is None else {key: value for key, value in found.items() if key != start["name"]}
