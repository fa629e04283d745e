"""Guards: a batch outside its manifest's bands is held, and nothing of it is promoted."""

from connectors.manifest import Guards
from hub.ingest.batches import BatchState, Stop
from schema.declare import Label


class StopBatchError(Exception):
    """Ends the work on a batch without promoting anything of it."""

    def __init__(self, state: BatchState, stop: Stop) -> None:
        super().__init__(stop.reason)
        self.state = state
        self.stop = stop


def check_rows(guards: Guards, rows_read: int) -> None:
    """Hold a batch with fewer rows than is sane. An almost empty file is a collector's failure, not news."""
    if rows_read < guards.min_rows:
        _hold(
            "guard.rows",
            Label(
                f"读到 {rows_read} 行，少于应有的 {guards.min_rows} 行",
                f"{rows_read} rows read, fewer than the {guards.min_rows} there should be",
            ),
        )


def check_vanishing(guards: Guards, vanishing: int, standing: int) -> None:
    """Hold a full file in which more has vanished than is sane."""
    if standing and vanishing / standing > guards.max_vanished_share:
        _hold(
            "guard.vanished",
            Label(
                f"原有 {standing} 条中有 {vanishing} 条不再出现，超过 {guards.max_vanished_share:.0%}",
                f"{vanishing} of {standing} facts are gone, more than {guards.max_vanished_share:.0%}",
            ),
        )


def _hold(code: str, reason: Label) -> None:
    raise StopBatchError(BatchState.HELD, Stop(code, str(reason)))
