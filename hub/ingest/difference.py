"""A full file against the one before it: rows that say the same again are not read again.

Sound only where the store says just what the file before said. Wherever that is not certain the file is read as a
whole; that is slower and never different.
"""

import asyncio
from dataclasses import dataclass

import asyncpg
import polars as pl

from connectors.connector import Connector, FileContext
from connectors.frame import RefusedFileError
from connectors.landed import open_landed
from connectors.readers import Table
from connectors.readers.comparing import (
    ChosenRows,
    Difference,
    NotLinesError,
    are_alike,
    compare,
    stand_again,
)
from connectors.readers.delimited import DelimitedTable
from hub.ingest import difference_store
from hub.ingest.batches import Batch
from hub.ingest.landing import Landing
from hub.ingest.rules import rules_digest

#: above this share of rows that differ, comparing gains nothing
_MOST_DIFFERING = 0.3
_ROWS = pl.Int32


class UnsoundDifferenceError(Exception):
    """What the file before said is not what the store says, or cannot be told: read the whole file."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What of a full file is not word for word in the one before it."""

    #: the rows of the new file that have to be read
    added: Table
    #: rows of the file before that are not in the new one
    gone: Table
    #: the batch of the file before
    before: Batch
    #: rows of the new file that need not be read
    kept: int

    def context_before(self) -> FileContext:
        """What the connector is told of the file before."""
        return FileContext(
            self.gone.layout.code, self.before.sender_code, self.before.as_of, dict(self.gone.headers)
        )


async def changed_rows(
    connection: asyncpg.Connection, landing: Landing, connector: Connector, batch: Batch, table: Table
) -> Changed | None:
    """What of a file differs from the one before it; None where it has to be read as a whole."""
    if not (table.layout.is_full and isinstance(table, DelimitedTable)):
        return None
    before = await difference_store.fetch_before(connection, batch, table.layout.code, rules_digest())
    if before is None:
        return None
    faults = await difference_store.fetch_faults(connection, before.batch.id)
    if faults.repeats_rows:
        return None
    path = landing.path_of(before.batch.sha256)
    try:
        old = await asyncio.to_thread(open_landed, path, connector.manifest)
        if not (isinstance(old, DelimitedTable) and are_alike(old, table)):
            return None
        difference = await asyncio.to_thread(_compare, old, table, faults, before.rows_read)
    except (NotLinesError, RefusedFileError):
        return None
    if difference is None:
        return None
    return Changed(
        ChosenRows(table, difference.added), ChosenRows(old, difference.gone), before.batch, difference.kept
    )


def _compare(
    old: DelimitedTable, new: DelimitedTable, faults: difference_store.Faults, old_rows: int
) -> Difference | None:
    """The difference; None where too much differs, or where a row in quarantine may now have been corrected."""
    quarantined = pl.Series(faults.quarantined, dtype=_ROWS)
    if not stand_again(old, new, quarantined):
        return None
    difference = compare(old, new, quarantined, pl.Series(faults.noticed, dtype=_ROWS), old_rows)
    differing = len(difference.added) + len(difference.gone)
    return None if differing > _MOST_DIFFERING * difference.kept else difference
