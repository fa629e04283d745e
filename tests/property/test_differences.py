"""Reading only what differs from the file before gives the same hub as reading every file as a whole."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from hub.config import Settings
from tests.lib.hub import START, TestHub
from tests.lib.samples import stock_take
from tests.property.test_history import begin_anew, relaxed

#: what a hub holds in the end, but for the digests of the files
_HOLDS = (
    "SELECT * FROM on_sale ORDER BY pharmacy_id, item_id, valid_from, recorded_at",
    "SELECT * FROM local_item ORDER BY id, valid_from, recorded_at",
    "SELECT * FROM stock_take ORDER BY pharmacy_id",
    "SELECT * FROM fault ORDER BY batch_id, row_number, ordinal",
    (
        "SELECT id, state_code, stop_code, rows_read, rows_promoted, rows_unchanged, rows_quarantined, rows_skipped,"
        " facts_closed FROM batch ORDER BY id"
    ),
)
_ODD_ROWS = st.sampled_from(
    [
        "S1,A1,地高辛片,0.25mg,国药准字H11029007,八元,3",  # a price that is none
        "S9,A1,地高辛片,0.25mg,国药准字H11029007,8,3",  # no such store
        "S1,A2,地高辛片,0.25mg,国药准字H11029007,8,99",  # against another row, perhaps
        "S2,A3,注射用硝普钠,50mg,国药准字H20059001,8,1",  # an item that elsewhere is another
        "S2,A4,地高辛片,0.25mg,国药准字H11029007,8.0,1.0",  # says the same in other words, perhaps
        '"S1",A5,"地高辛片",0.25mg,国药准字H11029007,8,1',
        "S1,A5,地高辛片",
        "合计,,,,,,12",
        ",-,,,,,",
        "",
    ]
)


@st.composite
def days(draw: st.DrawFn) -> list[list[str]]:
    """Stock-takes of some days; most rows are the same from day to day."""
    there = {(store, item): 1 for store in ("S1", "S2", "S3") for item in range(20)}
    files = []
    for _ in range(draw(st.integers(2, 4))):
        changes = st.tuples(st.sampled_from(sorted(there)), st.integers(0, 3))
        stocks = there | dict(draw(st.lists(changes, max_size=4)))
        without = draw(st.sampled_from([None, None, None, "S3"]))
        rows = [
            f"{store},A{item},地高辛片,0.25mg,国药准字H11029007,8,{stock}"
            for (store, item), stock in stocks.items()
            if stock and store != without
        ]
        odd = draw(st.lists(_ODD_ROWS, max_size=3))
        files.append(rows + odd if draw(st.booleans()) else odd + rows)
        there = {key: stock or 1 for key, stock in stocks.items()}
    return files


async def what_is_held(database: str, folder: Path, files: list[list[str]], encoding: str) -> list[Any]:
    """What a hub holds after these files."""
    connection = await asyncpg.connect(database, server_settings={"timezone": "UTC"})
    try:
        hub = TestHub(Settings(data_dir=folder, database_url=database), connection)
        await begin_anew(hub)
        await hub.take(
            "pharmacy",
            "门店编码,门店名称,行政区划代码\n" + "".join(f"S{n},店{n},440106\n" for n in (1, 2, 3)),
            sender="chain",
        )
        for number, rows in enumerate(files):
            hub.clock.now = START + timedelta(days=40 + number)
            await hub.take("pharmacy", stock_take(*rows).encode(encoding), sender="chain")
        return [await hub.rows(statement) for statement in _HOLDS]
    finally:
        await connection.close()


@settings(relaxed, max_examples=12)
@given(files=days())
def test_what_differs_says_all_that_the_file_says(
    databases: tuple[str, str], tmp_path: Path, files: list[list[str]]
) -> None:
    """Facts, faults, books and confirmations are those of a hub whose files, in UTF-16, cannot be compared."""
    compared, read_whole = databases
    expected = asyncio.run(what_is_held(read_whole, tmp_path, files, "utf-16"))
    assert expected == asyncio.run(what_is_held(compared, tmp_path, files, "utf-8"))


def test_an_ordinary_day_is_read_by_its_differences(databases: tuple[str, str], tmp_path: Path) -> None:
    """One row in thirty changed, one gone, one new: only these are read."""
    row = "S1,A{},地高辛片,0.25mg,国药准字H11029007,8,{}".format
    first = [row(number, 1) for number in range(30)]
    second = [row(0, 2), *first[2:], row(99, 1)]
    with capture_logs() as logs:
        asyncio.run(what_is_held(databases[0], tmp_path, [first, second], "utf-8"))
    assert [28] == [entry["kept"] for entry in logs if entry["event"] == "ingest.compared"]
    assert "ingest.read_whole" not in [entry["event"] for entry in logs]
