"""Nothing lost, nothing twice: the same bytes, rows in another order, a page that comes twice change no fact."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.config import Settings
from hub.db.snapshot import open_snapshot
from hub.ingest.batches import BatchState, Books
from hub.ingest.run import Outcome
from hub.ingest.state import state_digest
from hub.ingest.state_store import TableDigest, digest_table
from schema.entities import ENTITIES, Fact
from tests.lib.hub import START, TestHub
from tests.lib.samples import stock_take
from tests.property.test_history import begin_anew

DAY = timedelta(days=1)
#: a store's item: number, stock as written; some are no numbers
lines = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["0", "1", "7", "十盒", ""])), min_size=3, max_size=12
)
relaxed = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows_of(some: list[tuple[int, str]]) -> list[str]:
    """Rows of a stock-take, with twenty items more so that no guard speaks."""
    told = [*some, *((100 + number, "1") for number in range(20))]
    return [f"S1,A{item},地高辛片,0.25mg,国药准字H11029007,8,{stock}" for item, stock in told]


def run(database: str, folder: Path, check: Callable[[TestHub], Awaitable[None]]) -> None:
    """Run a check on a hub that knows one division, two approvals and one store."""

    async def work() -> None:
        connection = await asyncpg.connect(database, server_settings={"timezone": "UTC"})
        try:
            hub = TestHub(Settings(data_dir=folder, database_url=database), connection)
            await begin_anew(hub)
            await check(hub)
        finally:
            await connection.close()

    asyncio.run(work())


async def facts(hub: TestHub) -> list[TableDigest]:
    """All facts with all their times."""
    async with open_snapshot(hub.connection) as snapshot:
        return [
            await digest_table(snapshot, entity, with_times=True)
            for entity in ENTITIES
            if issubclass(entity, Fact)
        ]


async def take(hub: TestHub, rows: list[str], **given: Any) -> Outcome:
    """Take a stock-take; what it says was so on the first day unless said otherwise."""
    return await hub.take("pharmacy", stock_take(*rows), sender="chain", **({"as_of": START} | given))


def balanced(outcome: Outcome) -> Books:
    """The books of a batch that went through, which must add up."""
    assert outcome.books is not None
    assert outcome.books.balance
    return outcome.books


@relaxed
@given(data=st.data(), some=lines)
def test_rows_in_another_order_change_nothing(
    database: str, tmp_path: Path, data: st.DataObject, some: list[tuple[int, str]]
) -> None:
    """The next day's file has the same rows, shuffled: all are unchanged, nothing ends."""
    rows = rows_of(some)
    shuffled = data.draw(st.permutations(rows))

    async def check(hub: TestHub) -> None:
        first = balanced(await take(hub, rows))
        before = await facts(hub)
        second = balanced(await take(hub, shuffled, as_of=START + DAY, name="shuffled.csv"))
        if shuffled != rows:
            assert (0, 0, first.quarantined) == (second.promoted, second.closed, second.quarantined)
        assert before == await facts(hub)

    run(database, tmp_path, check)


@relaxed
@given(some=lines)
def test_the_same_bytes_change_nothing_at_all(
    database: str, tmp_path: Path, some: list[tuple[int, str]]
) -> None:
    """The whole state is as it was, books and all; only that the bytes came again is on record."""

    async def check(hub: TestHub) -> None:
        await take(hub, rows_of(some))
        before = await state_digest(hub.connection, hub.landing, with_times=True)
        again = await take(hub, rows_of(some))
        assert again.is_repeat
        assert before == await state_digest(hub.connection, hub.landing, with_times=True)

    run(database, tmp_path, check)


@relaxed
@given(data=st.data(), some=lines)
def test_rows_that_come_twice_count_once(
    database: str, tmp_path: Path, data: st.DataObject, some: list[tuple[int, str]]
) -> None:
    """A page that a source sent twice stands twice in the file: every row is in the books, each fact once."""
    rows = rows_of(some)
    begin = data.draw(st.integers(0, len(rows) - 1))
    end = data.draw(st.integers(begin + 1, len(rows)))

    async def check(hub: TestHub) -> None:
        first = balanced(await take(hub, rows))
        before = await facts(hub)
        twice = balanced(await take(hub, [*rows, *rows[begin:end]], as_of=START + DAY))
        assert (first.read + end - begin, 0, 0) == (twice.read, twice.promoted, twice.closed)
        assert before == await facts(hub)

    run(database, tmp_path, check)


@relaxed
@given(cut=st.integers(1, 19))
def test_one_file_or_two_say_the_same(database: str, tmp_path: Path, cut: int) -> None:
    """Registration comes in increments: two files that share the rows between them, or one with all."""
    rows = [f"国药准字H{20000000 + number},演示药{number}片,{number}mg\n" for number in range(20)]
    header = "批准文号,产品名称,规格\n"
    said = "SELECT approval_number, name_zh, specification, valid_from, valid_to FROM product ORDER BY 1, 4"
    found: list[list[tuple[Any, ...]]] = []

    async def send(hub: TestHub, *parts: list[str]) -> None:
        for part in parts:
            balanced(await hub.take("registration", header + "".join(part), as_of=START))
        found.append(await hub.rows(said))

    run(database, tmp_path, lambda hub: send(hub, rows))
    run(database, tmp_path, lambda hub: send(hub, rows[:cut], rows[cut:]))
    assert found[0] == found[1]


@relaxed
@given(kept=st.integers(0, 15))
def test_a_file_cut_short_closes_nothing(database: str, tmp_path: Path, kept: int) -> None:
    """A full file with nothing, or too little in it, is stopped; all that stood still stands."""
    rows = rows_of([])

    async def check(hub: TestHub) -> None:
        await take(hub, rows)
        before = await facts(hub)
        short = await take(hub, rows[:kept], as_of=START + DAY)
        assert short.state in (BatchState.HELD, BatchState.REFUSED)
        assert before == await facts(hub)

    run(database, tmp_path, check)
