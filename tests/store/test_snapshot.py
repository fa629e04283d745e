"""A snapshot hands rows over as Arrow: every value as it is, unchanged by who writes meanwhile."""

from datetime import UTC, date, datetime

import asyncpg
import pyarrow as pa

from hub.db.snapshot import open_snapshot
from tests.lib.hub import TestHub

SCHEMA = pa.schema(
    [
        ("n", pa.int64()),
        ("t", pa.string()),
        ("x", pa.float64()),
        ("b", pa.bool_()),
        ("d", pa.date32()),
        ("at", pa.timestamp("ms", "UTC")),
    ]
)
HARD = ("", "a,b", '"quoted"', "line\nbreak", "\\N", "\\.", "NULL", "\t", "甲\r\n乙", " ")


async def test_every_value_comes_as_it_is(hub: TestHub) -> None:
    """Empty is not NULL; line breaks, quotes and what looks like COPY's own signs are texts."""
    values = ", ".join(f"({n}, ${n})" for n in range(1, len(HARD) + 1))
    await hub.connection.execute("CREATE TEMP TABLE hard (n bigint, t text)")
    await hub.connection.execute(f"INSERT INTO hard VALUES {values}", *HARD)
    query = (
        "SELECT n, t, 41.5::numeric AS x, n % 2 = 0 AS b, date '2026-01-02' AS d,"
        " timestamptz '2026-01-02 03:04:05.678+08' AS at FROM hard"
        " UNION ALL SELECT 99, NULL, NULL, NULL, NULL, NULL ORDER BY n"
    )
    async with open_snapshot(hub.connection) as snapshot:
        rows = [row async for batch in snapshot.batches(query, SCHEMA) for row in batch.to_pylist()]
    assert [*HARD, None] == [row["t"] for row in rows]
    at = datetime(2026, 1, 1, 19, 4, 5, 678_000, tzinfo=UTC)
    assert {"n": 1, "t": "", "x": 41.5, "b": False, "d": date(2026, 1, 2), "at": at} == rows[0]
    assert [None] * 5 == [rows[-1][name] for name in SCHEMA.names if name != "n"]


async def test_what_others_write_meanwhile_is_not_seen(hub: TestHub) -> None:
    """One unchanging view, from the first query to the last."""
    schema = pa.schema([("n", pa.int64())])
    query = "SELECT count(*) AS n FROM feed"
    other = await asyncpg.connect(hub.settings.database_url)
    try:
        async with open_snapshot(hub.connection) as snapshot:
            (before,) = [batch async for batch in snapshot.batches(query, schema)]
            await other.execute("INSERT INTO feed VALUES ('other', '其他', 'other', 'daily')")
            (after,) = [batch async for batch in snapshot.batches(query, schema)]
    finally:
        await other.close()
    assert before == after


async def test_who_stops_reading_leaves_nothing_behind(hub: TestHub) -> None:
    """The connection can be used again at once, although most of a million rows were never read."""
    schema = pa.schema([("n", pa.int64())])
    async with open_snapshot(hub.connection) as snapshot:
        batches = snapshot.batches("SELECT generate_series(1, 1000000) AS n", schema)
        first = await anext(batches)
        await batches.aclose()
    assert 1 == first.column(0)[0].as_py()
    assert 7 == await hub.value("SELECT 7")
