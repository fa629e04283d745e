"""Opening what landing keeps: files as they came or, of feeds that may hold persons, what was kept of them."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from connectors.cells import CellError, instant
from connectors.frame import RefusedFileError
from connectors.manifest import Manifest
from connectors.readers import Table, open_table, original_row
from connectors.redaction.kept import kept_row, open_kept


def open_landed(path: Path, manifest: Manifest) -> Table:
    """Open a landed file of a feed. Raises RefusedFileError."""
    if manifest.personal is None:
        return open_table(path, manifest.layouts)
    return open_kept(path, manifest.layouts)


def landed_row(path: Path, row_number: int, manifest: Manifest) -> str:
    """A row of a landed file as it was received, or what was kept of it. Raises LookupError and RefusedFileError."""
    if manifest.personal is None:
        return original_row(path, row_number, manifest.layouts)
    return kept_row(path, row_number)


def stated_as_of(path: Path, manifest: Manifest) -> datetime | None:
    """Since when a landed file says that it holds: what most of its first rows say. None where none does."""
    if not any(layout.as_of for layout in manifest.layouts):
        return None
    try:
        table = open_landed(path, manifest)
        chunk = next(table.chunks(), None)
    except RefusedFileError:
        return None
    column = table.layout.as_of
    if chunk is None or column is None or column not in chunk.frame.columns:
        return None
    said = Counter(filter(None, map(_understood, chunk.frame.get_column(column).drop_nulls())))
    return max(said, key=lambda at: (said[at], at), default=None)


def _understood(raw: str) -> datetime | None:
    try:
        return instant(raw)
    except CellError:
        return None
