"""An outcome as one flat record, as the command line and the push endpoint show it."""

from typing import Any

from hub.ingest.run import Outcome


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """What became of a delivery: batch, state, books, and the reason where it was stopped."""
    books, stop = outcome.books, outcome.stop
    return {
        "file": outcome.file_name,
        "feed": outcome.batch.feed_code,
        "sender": outcome.batch.sender_code,
        "batch": outcome.batch.id,
        "repeat": outcome.is_repeat,
        "state": outcome.state.value,
        "rows_read": books and books.read,
        "promoted": books and books.promoted,
        "unchanged": books and books.unchanged,
        "quarantined": books and books.quarantined,
        "skipped": books and books.skipped,
        "closed": books and books.closed,
        "code": stop and stop.code,
        "reason": stop and stop.reason,
    }
