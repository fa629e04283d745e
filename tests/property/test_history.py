"""History against a simple model: whatever files come, each instant shows what the newest file about it said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.config import Settings
from hub.ingest.batches import BatchState
from tests.lib.hub import START, TestHub
from tests.lib.samples import APPROVALS, stock_take, stores

#: one stock-take: item number → stock
File = dict[int, int]
files = st.lists(
    st.dictionaries(st.integers(0, 4), st.integers(0, 2), min_size=1).map(
        # fifty items that are always there keep the guard against vanishing quiet
        lambda some: some | {100 + n: 1 for n in range(50)}
    ),
    min_size=1,
    max_size=5,
)


def day(number: int) -> datetime:
    """The instant that the number-th file is about."""
    return START + timedelta(days=number)


def text_of(file: File) -> str:
    """A file as the chain sends it."""
    return stock_take(
        *(f"S1,A{item},地高辛片,0.25mg,国药准字H11029007,8,{stock}" for item, stock in file.items())
    )


@asynccontextmanager
async def history_of(database: str, folder: Path, sent: list[tuple[int, File]]) -> AsyncIterator[TestHub]:
    """A hub that took these files, each about its day, in this order."""
    connection = await asyncpg.connect(database, server_settings={"timezone": "UTC"})
    try:
        hub = TestHub(Settings(data_dir=folder, database_url=database), connection)
        await begin_anew(hub)
        for number, file in sent:
            # blank lines more make each file's bytes its own
            content = text_of(file) + "\n" * number
            outcome = await hub.take("pharmacy", content, sender="chain", as_of=day(number))
            assert outcome.state is BatchState.PROMOTED
        yield hub
    finally:
        await connection.close()


async def begin_anew(hub: TestHub) -> None:
    """Empty the database, and tell it of one division, two approvals and one store."""
    await hub.connection.execute(
        "TRUNCATE product, standard_code, pharmacy, local_item, on_sale, stock_take,"
        " region, fault, delivery, batch, feed CASCADE"
    )
    await hub.connection.execute(
        "INSERT INTO feed VALUES ('registration', '', '', ''), ('pharmacy', '', '', '');"
        "INSERT INTO region (code, name, level_code, valid_from, valid_to, recorded_at, superseded_at, batch_id,"
        " row_number) VALUES ('440106', '天河区', 'county', now(), 'infinity', now(), 'infinity', 0, 0)"
    )
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain")
    hub.clock.turn(days=30)


async def on_sale_at(hub: TestHub, instant: datetime, known_at: datetime | None = None) -> File:
    """What the hub says was on sale at an instant, as known at another (None: now)."""
    rows = await hub.rows(
        "SELECT i.item_code, o.stock_packs FROM on_sale o JOIN (SELECT DISTINCT id, item_code FROM local_item) i"
        " ON i.id = o.item_id WHERE o.valid_from <= $1 AND o.valid_to > $1 AND o.recorded_at <= $2"
        " AND o.superseded_at > $2",
        instant,
        known_at or hub.clock.now + timedelta(days=1),
    )
    found = [(int(code[1:]), int(stock)) for code, stock in rows]
    assert len(found) == len(dict(found)), "two facts about one thing at one time"
    return dict(found)


relaxed = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(sent=files)
def test_each_day_shows_what_its_file_said(database: str, tmp_path: Path, sent: list[File]) -> None:
    """Files in the order of their days: asking about a day gives that day's file."""

    async def check() -> None:
        async with history_of(database, tmp_path, list(enumerate(sent))) as hub:
            for number, file in enumerate(sent):
                assert file == await on_sale_at(hub, day(number) + timedelta(hours=1))

    asyncio.run(check())


@relaxed
@given(sent=files)
def test_what_was_known_then_can_be_asked_for_ever(database: str, tmp_path: Path, sent: list[File]) -> None:
    """After all files, asking what was known after each gives that file for its own day."""

    async def check() -> None:
        async with history_of(database, tmp_path, list(enumerate(sent))) as hub:
            promoted = await hub.rows(
                "SELECT as_of, promoted_at FROM batch WHERE layout_code = 'on_sale' ORDER BY id"
            )
            for file, (as_of, known_at) in zip(sent, promoted, strict=True):
                assert file == await on_sale_at(hub, as_of, known_at)

    asyncio.run(check())


@relaxed
@given(data=st.data(), sent=files)
def test_late_files_give_the_history_of_the_right_order(
    database: str, tmp_path: Path, data: st.DataObject, sent: list[File]
) -> None:
    """In whatever order files come, asking about a day gives that day's file."""
    order = data.draw(st.permutations(list(enumerate(sent))))

    async def check() -> None:
        async with history_of(database, tmp_path, order) as hub:
            for number, file in enumerate(sent):
                assert file == await on_sale_at(hub, day(number) + timedelta(hours=1))

    asyncio.run(check())
