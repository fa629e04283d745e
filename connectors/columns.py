"""Columns that follow from others, worked out once for each distinct value."""

from collections.abc import Callable
from typing import Any

import polars as pl


def derive(name: str, values: pl.Series, function: Callable[[Any], Any], dtype: Any) -> pl.Series:
    """`function` of each value under a new name; null stays null."""
    distinct = values.drop_nulls().unique(maintain_order=True)
    results = pl.Series([function(value) for value in distinct], dtype=dtype)
    return values.replace_strict(distinct, results, default=None, return_dtype=dtype).alias(name)


def derive_together(
    frame: pl.DataFrame, inputs: list[str], function: Callable[..., tuple[Any, ...]], schema: dict[str, Any]
) -> pl.DataFrame:
    """The columns of `schema`, a row for each of the frame's.

    They are what `function` makes of the columns `inputs`, once for each combination of values, null included.
    """
    given = frame.select(pl.col(name).alias(f"input {name}") for name in inputs)
    distinct = given.unique(maintain_order=True)
    rows = [function(*values) for values in distinct.iter_rows()]
    known = pl.concat([distinct, pl.DataFrame(rows, schema=schema, orient="row")], how="horizontal")
    joined = given.join(known, on=given.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined.select(list(schema))
