"""Rows of a batch as its sender wrote them, read back from landing."""

from collections.abc import Set as AbstractSet

from connectors.frame import RefusedFileError
from connectors.readers import open_table
from hub.ingest.batches import Batch
from hub.ingest.landing import Landing
from hub.ingest.run import find_connector


def rows_as_sent(landing: Landing, batch: Batch, wanted: AbstractSet[int]) -> dict[int, str]:
    """Row number → `header: cell；…` of the columns that the layout claims; others are nobody's business here.

    Rows that cannot be cut into cells are in no column: their fault has their text.
    """
    found: dict[int, str] = {}
    if not wanted:
        return found
    try:
        table = open_table(landing.path_of(batch.sha256), find_connector(batch.feed_code).manifest.layouts)
        for chunk in table.chunks():
            for row in chunk.frame.iter_rows(named=True):
                if row["row_number"] in wanted:
                    cells = {
                        table.headers[raw]: row[raw] for raw in table.headers if row.get(raw) is not None
                    }
                    found[row["row_number"]] = "；".join(
                        f"{header}: {cell}" for header, cell in cells.items()
                    )
    except RefusedFileError:
        # a file that is refused further down: what was read so far is what there is
        return found
    return found
