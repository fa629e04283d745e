"""Writing a release's SQLite file: the same rows give the same bytes."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from publish.search_index import build_search
from publish.tables import PublicTable
from schema.dictionary import Entry, dictionary

#: filters of the site, each with the key behind it, so that a page in key order is a range of the index
_INDEXES = (
    "CREATE UNIQUE INDEX product_by_number ON product (approval_number)",
    "CREATE INDEX product_by_name ON product (name_zh, id)",
    "CREATE INDEX product_by_concept ON product (concept_id, id)",
    "CREATE INDEX platform_product_by_product ON platform_product (product_id, id)",
    "CREATE INDEX listing_by_platform_product ON listing (platform_product_id, id)",
    "CREATE INDEX packaged_product_by_product ON packaged_product (product_id, id)",
    "CREATE INDEX standard_code_by_product ON standard_code (product_id, standard_code)",
    "CREATE INDEX product_authorization_by_product ON product_authorization (product_id, id)",
    "CREATE INDEX authorization_event_by_authorization ON authorization_event (authorization_id, id)",
    "CREATE INDEX local_item_by_product ON local_item (product_id, id)",
    "CREATE INDEX on_sale_by_item ON on_sale (item_id, pharmacy_id)",
    "CREATE INDEX supply_notice_by_product ON supply_notice (product_id, id)",
    "CREATE INDEX pharmacy_by_region ON pharmacy (region_code, id)",
    "CREATE INDEX stock_take_by_time ON stock_take (confirmed_at, pharmacy_id)",
    "CREATE INDEX postal_outlet_by_region ON postal_outlet (region_code, id)",
    "CREATE INDEX partner_pharmacy_by_region ON partner_pharmacy (region_code, id)",
    "CREATE INDEX service_area_by_region ON service_area (region_code, id)",
    "CREATE INDEX region_by_parent ON region (parent_code, code)",
)


class ReleaseFile:
    """An SQLite file being written. WAL stays off: beside an immutable file nothing else may lie."""

    def __init__(self, path: Path) -> None:
        self._sqlite = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "page_size = 8192", "cache_size = -65536"):
            self._sqlite.execute(f"PRAGMA {pragma}")
        self._sqlite.execute("BEGIN")

    def create(self, table: PublicTable) -> None:
        """Make one public table."""
        self._sqlite.execute(table.create())

    def insert(self, table: PublicTable, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows in the order of the table's columns."""
        marks = ", ".join("?" * len(table.columns))
        self._sqlite.executemany(
            f"INSERT INTO {table.name} VALUES ({marks})",
            ([_value(value) for value in row] for row in rows),
        )

    def finish(self, counts: dict[str, int]) -> None:
        """Write dictionary, row counts, indexes and the search index; check and close."""
        self._write_dictionary()
        self._sqlite.execute(
            "CREATE TABLE table_count (table_name TEXT PRIMARY KEY, row_count INTEGER NOT NULL)"
        )
        self._sqlite.executemany("INSERT INTO table_count VALUES (?, ?)", sorted(counts.items()))
        for statement in _INDEXES:
            self._sqlite.execute(statement)
        build_search(self._sqlite)
        self._sqlite.execute("COMMIT")
        self._sqlite.execute("ANALYZE")
        (verdict,) = self._sqlite.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise RuntimeError(f"SQLite finds its own file broken: {verdict}")
        self._sqlite.close()

    def _write_dictionary(self) -> None:
        names = [
            field.name if field.name not in ("table", "column") else f"{field.name}_name"
            for field in fields(Entry)
        ]
        self._sqlite.execute(
            f"CREATE TABLE dictionary ({', '.join(names)}, PRIMARY KEY (table_name, column_name))"
        )
        marks = ", ".join("?" * len(names))
        self._sqlite.executemany(
            f"INSERT INTO dictionary VALUES ({marks})",
            (
                [getattr(entry, field.name) for field in fields(Entry)]
                for entry in dictionary()
                if entry.release == "open"
            ),
        )


def _value(value: Any) -> Any:
    """A value as SQLite keeps it: instants and dates as ISO texts, decimals as numbers."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
