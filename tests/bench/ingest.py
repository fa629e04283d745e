"""`make bench-ingest`: a stock-take through all steps, against raw COPY of the same typed rows, and against dlt.

All write into PostgreSQL on this machine, alternating, each run in a database of its own made from one template.
The hub runs as its user runs it, by `baogong feed ingest`; its time has the start of the program in it.
"""

import argparse
import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from hub.config import Settings
from hub.db.embedded import database
from tests.bench import stock_takes
from tests.bench.figures import figure
from tests.lib.command import environment
from tests.lib.postgres import url_of

#: stores, items: rows are the product
SIZES = {"small": (100, 1000), "medium": (400, 2500), "full": (2000, 2500)}
_INDEXES = (
    "CREATE UNIQUE INDEX ON raw (pharmacy_id, item_id, province_code, valid_from, recorded_at)",
    (
        "CREATE UNIQUE INDEX ON raw (pharmacy_id, item_id, province_code)"
        " WHERE valid_to = 'infinity' AND superseded_at = 'infinity'"
    ),
    "CREATE INDEX ON raw (item_id, pharmacy_id) WHERE valid_to = 'infinity' AND superseded_at = 'infinity'",
)
#: figure → the order of the rows that are copied: that of the file, and the one in which the hub writes them
_ORDERS = {"over_copy": "row_number", "over_copy_by_key": "pharmacy_id, item_id"}


@dataclass(frozen=True, slots=True)
class Run:
    """What one command took."""

    seconds: float
    peak_rss_mb: float


@contextmanager
def ordinary_server() -> Iterator[str]:
    """The embedded server with the settings that users have; that of the tests waits for no disk."""
    # reachable for the user it runs as
    with tempfile.TemporaryDirectory(prefix="baogong-server-") as name:
        Path(name).chmod(0o755)
        with database(Settings(data_dir=Path(name), database_url=None)) as url:
            yield url


def baogong(data: Path, url: str, *arguments: str | Path) -> Run:
    """Run a command, and measure it."""
    began = time.perf_counter()
    process = subprocess.Popen(
        ["baogong", *map(str, arguments)],
        env=environment(data, HUB_DATABASE_URL=url),
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"baogong {' '.join(map(str, arguments))} ended with status {status}")
    return Run(time.perf_counter() - began, usage.ru_maxrss / 1024)


async def sql(url: str, *statements: str) -> None:
    """Run statements."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def raw_copy(url: str, rows: Path) -> float:
    """Seconds for COPY of the typed rows into one table with the same indexes."""
    await sql(url, "DROP TABLE IF EXISTS raw", "CREATE TABLE raw (LIKE on_sale)", *_INDEXES)
    connection = await asyncpg.connect(url)
    try:
        began = time.perf_counter()
        await connection.copy_to_table("raw", source=rows, format="csv")
        return time.perf_counter() - began
    finally:
        await connection.close()


def dlt(python: Path, folder: Path, server: str, rows: Path, way: str) -> float:
    """Seconds that dlt takes to load the file; it starts about as fast as the hub."""
    host = server.rpartition("host=")[2]
    began = time.perf_counter()
    command: list[str | Path] = [
        python,
        Path(__file__).with_name("dlt_load.py"),
        rows,
        host,
        "bench_dlt",
        way,
        folder / f"dlt_{way}",
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - began


async def dump_rows(url: str, rows: Path, order: str) -> None:
    """Write the typed rows that the hub made of the file."""
    connection = await asyncpg.connect(url)
    try:
        query = f"SELECT * FROM on_sale ORDER BY {order}"
        await connection.copy_from_query(query, output=rows, format="csv")
    finally:
        await connection.close()


def prepare(folder: Path, data: Path, server: str, name: str, size: tuple[int, int]) -> None:
    """A database that knows the stores and the medicines of a stock-take of this size."""
    stores, items = size
    stock_takes.write_approvals(folder / "approvals.csv", items)
    stock_takes.write_stores(folder / "stores.csv", stores)
    url = url_of(server, name)
    asyncio.run(sql(server, f"CREATE DATABASE {name}"))
    baogong(data, url, "db", "upgrade")
    baogong(data, url, "feed", "ingest", "registration", folder / "approvals.csv")
    baogong(data, url, "feed", "ingest", "pharmacy", folder / "stores.csv", "--sender", "bench")


def measure(folder: Path, server: str, stores: int, items: int, runs: int, dlt_python: Path | None) -> None:
    """Measure and print. `dlt_python`: an interpreter that has dlt, to compare with."""
    days = [folder / f"day{day}.csv" for day in (1, 2)]
    for day, path in enumerate(days, 1):
        stock_takes.write_stock_take(path, stores, items, day)
    data, rows = folder / "data", folder / "rows.csv"
    prepare(folder, data, server, "bench_template", (stores, items))
    hub, again, second = [], [], []
    raw: dict[str, list[float]] = {name: [] for name in _ORDERS}
    for number in range(runs):
        name = f"bench_{number}"
        url = url_of(server, name)
        asyncio.run(sql(server, f"CREATE DATABASE {name} TEMPLATE bench_template", "CHECKPOINT"))
        hub.append(baogong(data, url, "feed", "ingest", "pharmacy", days[0], "--sender", "bench"))
        again.append(baogong(data, url, "feed", "ingest", "pharmacy", days[0], "--sender", "bench"))
        for copy, order in _ORDERS.items():
            asyncio.run(dump_rows(url, rows, order))
            asyncio.run(sql(server, "CHECKPOINT"))
            raw[copy].append(asyncio.run(raw_copy(url, rows)))
        second.append(baogong(data, url, "feed", "ingest", "pharmacy", days[1], "--sender", "bench"))
        asyncio.run(sql(server, f"DROP DATABASE {name}"))
    case = f"{stores * items} rows"
    if dlt_python is not None:
        asyncio.run(sql(server, "CREATE DATABASE bench_dlt", "CHECKPOINT"))
        for name, way in (("over_dlt", "rows"), ("over_dlt_arrow", "arrow")):
            took = dlt(dlt_python, folder, server, days[0], way)
            figure("ingest", case, name, [took / run.seconds for run in hub])
    figure("ingest", case, "rows_per_second", [stores * items / run.seconds for run in hub])
    for copy, seconds in raw.items():
        figure("ingest", case, copy, [took / run.seconds for took, run in zip(seconds, hub, strict=True)])
    figure("ingest", case, "repeat_seconds", [run.seconds for run in again])
    figure("ingest", case, "second_day", [a.seconds / b.seconds for a, b in zip(hub, second, strict=True)])
    figure("ingest", case, "peak_rss_mb", [max(run.peak_rss_mb for run in (*hub, *second))])


def main() -> None:
    """Read the size and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dlt", type=Path, help="an interpreter that has dlt")
    arguments = parser.parse_args()
    stores, items = SIZES[arguments.size]
    with tempfile.TemporaryDirectory(prefix="baogong-bench-") as name, ordinary_server() as server:
        measure(Path(name), server, stores, items, arguments.runs, arguments.dlt)


if __name__ == "__main__":
    main()
