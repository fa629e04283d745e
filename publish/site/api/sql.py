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


PRICES = """
SELECT listing_id, product_id, sender_code, platform_product_id, product_code, mode_code, is_stopped, pack_price_yuan,
       unit_price_yuan, valid_from, valid_to, batch_id, row_number
 FROM listing_price
 WHERE product_id IN (SELECT value FROM json_each(:products))
   AND (:k0 IS NULL OR (listing_id, valid_from) > (:k0, :k1))
 ORDER BY listing_id, valid_from LIMIT :limit
"""
