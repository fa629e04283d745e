"""Datasette's metadata of a release, rendered from the declarations of the schema."""

from typing import Any

from publish.site.show import table_labels
from publish.site.strings import catalogue
from publish.tables import PublicTable, public_tables

#: columns that an index of the release begins with, besides those of a table's key: only these may be sorted by
_INDEXED = {
    "product": ["approval_number", "name_zh"],
    "local_item": ["product_id"],
    "on_sale": ["item_id"],
    "supply_notice": ["product_id"],
    "pharmacy": ["region_code"],
    "postal_outlet": ["region_code"],
    "partner_pharmacy": ["region_code"],
    "service_area": ["region_code"],
    "region": ["parent_code"],
}


def site_metadata(database: str) -> dict[str, Any]:
    """Titles, licence and, for each table, its title, its columns' labels and what it can be sorted by."""
    labels = table_labels()
    tables = {table.name: _table(table) for table in public_tables()}
    for name in labels.keys() - tables.keys():
        tables[name] = {"title": str(labels[name]), "sortable_columns": []}
    return {
        "title": str(catalogue()["site.title"]),
        "license": str(catalogue()["footer.licence"]),
        "source": str(catalogue()["footer.source"]),
        "databases": {database: {"title": str(catalogue()["tables.title"]), "tables": tables}},
    }


def _table(table: PublicTable) -> dict[str, Any]:
    return {
        "title": str(table.entity.about.label),
        "columns": {column.name: str(column.label) for column in table.columns},
        "sortable_columns": [*table.key[:1], *_INDEXED.get(table.name, [])],
    }
