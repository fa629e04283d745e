"""Search over 200,000 names as the site asks: the count, the first page and the suggestions of what people type."""

import sqlite3
import time
from contextlib import closing
from random import Random
from typing import Any

from publish.indexes import indexes_of
from publish.search_index import build_search
from publish.site.reading import PAGE_SIZE, match_of
from publish.site.sql import search as sql
from publish.tables import public_tables
from tests.bench.search_names import brand, generic_names, organizations

NAMES = {"small": 20_000, "medium": 200_000, "full": 200_000}
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
        names = _fill(connection, NAMES[size])
        return p99([_ask(connection, query) for query in queries(names)])


def p99(took: list[float]) -> float:
    """The 99th percentile."""
    return sorted(took)[len(took) * 99 // 100]


def products(names: list[str], count: int) -> list[dict[str, Any]]:
    """So many medicines, each with one of the names, a brand and a holder."""
    random = Random(7)
    holders = organizations(2_000)
    return [
        {
            "id": number,
            "approval_number": f"国药准字H{number:08}",
            "name_zh": random.choice(names),
            "trade_name_zh": brand(random),
            "holder_name": random.choice(holders),
            "approval_kind_code": "chemical",
            "approval_origin_code": "domestic",
        }
        for number in range(1, count + 1)
    ]


def _fill(connection: sqlite3.Connection, count: int) -> list[str]:
    for table in public_tables():
        if table.name in _TABLES:
            connection.execute(table.create())
    names = generic_names(count)
    connection.executemany(
        "INSERT INTO product (id, approval_number, name_zh, trade_name_zh, holder_name, approval_kind_code,"
        " approval_origin_code, valid_from, recorded_at, batch_id, row_number)"
        " VALUES (:id, :approval_number, :name_zh, :trade_name_zh, :holder_name, :approval_kind_code,"
        " :approval_origin_code, '', '', 1, 1)",
        products(names, count),
    )
    for statement in indexes_of(_TABLES):
        connection.execute(statement)
    build_search(connection)
    connection.execute("ANALYZE")
    return names


def queries(names: list[str]) -> list[str]:
    """One to four characters from within names, whole names, and beginnings in Latin letters."""
    random = Random(11)
    asked = []
    for _ in range(_QUERIES):
        name = random.choice(names)
        length = random.choice((1, 2, 2, 2, 3, 4, len(name)))
        start = random.randrange(max(1, len(name) - length + 1))
        asked.append(random.choice(_LATIN) if random.random() < 0.2 else name[start : start + length])
    return asked


def _ask(connection: sqlite3.Connection, query: str) -> float:
    # it is computing alone: the thread's own time is what it takes where nothing else runs
    began = time.thread_time()
    match = match_of(query)
    connection.execute(sql.COUNT, {"match": match}).fetchall()
    connection.execute(sql.FOUND, {"match": match, "after": None, "limit": PAGE_SIZE + 1}).fetchall()
    connection.execute(sql.SUGGESTED, {"match": match}).fetchall()
    return (time.thread_time() - began) * 1000
