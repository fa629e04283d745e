"""Columns that follow from others, worked out once for each distinct value."""

from collections.abc import Callable
from typing import Any

import polars as pl


def derive(name: str, values: pl.Series, function: Callable[[Any], Any], dtype: Any) -> pl.Series:
    """`function` of each value under a new name; null stays null."""
    distinct = values.drop_nulls().unique(maintain_order=True)
    results = pl.Series([function(value) for value in distinct], dtype=dtype)
    return values.replace_strict(distinct, results, default=None, return_dtype=dtype).alias(name)
