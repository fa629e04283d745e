"""The public tables: for each entity its open fields, and the rows that may be shown. Fails closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from publish.declared import PUBLIC_ENTITIES, PublicEntity
from publish.layout import Languages
from publish.suppression import BANDS, ROW_RULES, Bands
from schema.declare import Entity, EntityField, Label, field_of, fields_of
from schema.dictionary import Entry, entry_of
from schema.entities import ENTITIES, InstitutionMedicine, OnSale
from schema.entities.fact import held_now, live_now

#: the version of the public tables' shape; raised when a column is renamed or goes
SCHEMA_VERSION = 3
#: SQLite's type for each declared type; instants and dates are ISO texts
_SQLITE_TYPES: dict[type, str] = {
    str: "TEXT",
    int: "INTEGER",
    bool: "INTEGER",
    Decimal: "REAL",
    date: "TEXT",
    datetime: "TEXT",
}
#: and Arrow's; instants have whole seconds
_ARROW_TYPES: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    bool: pa.bool_(),
    Decimal: pa.float64(),
    date: pa.date32(),
    datetime: pa.timestamp("ms", "UTC"),
}
#: the tables that are cut by province, and the hub's column that says which
PARTITIONED, PROVINCE = (OnSale, InstitutionMedicine), "province_code"


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

    @property
    def label(self) -> Label:
        """What it is called."""
        return self.entity.about.label

    @property
    def absent(self) -> Label | None:
        """Why it has no rows and cannot have any yet."""
        return self.entity.absent if issubclass(self.entity, PublicEntity) else None

    @property
    def is_partitioned(self) -> bool:
        """Whether its whole is in one file a province."""
        return self.entity in PARTITIONED

    def select(self, *rules: str) -> str:
        """The query over the store that gives its rows, in the order of the key, those that meet the rules.

        A table that is absent has none.
        """
        bands = BANDS.get(self.entity, {})
        names = ", ".join(
            f"{bands[each.name]} AS {each.name}" if each.name in bands else each.name for each in self.columns
        )
        met = [*self._rules(), *rules]
        where = f" WHERE {' AND '.join(met)}" if met else ""
        return f"SELECT {names} FROM {self._source}{where} ORDER BY {', '.join(self.key)}"

    @property
    def _source(self) -> str:
        if issubclass(self.entity, PublicEntity):
            return f"({self.entity.query}) AS worked_out"
        return self.name

    def _rules(self) -> Iterator[str]:
        if self.entity.about.temporal:
            yield held_now() if self.entity.about.may_be_ahead else live_now()
        if self.entity in ROW_RULES:
            yield ROW_RULES[self.entity]

    def create(self) -> str:
        """The table in SQLite."""
        columns = ", ".join(
            f"{column.name} {_SQLITE_TYPES[column.python_type]}{'' if column.nullable else ' NOT NULL'}"
            for column in self.columns
        )
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({', '.join(self.key)})) WITHOUT ROWID"

    def arrow(self) -> pa.Schema:
        """The table's columns as Arrow has them."""
        return pa.schema(
            pa.field(each.name, _ARROW_TYPES[each.python_type], nullable=each.nullable)
            for each in self.columns
        )

    @property
    def identifiers(self) -> frozenset[str]:
        """The columns that identify things."""
        return frozenset(each.name for each in self.columns if each.declaration.is_id)

    def headers(self, language: str) -> list[str]:
        """What its columns are called: their names, or Chinese labels, told apart where two are the same."""
        if language == Languages.EN:
            return [each.name for each in self.columns]
        labels = [each.label.zh for each in self.columns]
        return [
            f"{each.label.zh}（{each.name}）" if labels.count(each.label.zh) > 1 else each.label.zh
            for each in self.columns
        ]

    def dictionary(self) -> Iterator[Entry]:
        """What each of its columns means."""
        return (entry_of(self.entity, column) for column in self.columns)


def public_tables() -> tuple[PublicTable, ...]:
    """Every entity that has an open field, with its open fields and no others but bands of counts."""
    tables = (
        PublicTable(entity, (*(field for field in fields_of(entity) if field.is_open), *_bands(entity)))
        for entity in (*ENTITIES, *PUBLIC_ENTITIES)
    )
    return tuple(table for table in tables if table.columns)


def _bands(entity: type[Entity]) -> Iterator[EntityField]:
    return (field_of(Bands, name) for name in BANDS.get(entity, {}))


def public_dictionary() -> Iterator[Entry]:
    """What every column of a release means, in the order of the tables."""
    return (entry for table in public_tables() for entry in table.dictionary())
