"""The worker takes in what is dropped, once, and leaves alone what is still being written."""

import os
from datetime import UTC, datetime
from pathlib import Path

from connectors.transports.durable import alone_in
from hub.ingest.batches import BatchState
from hub.jobs.worker import take_inbox
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, stock_take, stores


def drop(hub: TestHub, place: str, content: str, *, age: float = 60) -> Path:
    """Put a file into the inbox that was last written to some seconds ago."""
    path = hub.settings.inbox_dir / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    written = datetime.now(UTC).timestamp() - age
    os.utime(path, (written, written))
    return path


async def round_of(hub: TestHub) -> list[tuple[str, str, BatchState]]:
    """One round of the worker: feed, sender and state of each outcome."""
    outcomes = await take_inbox(hub.settings, hub.connection, lambda: datetime.now(UTC))
    return [(each.batch.feed_code, each.batch.sender_code, each.state) for each in outcomes]


async def test_dropped_files_are_taken_in_and_put_aside(hub: TestHub) -> None:
    """Feed and sender are the folders' names; afterwards the inbox is empty."""
    first = drop(hub, "registration/approvals.csv", APPROVALS, age=90)
    second = drop(hub, "pharmacy/chain-a/stores.csv", stores("S1"))
    assert [
        ("registration", "nmpa", BatchState.PROMOTED),
        ("pharmacy", "chain-a", BatchState.PROMOTED),
    ] == await round_of(hub)
    assert not first.exists()
    assert not second.exists()
    assert ["2-approvals.csv", "3-stores.csv"] == sorted(
        path.name for path in hub.settings.taken_dir.rglob("*.csv")
    )


async def test_a_file_still_being_written_waits(hub: TestHub) -> None:
    """Written to just now, or under a name that says it is not whole."""
    drop(hub, "registration/growing.csv", APPROVALS, age=0)
    drop(hub, "registration/half.csv.part", APPROVALS)
    assert [] == await round_of(hub)


async def test_a_file_for_no_feed_is_put_aside_as_rejected(hub: TestHub) -> None:
    """The next round is not stopped by it."""
    drop(hub, "nosuchfeed/x.csv", "x")
    assert [] == await round_of(hub)
    assert ["rejected-x.csv"] == [path.name for path in hub.settings.taken_dir.rglob("*.csv")]


async def test_what_a_killed_run_left_is_finished(hub: TestHub) -> None:
    """A batch that landed and went no further is promoted by the next round."""
    outcome = await hub.take("registration", APPROVALS)
    await hub.connection.execute("DELETE FROM product")
    await hub.connection.execute("UPDATE batch SET state_code = 'landed' WHERE id = $1", outcome.batch.id)
    assert [("registration", "nmpa", BatchState.PROMOTED)] == await round_of(hub)
    assert 2 == await hub.value("SELECT count(*) FROM product")


async def test_two_workers_do_not_take_the_same_file(hub: TestHub) -> None:
    """While another process is at the inbox it is left to that one."""
    drop(hub, "registration/approvals.csv", APPROVALS)
    with alone_in(hub.settings.inbox_dir):
        assert [] == await round_of(hub)
    assert [("registration", "nmpa", BatchState.PROMOTED)] == await round_of(hub)


async def test_a_dropped_files_name_is_kept_without_what_nobody_sees(hub: TestHub) -> None:
    """Names come from other systems by every way."""
    drop(hub, "registration/appro\u202evals\x07.csv", APPROVALS)
    await round_of(hub)
    assert 1 == await hub.value("SELECT count(*) FROM batch WHERE file_name = 'approvals.csv'")


async def test_a_full_file_that_is_suddenly_empty_closes_nothing(hub: TestHub) -> None:
    """Dropped like the others: refused, and what was on sale stays."""
    for name, content, age in (("a.csv", stores("S1"), 90), ("b.csv", stock_take("S1,A1,某药,1盒,,5,1"), 80)):
        drop(hub, f"pharmacy/chain-a/{name}", content, age=age)
    drop(hub, "pharmacy/chain-a/c.csv", stock_take(), age=70)
    states = [state for _, _, state in await round_of(hub)]
    assert [BatchState.PROMOTED, BatchState.PROMOTED, BatchState.REFUSED] == states
    live = "valid_to = 'infinity' AND superseded_at = 'infinity'"
    assert 1 == await hub.value(f"SELECT count(*) FROM on_sale WHERE {live}")
