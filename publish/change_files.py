"""The files that say what changed since the release before: JSON lines and CSV for each table that changed."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from publish import layout
from publish.changes import Change, Pair, changes_of
from publish.files import Written
from publish.forms import marked
from publish.gzipped import GzipFiles
from publish.manifest import TableChanges
from publish.tables import PublicTable, public_tables

#: changes written at a time
_PIECE = 10_000
_BOM = b"\xef\xbb\xbf"


def write_changes(pair: Pair, folder: Path) -> tuple[list[TableChanges], list[Written]]:
    """Write the files of all tables that changed."""
    counts: list[TableChanges] = []
    written: list[Written] = []
    for table in public_tables():
        found = changes_of(pair, table)
        first = next(found, None)
        if first is None:
            continue
        kinds = _write(folder, table, _with_first(first, found))
        counts.append(count_of(table.name, kinds))
        rows = sum(kinds.values())
        written += [
            Written(layout.changes(table.name, ending), "changes", table.name, rows)
            for ending in ("jsonl", "csv")
        ]
    return counts, written


def count_of(table: str, kinds: Counter[str]) -> TableChanges:
    """The figures of a table from how often each kind occurs."""
    return TableChanges(table, kinds["added"], kinds["removed"], kinds["changed"])


def _with_first(first: Change, rest: Iterator[Change]) -> Iterator[Change]:
    yield first
    yield from rest


def _write(folder: Path, table: PublicTable, changes: Iterator[Change]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    names = [column.name for column in table.columns]
    lines = GzipFiles({folder / layout.changes(table.name, "jsonl"): b""})
    cells = GzipFiles({folder / layout.changes(table.name, "csv"): _BOM + _csv([["change", *names]])})
    while piece := list(islice(changes, _PIECE)):
        kinds.update(each.kind for each in piece)
        lines.write("".join(_line(each, table) for each in piece).encode())
        cells.write(_csv([each.kind, *(marked(each.row.get(name)) for name in names)] for each in piece))
    lines.close()
    cells.close()
    return kinds


def _line(change: Change, table: PublicTable) -> str:
    told = {
        "change": change.kind,
        "key": {name: str(change.row[name]) for name in table.key},
        "before": change.before and _texts(change.before, table),
        "after": change.after and _texts(change.after, table),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def _texts(row: dict[str, object], table: PublicTable) -> dict[str, object]:
    """Identifiers as texts, as in all JSON of a release."""
    return {
        name: str(value) if name in table.identifiers and value is not None else value
        for name, value in row.items()
    }


def _csv(rows: Iterable[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
