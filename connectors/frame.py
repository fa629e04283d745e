"""What readers hand to connectors and connectors to the hub: tables of columns, and faults beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from schema.declare import Entity, Label

#: columns of a table of faults
FAULT_COLUMNS: dict[str, type[pl.DataType]] = {
    "row_number": pl.Int32,
    "code": pl.String,
    "is_notice": pl.Boolean,
    "column_name": pl.String,
    "found_text": pl.String,
    "hint": pl.String,
}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What in one row could not be understood. A notice is only told; anything else keeps the row out."""

    #: row of the file as a person counts it: the file's first row is 1
    row_number: int
    #: stable slug, for example `row.too_few_cells`
    code: str
    #: header as the file writes it; None when the whole row is meant
    column_name: str | None
    #: the offending text as received; None when nothing stood there
    found_text: str | None
    hint: Label
    is_notice: bool = False


class RefusedFileError(Exception):
    """A file that cannot be taken in at all. It stays in landing; nothing of it reaches the graph."""

    def __init__(
        self, code: str, hint: Label, row_number: int | None = None, column_name: str | None = None
    ) -> None:
        super().__init__(str(hint))
        self.code = code
        self.hint = hint
        self.row_number = row_number
        self.column_name = column_name


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file as text, with those that could not even be cut into cells."""

    #: `row_number` (Int32) and one String column for each column of the layout that the file has; empty text
    #: and the usual marks for "nothing" are null
    frame: pl.DataFrame
    faults: list[RowFault] = field(default_factory=list)
    #: rows left out by rule: blank rows, total rows
    skipped: int = 0


def fault_table(faults: Iterable[RowFault]) -> pl.DataFrame:
    """Faults as a table of FAULT_COLUMNS."""
    rows = [
        (fault.row_number, fault.code, fault.is_notice, fault.column_name, fault.found_text, str(fault.hint))
        for fault in faults
    ]
    return pl.DataFrame(rows, schema=FAULT_COLUMNS, orient="row")


@dataclass(frozen=True, slots=True)
class Normalised:
    """What a connector makes of a chunk: typed records by entity, and faults. Each row is in one of both."""

    #: by entity: `row_number` and the fields the layout states; what it does not state is absent, not null.
    #: A further column is a reference in the source's own words, for the hub to resolve
    records: dict[type[Entity], pl.DataFrame]
    #: the same of the rows that have a fault, as far as they were understood
    withheld: dict[type[Entity], pl.DataFrame]
    #: FAULT_COLUMNS; a row with any fault that is not a notice is in no table of records
    faults: pl.DataFrame


def fault_rows(
    rows: pl.DataFrame,
    code: str | pl.Expr,
    hint: str | pl.Expr,
    header: str | None,
    found: pl.Expr | None = None,
    *,
    is_notice: bool = False,
) -> pl.DataFrame:
    """A table of faults, one for each of the rows. `code` and `hint` may differ by row; `found` is the text there."""
    return rows.select(
        pl.col("row_number").cast(pl.Int32),
        (code if isinstance(code, pl.Expr) else pl.lit(code)).alias("code"),
        pl.lit(is_notice).alias("is_notice"),
        pl.lit(header, pl.String).alias("column_name"),
        (pl.lit(None, pl.String) if found is None else found).alias("found_text"),
        (hint if isinstance(hint, pl.Expr) else pl.lit(hint)).alias("hint"),
    )


def withhold(normalised: Normalised, faults: pl.DataFrame) -> Normalised:
    """Add faults, and take their rows, notices aside, out of all records."""
    bad_rows = faults.filter(~pl.col("is_notice")).get_column("row_number").unique().implode()
    bad = pl.col("row_number").is_in(bad_rows)
    return Normalised(
        {entity: table.filter(~bad) for entity, table in normalised.records.items()},
        {
            entity: pl.concat([normalised.withheld[entity], table.filter(bad)], how="diagonal")
            for entity, table in normalised.records.items()
        },
        pl.concat([normalised.faults, faults]),
    )
