"""Opening what landing keeps: files as they came or, of feeds that may hold persons, what was kept of them."""

from pathlib import Path

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
