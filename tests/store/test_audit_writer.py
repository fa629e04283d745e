"""The audit's writer on a real database: groups, doubts, two processes, clocks, roles, and the end of old records."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from hub.audit import writer as writer_module
from hub.audit.entry import Kind
from hub.audit.opening import audit_of
from hub.audit.pruning import prune
from hub.audit.signature import known_keys
from hub.audit.verify import KEPT_DAYS, Finding, Verifier
from hub.audit.writer import AuditWriter, WriterSettings
from hub.clock import system_clock
from hub.config import Settings
from hub.errors import AuditUnavailableError, RefusedAuditActError
from tests.lib.auditing import entry, records, writing
from tests.lib.hub import TestClock, TestHub

HASTY = WriterSettings(seconds=2.0, checkpoint_seconds=0.01)


@pytest.fixture
def url(hub: TestHub) -> str:
    """The hub's database."""
    assert hub.settings.database_url is not None
    return hub.settings.database_url


async def findings(hub: TestHub, keys: Path, now: datetime | None = None) -> list[Finding]:
    """What the verifier finds."""
    report = await Verifier(known_keys(keys), now or system_clock()).verify(hub.connection)
    return report.findings


async def test_what_comes_together_is_committed_together(hub: TestHub, url: str, tmp_path: Path) -> None:
    """A hundred at once take a few commits, in the order in which they came, numbered without a gap."""
    async with writing(url, tmp_path) as writer:
        await asyncio.gather(*(writer.keep(entry(f"Q{number}")) for number in range(100)))
    segments = await hub.value("SELECT count(*) FROM audit_segment")
    found = await records(hub.connection)
    assert [f"Q{number}" for number in range(100)] == [
        each["operation"] for each in found if "operation" in each
    ]
    assert [*range(1, 103)] == [each["n"] for each in found]
    assert ("opened", "closed") == (found[0]["kind"], found[-1]["kind"])
    assert segments <= 6
    assert [] == await findings(hub, tmp_path)


async def test_two_processes_write_each_its_own_chain(hub: TestHub, url: str, tmp_path: Path) -> None:
    """Side by side; the later one names what was known of the earlier, so that neither can vanish whole."""
    async with writing(url, tmp_path) as one, writing(url, tmp_path) as other:
        await asyncio.gather(*(each.keep(entry()) for each in (one, other) * 20))
        assert one.checkpoint is not None
        assert other.checkpoint is not None
        first = one.checkpoint.split(".")[0]
    assert 2 == await hub.value("SELECT count(DISTINCT chain_id) FROM audit_segment")
    opened = await records(hub.connection, Kind.OPENED)
    assert {first} == {text.split(".")[0] for each in opened for text in each["before"]}
    assert [] == await findings(hub, tmp_path)


async def test_a_clock_that_is_set_back_breaks_nothing(hub: TestHub, url: str, tmp_path: Path) -> None:
    """Numbers tell the order, not instants."""
    clock = TestClock()
    async with writing(url, tmp_path, clock=clock, settings=HASTY) as writer:
        for hours in (1, -5, 2):
            clock.turn(hours=hours)
            await writer.keep(entry(f"{hours:+}"))
    found = [each["operation"] for each in await records(hub.connection, Kind.REQUEST)]
    assert ["+1", "-5", "+2"] == found
    assert [] == await findings(hub, tmp_path)


async def test_a_lost_connection_begins_a_new_chain(hub: TestHub, url: str, tmp_path: Path) -> None:
    """Between two commits nobody notices; nothing is written twice and both chains are whole."""
    async with writing(url, tmp_path) as writer:
        await writer.keep(entry("before"))
        await hub.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await asyncio.sleep(0.2)
        await writer.keep(entry("after"))
    found = [each["operation"] for each in await records(hub.connection, Kind.REQUEST)]
    assert ["after", "before"] == sorted(found)  # by chain: which of two of one second comes first is chance
    assert 2 == len(await records(hub.connection, Kind.OPENED))
    assert [] == await findings(hub, tmp_path)


async def test_a_store_that_does_not_answer_gives_no_data(hub: TestHub, url: str, tmp_path: Path) -> None:
    """A commit that takes too long is given up; all who waited for it are told, and it goes on afterwards."""
    limits = WriterSettings(seconds=0.3)
    async with writing(url, tmp_path, settings=limits) as writer:
        async with hub.connection.transaction():
            await hub.connection.execute("LOCK audit_segment IN ACCESS EXCLUSIVE MODE")
            kept = await asyncio.gather(*(writer.keep(entry()) for _ in range(3)), return_exceptions=True)
        assert [AuditUnavailableError] * 3 == [type(each) for each in kept]
        await writer.keep(entry("afterwards"))
    assert "afterwards" in [each.get("operation") for each in await records(hub.connection)]
    assert [] == await findings(hub, tmp_path)


async def test_there_is_an_end_to_waiting(
    hub: TestHub, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than the queue holds is refused at once."""
    monkeypatch.setattr(writer_module, "MOST_WAITING", 5)
    async with writing(url, tmp_path) as writer:
        async with hub.connection.transaction():
            await hub.connection.execute("LOCK audit_segment IN ACCESS EXCLUSIVE MODE")
            waiting = [asyncio.create_task(writer.keep(entry())) for _ in range(30)]
            await asyncio.sleep(0.2)
            refused = [task for task in waiting if task.done()]
        await asyncio.gather(*waiting, return_exceptions=True)
    assert 20 <= len(refused) <= 25
    assert 30 - len(refused) == len(await records(hub.connection, Kind.REQUEST))


async def test_who_waits_no_longer_is_recorded_all_the_same(hub: TestHub, url: str, tmp_path: Path) -> None:
    """A request that is cancelled while its record is committed has its one record."""
    async with writing(url, tmp_path) as writer:
        task = asyncio.create_task(writer.keep(entry("cancelled")))
        await asyncio.sleep(0)
        task.cancel()
        await writer.keep(entry("other"))
    found = [each["operation"] for each in await records(hub.connection, Kind.REQUEST)]
    assert ["cancelled", "other"] == found


@asynccontextmanager
async def role(hub: TestHub, *grants: str) -> AsyncIterator[str]:
    """A role of the database with some rights; gives the URL under which it connects."""
    name = f"audit_role_{os.getpid()}_{id(hub)}"
    await hub.connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    try:
        for grant in grants:
            await hub.connection.execute(f"GRANT {grant} TO {name}")
        yield name
    finally:
        await hub.connection.execute(f"DROP OWNED BY {name}")
        await hub.connection.execute(f"DROP ROLE {name}")


async def test_a_role_that_may_only_add_suffices(hub: TestHub, url: str, tmp_path: Path) -> None:
    """It adds records and checkpoints and sees checkpoints; it can read no record, and change nothing."""
    grants = ("INSERT ON audit_segment", "INSERT, SELECT ON audit_checkpoint")
    async with role(hub, *grants) as name:

        async def connect() -> asyncpg.Connection:
            connection = await asyncpg.connect(url)
            await connection.execute(f"SET ROLE {name}")
            return connection

        async with writing(url, tmp_path) as whole:
            writer = AuditWriter(connect, whole._seal, system_clock)
            await writer.start()
            await writer.keep(entry("by a role"))
            await writer.close()
        connection = await connect()
        for statement in (
            "SELECT * FROM audit_segment",
            "SELECT * FROM audit_record",
            "UPDATE audit_segment SET lines = ''",
            "DELETE FROM audit_segment",
            "TRUNCATE audit_segment",
            "ALTER TABLE audit_segment DISABLE TRIGGER audit_stays",
            "DROP TABLE audit_segment",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        old = datetime(2020, 1, 1, tzinfo=UTC)
        with pytest.raises(RefusedAuditActError, match="owner"):
            await prune(connection, old, system_clock(), known_keys(tmp_path))
        await connection.close()
    assert "by a role" in [each.get("operation") for each in await records(hub.connection)]
    assert [] == await findings(hub, tmp_path)


async def test_what_is_old_enough_is_pruned_and_the_rest_proves_itself(
    hub: TestHub, url: str, tmp_path: Path
) -> None:
    """Whole segments before a signed checkpoint, which stays; less than 183 days are refused; verifying goes on."""
    clock = TestClock()
    async with writing(url, tmp_path, clock=clock, settings=HASTY) as writer:
        for _ in range(3):
            await writer.keep(entry("old"))
            await asyncio.sleep(0.05)
        clock.turn(days=200)
        await writer.keep(entry("young"))
        await asyncio.sleep(0.05)
    now, keys = clock(), known_keys(tmp_path)
    with pytest.raises(RefusedAuditActError, match=str(KEPT_DAYS)):
        await prune(hub.connection, now - timedelta(days=KEPT_DAYS - 1), now, keys)
    pruned = await prune(hub.connection, now - timedelta(days=KEPT_DAYS), now, keys)
    assert (1, True) == (pruned.chains, pruned.segments >= 2)
    assert "young" in [each.get("operation") for each in await records(hub.connection)]
    assert "opened" not in [each["kind"] for each in await records(hub.connection)]
    assert [] == await findings(hub, tmp_path, now)
    # the same on a day on which it was not allowed yet
    early = await findings(hub, tmp_path, now - timedelta(days=30))
    assert {"audit.too_young"} == {finding.code for finding in early}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await hub.connection.execute("DELETE FROM audit_segment")


_TO_BE_KILLED = """
import asyncio, sys
from pathlib import Path
from tests.lib.auditing import entry, writing

async def main():
    async with writing(sys.argv[1], Path(sys.argv[2])) as writer:
        async def ask(number):
            await writer.keep(entry(str(number)))
            sys.stdout.write(f"{number}\\n")  # the answer goes out
            sys.stdout.flush()
        number = 0
        while True:
            await asyncio.gather(*(ask(number + each) for each in range(8)))
            number += 8

asyncio.run(main())
"""


@pytest.mark.parametrize("seconds", [0.05, 0.4])
async def test_killed_at_any_moment_nothing_went_out_unrecorded(
    hub: TestHub, url: str, tmp_path: Path, seconds: float
) -> None:
    """kill -9 between record and answer: each answer that was seen has its record, and the chain is whole."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TO_BE_KILLED, url, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    first = await process.stdout.readline()
    await asyncio.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    seen = {line.decode() for line in (first + await process.stdout.read()).split(b"\n")[:-1]}
    await process.wait()
    found = [each["operation"] for each in await records(hub.connection, Kind.REQUEST)]
    assert seen
    assert seen <= set(found)
    assert len(found) == len(set(found))
    assert [] == await findings(hub, tmp_path)


async def test_a_setting_gives_up_the_disk_alone(settings: Settings) -> None:
    """Without `audit_synchronous` the server is told so, in the writer's session only."""
    assert settings.database_url is not None
    for synchronous, told in ((True, "on"), (False, "off")):
        given = settings.model_copy(update={"audit_synchronous": synchronous})
        connection = await audit_of(given, settings.database_url, system_clock)._connect()
        try:
            assert told == await connection.fetchval("SHOW synchronous_commit")
        finally:
            await connection.close()
