"""Search over 200,000 names as the site asks: the count, the first page and the suggestions of what people type."""

import sqlite3
import time
from contextlib import closing
from random import Random

from publish.indexes import indexes_of
from publish.search_index import build_search
from publish.site.reading import PAGE_SIZE, match_of
from publish.site.sql import search as sql
from publish.tables import public_tables
from tests.bench.search_names import brand, generic_names, organizations

_NAMES = {"small": 20_000, "full": 200_000}
_QUERIES = 1_000
_TABLES = {
    "product",
    "drug_concept",
    "standard_code",
    "packaged_product",
    "local_item",
    "on_sale",
    "supply_notice",
}
#: latin beginnings that people type: initials, pinyin
_LATIN = ("aspl", "amxl", "ejsg", "tbqs", "asi", "amo", "tou", "fufang", "yan", "zhusheye")


def search_p99_ms(size: str) -> float:
    """The 99th percentile of the time that one search takes, in milliseconds."""
    with closing(sqlite3.connect(":memory:")) as connection:
        names = _fill(connection, _NAMES[size])
        took = sorted(_ask(connection, query) for query in _queries(names))
    return took[len(took) * 99 // 100]


def _fill(connection: sqlite3.Connection, count: int) -> list[str]:
    for table in public_tables():
        if table.name in _TABLES:
            connection.execute(table.create())
    random = Random(7)
    names, holders = generic_names(count), organizations(2_000)
    rows = [
        (number, f"国药准字H{number:08}", random.choice(names), brand(random), random.choice(holders))
        for number in range(1, count + 1)
    ]
    connection.executemany(
        "INSERT INTO product (id, approval_number, name_zh, trade_name_zh, holder_name, approval_kind_code,"
        " approval_origin_code, valid_from, recorded_at, batch_id, row_number)"
        " VALUES (?, ?, ?, ?, ?, 'chemical', 'domestic', '', '', 1, 1)",
        rows,
    )
    for statement in indexes_of(_TABLES):
        connection.execute(statement)
    build_search(connection)
    connection.execute("ANALYZE")
    return names


def _queries(names: list[str]) -> list[str]:
    """One to four characters from within names, whole names, and beginnings in Latin letters."""
    random = Random(11)
    queries = []
    for _ in range(_QUERIES):
        name = random.choice(names)
        length = random.choice((1, 2, 2, 2, 3, 4, len(name)))
        start = random.randrange(max(1, len(name) - length + 1))
        queries.append(random.choice(_LATIN) if random.random() < 0.2 else name[start : start + length])
    return queries


def _ask(connection: sqlite3.Connection, query: str) -> float:
    # it is computing alone: the thread's own time is what it takes where nothing else runs
    began = time.thread_time()
    match = match_of(query)
    connection.execute(sql.COUNT, {"match": match}).fetchall()
    connection.execute(sql.FOUND, {"match": match, "after": None, "limit": PAGE_SIZE + 1}).fetchall()
    connection.execute(sql.SUGGESTED, {"match": match}).fetchall()
    return (time.thread_time() - began) * 1000
