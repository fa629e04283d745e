"""SQL of the interface: names of tables and columns come from declarations, values are parameters."""

from collections.abc import Iterable, Sequence

from publish.tables import PublicTable


def page_of(table: PublicTable, filters: Iterable[str], *, is_first: bool) -> str:
    """A page of a table in the order of its key: `:f_<column>` are what columns must equal, `:k0` … the key before."""
    conditions = [f"{column} = :f_{column}" for column in filters]
    if not is_first:
        conditions.append(_behind(table.key))
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    names = ", ".join(column.name for column in table.columns)
    return f"SELECT {names} FROM {table.name} {where} ORDER BY {', '.join(table.key)} LIMIT :limit"


def _behind(key: Sequence[str]) -> str:
    marks = ", ".join(f":k{number}" for number in range(len(key)))
    return f"({', '.join(key)}) > ({marks})"
