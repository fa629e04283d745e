"""Datasette's metadata of a release, rendered from the declarations of the schema."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from publish.identity import LICENCE
from publish.site.show import table_labels
from publish.site.strings import catalogue


def site_metadata(databases: list[str], indexed: Mapping[str, list[str]]) -> dict[str, Any]:
    """Licence and, for each table, what it can be sorted by. Labels are not here: Datasette copies all of this for each
    page, and our templates take them from the declarations."""
    tables = {name: {"sortable_columns": indexed.get(name, [])} for name in table_labels()}
    return {
        "title": str(catalogue()["site.title"]),
        "license": LICENCE.name,
        "license_url": LICENCE.url,
        "databases": {name: {"tables": tables} for name in databases},
    }


def indexed_columns(database: Path) -> dict[str, list[str]]:
    """Table → the columns that its key or an index begins with: only by these may be sorted and looked for."""
    with _opened(database) as connection:
        rows = connection.execute(_INDEXED).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def inspected(database: Path) -> dict[str, Any]:
    """What Datasette would else find out by reading the whole file at each start."""
    with _opened(database) as connection:
        counts = dict(connection.execute("SELECT table_name, row_count FROM table_count"))
        others = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = {name: {"count": counts.get(name, 0)} for (name,) in others}
    return {"hash": None, "size": database.stat().st_size, "file": str(database), "tables": tables}


def _opened(database: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True))


_INDEXED = """
SELECT DISTINCT t.name, i.name FROM sqlite_master t JOIN pragma_index_list(t.name) x JOIN pragma_index_info(x.name) i
 WHERE t.type = 'table' AND i.seqno = 0 AND i.name IS NOT NULL ORDER BY t.name, x.origin <> 'pk', i.name
"""
