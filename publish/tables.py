"""The public tables: for each entity its open fields, and the rows that may be shown. Fails closed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from schema.declare import Entity, EntityField, fields_of
from schema.entities import (
    ENTITIES,
    Batch,
    Listing,
    LocalItem,
    OnSale,
    Organization,
    OrganizationAlias,
    OrganizationName,
    PlatformProduct,
    StockTake,
    SupplyNotice,
)
from schema.entities.fact import held_now, live_now

#: SQLite's type for each declared type; instants and dates are ISO texts
_SQLITE_TYPES: dict[type, str] = {
    str: "TEXT",
    int: "INTEGER",
    bool: "INTEGER",
    Decimal: "REAL",
    date: "TEXT",
    datetime: "TEXT",
}


def _shown(table: str) -> str:
    """The ids of what is certain to be a medicine that may be told of in detail.

    Nobody may learn where narcotic, psychotropic, toxic or radioactive medicines are kept or run out, nor are
    unrecognised goods anybody's word.
    """
    return (
        f"SELECT i.id FROM {table} i JOIN product p ON p.id = i.product_id"
        f" WHERE i.match_code = 'linked' AND p.special_control_code IS NULL"
        f" AND {live_now('i')} AND {live_now('p')}"
    )


_SHOWN_ITEMS = _shown("local_item")
_SHOWN_PRODUCTS = _shown("platform_product")

_OPEN_STORES = f"SELECT id FROM pharmacy WHERE {live_now()}"

#: names that an open register or list has; what a holder calls itself in its reports is not open
_OPEN_NAMES = "SELECT name_id FROM organization_role"
_OPEN_ORGANIZATIONS = (
    "SELECT organization_id FROM organization_role WHERE organization_id IS NOT NULL UNION SELECT o.id"
    " FROM organization o JOIN organization_name_change c ON c.uscc = o.uscc"
    f" WHERE {live_now('c')}"
)

#: entity → which of its rows the public may see, beyond being the present state of knowledge
_ROW_RULES: dict[type[Entity], str] = {
    LocalItem: f"id IN ({_SHOWN_ITEMS})",
    OnSale: f"item_id IN ({_SHOWN_ITEMS}) AND pharmacy_id IN ({_OPEN_STORES})",
    StockTake: f"pharmacy_id IN ({_OPEN_STORES})",
    PlatformProduct: f"id IN ({_SHOWN_PRODUCTS})",
    Listing: f"platform_product_id IN ({_SHOWN_PRODUCTS})",
    SupplyNotice: f"id IN ({_shown('supply_notice')})",
    OrganizationName: f"id IN ({_OPEN_NAMES})",
    Organization: f"id IN ({_OPEN_ORGANIZATIONS})",
    OrganizationAlias: f"method_code <> 'report' AND organization_id IN ({_OPEN_ORGANIZATIONS})",
    Batch: "state_code = 'promoted'",
}


@dataclass(frozen=True, slots=True)
class PublicTable:
    """One table of a release."""

    entity: type[Entity]
    columns: tuple[EntityField, ...]

    @property
    def name(self) -> str:
        """The table's name, the same as in the store."""
        return str(self.entity.__tablename__)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of its key that are open; together they tell rows apart in the present state."""
        shown = {column.name for column in self.columns}
        return tuple(column for column in self.entity.about.key if column in shown)

    def select(self) -> str:
        """The query over the store that gives its rows, in the order of the key."""
        about = self.entity.about
        rules = [held_now() if about.may_be_ahead else live_now()] if about.temporal else []
        if self.entity in _ROW_RULES:
            rules.append(_ROW_RULES[self.entity])
        where = f" WHERE {' AND '.join(rules)}" if rules else ""
        names = ", ".join(column.name for column in self.columns)
        return f"SELECT {names} FROM {self.name}{where} ORDER BY {', '.join(self.key)}"

    def create(self) -> str:
        """The table in SQLite."""
        columns = ", ".join(
            f"{column.name} {_SQLITE_TYPES[column.python_type]}{'' if column.nullable else ' NOT NULL'}"
            for column in self.columns
        )
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({', '.join(self.key)})) WITHOUT ROWID"


def public_tables() -> tuple[PublicTable, ...]:
    """Every entity that has an open field, with its open fields and no others."""
    tables = (
        PublicTable(entity, tuple(field for field in fields_of(entity) if field.is_open))
        for entity in ENTITIES
    )
    return tuple(table for table in tables if table.columns)
