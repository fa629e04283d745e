"""Writing a release's SQLite files: the same rows give the same bytes.

Rows go from Arrow into SQLite by the ADBC driver, in C; indexes and the search come when all rows are in.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
from adbc_driver_sqlite import dbapi

from publish.files import Rows, Written
from publish.forms import for_sqlite
from publish.indexes import indexes_of
from publish.search_index import build_search
from publish.tables import PublicTable, public_dictionary
from schema.dictionary import Entry

_PAGE_BYTES, _CACHE_KIB = 8192, 32 * 1024
#: a file that is thrown away if anything fails needs no journal, and is on disk before it gets its name
_LOADING = ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}")


class SqliteFile:
    """An SQLite file being written. WAL stays off: beside an immutable file nothing else may lie."""

    def __init__(self, path: Path, tables: Sequence[PublicTable], *, is_searched: bool = False) -> None:
        self._path = path
        self._is_searched = is_searched
        self._tables = tables
        self._rows = {table.name: 0 for table in tables}
        path.parent.mkdir(parents=True, exist_ok=True)
        with _opened(path) as connection:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            connection.execute("BEGIN")
            for table in tables:
                connection.execute(table.create())
            connection.execute("COMMIT")
        self._loading = dbapi.connect(str(path), autocommit=True)
        with self._loading.cursor() as cursor:
            for pragma in _LOADING:
                cursor.execute(f"PRAGMA {pragma}")

    def write(self, table: PublicTable, rows: Rows) -> None:
        """Add rows in the order of the table's key."""
        with self._loading.cursor() as cursor:
            batch = pa.RecordBatchReader.from_batches(*_stream(for_sqlite(rows.texts)))
            cursor.adbc_ingest(table.name, batch, mode="append")
        self._rows[table.name] += rows.texts.num_rows

    def __enter__(self) -> Self:
        """Rows come by `write` while the context lasts."""
        return self

    def __exit__(self, *_: object) -> None:
        self._loading.close()

    def copy(self, source: Path, table: PublicTable, condition: str) -> int:
        """Add the rows of another file that meet a condition; the tables of this one are named without a prefix."""
        with _opened(self._path) as connection:
            connection.execute("ATTACH ? AS source", [str(source)])
            added = connection.execute(
                f"INSERT INTO main.{table.name} SELECT * FROM source.{table.name}"
                f" WHERE {condition} ORDER BY {', '.join(table.key)}"
            ).rowcount
            connection.execute("COMMIT") if connection.in_transaction else None
        self._rows[table.name] += added
        return added

    def finish(self) -> dict[str, int]:
        """Write dictionary, row counts, indexes and the search index; the rows of each table."""
        names = {table.name for table in self._tables}
        with _opened(self._path) as connection:
            connection.execute("BEGIN")
            _write_dictionary(connection, names)
            _write_counts(connection, self._rows)
            for statement in indexes_of(names):
                connection.execute(statement)
            if self._is_searched:
                build_search(connection)
            connection.execute("COMMIT")
            connection.execute("ANALYZE")
        return self._rows


class SqliteRows:
    """One table of an SQLite file, as a writer."""

    def __init__(self, file: SqliteFile, table: PublicTable) -> None:
        self._file, self._table = file, table

    def write(self, rows: Rows) -> None:
        """Add rows."""
        self._file.write(self._table, rows)

    def close(self) -> list[Written]:
        """Nothing: the file has further tables."""
        return []


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _LOADING:
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _stream(batch: pa.RecordBatch) -> tuple[pa.Schema, list[pa.RecordBatch]]:
    return batch.schema, [batch]


def _write_dictionary(connection: sqlite3.Connection, tables: set[str]) -> None:
    names = [
        field.name if field.name not in ("table", "column") else f"{field.name}_name"
        for field in fields(Entry)
    ]
    connection.execute(f"CREATE TABLE dictionary ({', '.join(names)}, PRIMARY KEY (table_name, column_name))")
    marks = ", ".join("?" * len(names))
    entries: list[Any] = [astuple(entry) for entry in public_dictionary() if entry.table in tables]
    connection.executemany(f"INSERT INTO dictionary VALUES ({marks})", entries)


def _write_counts(connection: sqlite3.Connection, rows: dict[str, int]) -> None:
    connection.execute("CREATE TABLE table_count (table_name TEXT PRIMARY KEY, row_count INTEGER NOT NULL)")
    connection.executemany("INSERT INTO table_count VALUES (?, ?)", sorted(rows.items()))
