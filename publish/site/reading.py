"""Reading pages' rows from the release: names of regions, pages of a list."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette

from publish.site.sql import common, search
from schema.regions import COUNTRY_CODE
from schema.search import query_tokens

PAGE_SIZE = 50
#: largest integer SQLite holds; a larger identifier names nothing
ID_MAX = 2**63 - 1

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list; `next_after` names the row that the next page begins behind, if there is one."""

    rows: list[Row]
    is_first: bool
    next_after: str | None


async def read_rows(
    datasette: Datasette, sql: str, database: str | None = None, **parameters: Any
) -> list[Row]:
    """All rows of a query over the release: its national file, or the one of a province."""
    results = await datasette.get_database(database).execute(sql, parameters)
    return [dict(row) for row in results.rows]


async def read_row(datasette: Datasette, sql: str, **parameters: Any) -> Row | None:
    """The first row of a query over the release, or None."""
    rows = await read_rows(datasette, sql, **parameters)
    return rows[0] if rows else None


async def read_matches(datasette: Datasette, sql: str, match: str, **parameters: Any) -> list[Row]:
    """All rows of a query over the search index, for an FTS5 expression of quoted tokens."""
    try:
        results = await datasette.get_database().execute(
            sql, {"match": match, **parameters}, log_sql_errors=False
        )
    except sqlite3.OperationalError as error:
        # A letter of a script younger than SQLite's Unicode tables splits a token: no medicine has one.
        if "phrase queries are not supported" in str(error):
            return []
        raise
    return [dict(row) for row in results.rows]


async def count_matches(datasette: Datasette, match: str) -> int:
    """How many entries the search index finds; one more than are counted means that there are more."""
    rows = await read_matches(datasette, search.COUNT, match)
    return int(rows[0]["found"]) if rows else 0


def match_of(query: str) -> str:
    """What is typed, as an FTS5 expression of quoted tokens; empty where nothing can be looked for."""
    return " AND ".join(f'"{token}"' for token in query_tokens(query))


async def read_page(
    datasette: Datasette,
    sql: str,
    key: tuple[str, ...],
    *,
    is_first: bool,
    database: str | None = None,
    **parameters: Any,
) -> Page:
    """One page of a query with `:limit`, ordered by what `key` identifies."""
    rows = await read_rows(datasette, sql, database, limit=PAGE_SIZE + 1, **parameters)
    shown = rows[:PAGE_SIZE]
    next_after = "-".join(str(shown[-1][name]) for name in key) if len(rows) > PAGE_SIZE else None
    return Page(shown, is_first, next_after)


def read_id(text: str | None) -> int | None:
    """An identifier from an address; None for whatever cannot be one."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= len(str(ID_MAX))):
        return None
    number = int(text)
    return number if number <= ID_MAX else None


def ancestors(code: str) -> list[str]:
    """The codes from the province down to this one: 440106 → 440000, 440100, 440106."""
    return list(dict.fromkeys(code[:length].ljust(6, "0") for length in (2, 4, 6)))


async def region_names(datasette: Datasette, codes: Iterable[str]) -> dict[str, str]:
    """Code → name of these regions and of those above them, where the release knows them."""
    wanted = sorted({above for code in codes for above in ancestors(code)} | {COUNTRY_CODE})
    rows = await read_rows(datasette, common.REGION_NAMES, codes=json.dumps(wanted))
    return {row["code"]: row["name"] for row in rows}


def region_path(code: str, names: Mapping[str, str]) -> str:
    """Names from the province down, such as “广东省 › 广州市 › 天河区”; the code where no name is known."""
    return " › ".join(names[above] for above in ancestors(code) if above in names) or code
