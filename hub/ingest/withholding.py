"""Taking rows out of a chunk that cannot be resolved."""

from dataclasses import dataclass

import polars as pl

from connectors.frame import Normalised, fault_rows
from connectors.frame import withhold as withhold_faults
from schema.declare import Entity

UNKNOWN_REGION = "没有此行政区划代码 no such division"


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
    return withhold_faults(
        normalised, fault_rows(rows, fault.code, fault.hint, fault.header, pl.col(fault.column))
    )
