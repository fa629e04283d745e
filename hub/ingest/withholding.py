"""Taking rows out of a chunk that cannot be resolved."""

from dataclasses import dataclass

import polars as pl

from connectors.frame import FAULT_COLUMNS, Normalised
from schema.declare import Entity


@dataclass(frozen=True, slots=True)
class RowsFault:
    """What is wrong with some rows."""

    code: str
    #: column of the records that has the offending text
    column: str
    #: the same as the file heads it
    header: str
    hint: str


def withhold(normalised: Normalised, entity: type[Entity], where: pl.Expr, fault: RowsFault) -> Normalised:
    """Fault the rows of `entity` that satisfy `where`, and take them out of all records."""
    rows = normalised.records[entity].filter(where)
    if rows.is_empty():
        return normalised
    faults = rows.select(
        pl.col("row_number").cast(pl.Int32),
        pl.lit(fault.code).alias("code"),
        pl.lit(value=False).alias("is_notice"),
        pl.lit(fault.header).alias("column_name"),
        pl.col(fault.column).alias("found_text"),
        pl.lit(fault.hint).alias("hint"),
    ).select(list(FAULT_COLUMNS))
    bad = pl.col("row_number").is_in(rows.get_column("row_number").implode())
    return Normalised(
        {e: table.filter(~bad) for e, table in normalised.records.items()},
        {
            e: pl.concat([normalised.withheld[e], table.filter(bad)], how="diagonal")
            for e, table in normalised.records.items()
        },
        pl.concat([normalised.faults, faults]),
    )
