"""What a table's rows come to: how many, and for each column how many values and their sum. Every file must agree."""

import math
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from publish.forms import FORMULA, as_texts

#: of an integer only these bits are added up: sums of 63-bit identifiers would overflow
_BITS = 0xFFFFFF
_TOLERANCE = 1e-9
#: expression of SQLite that adds up what `_sum` does, by the kind of the column
_SQLITE_SUMS = {
    "integer": f"coalesce(sum({{0}} & {_BITS}), 0)",
    "number": "total({0})",
    "boolean": "coalesce(sum({0}), 0)",
    "date": "coalesce(sum(CAST(replace(substr({0}, 1, 10), '-', '') AS INTEGER)), 0)",
    "text": "coalesce(sum(length({0})), 0)",
}


def kind_of(kind: pa.DataType) -> str:
    """What of a column is added up."""
    tests = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "number"),
        (pa.types.is_temporal, "date"),
    )
    return next((name for test, name in tests if test(kind)), "text")


@dataclass(slots=True)
class Tally:
    """Counts and sums of rows that were added one batch after another."""

    kinds: dict[str, str]
    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    #: cells of each column that CSV files write with a mark, as a spreadsheet would run them
    marked: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, schema: pa.Schema) -> "Tally":
        """An empty tally of a table."""
        zero = dict.fromkeys(schema.names, 0)
        return cls(
            {each.name: kind_of(each.type) for each in schema}, 0, zero.copy(), dict(zero), zero.copy()
        )

    def add(self, batch: pa.RecordBatch) -> None:
        """Add rows, with instants and dates as such or as texts."""
        texts = as_texts(batch)
        self.rows += texts.num_rows
        for name, kind in self.kinds.items():
            column = texts.column(name)
            self.counts[name] += len(column) - column.null_count
            self.sums[name] += _sum(column, kind)
            if kind == "text":
                self.marked[name] += pc.sum(pc.match_substring_regex(column, FORMULA)).as_py() or 0

    def join(self, other: "Tally") -> None:
        """Add what another tally has."""
        self.rows += other.rows
        for name in self.kinds:
            self.counts[name] += other.counts[name]
            self.sums[name] += other.sums[name]
            self.marked[name] += other.marked[name]

    def as_csv(self) -> "Tally":
        """What the same rows come to in CSV, where marks lengthen texts."""
        sums = {name: total + self.marked[name] for name, total in self.sums.items()}
        return Tally(self.kinds, self.rows, self.counts, sums)

    def differences(self, other: "Tally") -> list[str]:
        """Where another tally is not the same."""
        found = [f"{self.rows} ≠ {other.rows} rows"] if self.rows != other.rows else []
        for name in self.kinds:
            if self.counts[name] != other.counts[name]:
                found.append(f"{name}: {self.counts[name]} ≠ {other.counts[name]} values")
            elif not math.isclose(self.sums[name], other.sums[name], rel_tol=_TOLERANCE, abs_tol=_TOLERANCE):
                found.append(f"{name}: {self.sums[name]} ≠ {other.sums[name]}")
        return found

    def sqlite_expressions(self) -> list[str]:
        """What SQLite is asked for, to fill a tally: the rows, then of each column its count and sum."""
        columns = [
            each
            for name, kind in self.kinds.items()
            for each in (f"count({name})", _SQLITE_SUMS[kind].format(name))
        ]
        return ["count(*)", *columns]


def _sum(column: pa.Array, kind: str) -> float:
    if kind == "integer":
        values = pc.bit_wise_and(column, pa.scalar(_BITS, column.type))
    elif kind == "text":
        values = pc.utf8_length(column).cast(pa.int64())
    elif kind == "date":
        days = pc.replace_substring(pc.utf8_slice_codeunits(column, 0, 10), "-", "")
        values = days.cast(pa.int64())
    elif kind == "boolean":
        values = column.cast(pa.int64())
    else:
        values = column
    total: float = pc.sum(values).as_py() or 0
    return total
