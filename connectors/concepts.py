"""Concepts of medicines beside the rows that they are derived from."""

from collections.abc import Iterable

import polars as pl

from schema.concepts import concept_of

_SCHEMA = {
    "concept_id": pl.Int64,
    "generic_name": pl.String,
    "form_group": pl.String,
    "strength": pl.String,
}


def concept_columns(
    names: pl.Series, forms: pl.Series | None, specifications: Iterable[str | None]
) -> pl.DataFrame:
    """`concept_id`, `generic_name`, `form_group`, `strength` of each row; nulls where a row has no concept."""
    stated = [None] * len(names) if forms is None else forms
    found = [
        concept_of(name, form, specification) if name else None
        for name, form, specification in zip(names, stated, specifications, strict=True)
    ]
    rows = [(each.id, each.generic_name, each.form_group, each.strength) if each else _NONE for each in found]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


_NONE = (None, None, None, None)


def concept_records(row_numbers: pl.Series, concepts: pl.DataFrame) -> pl.DataFrame:
    """The DrugConcepts that a chunk's rows name, each as often as it is named."""
    return concepts.with_columns(row_numbers).drop_nulls("concept_id").rename({"concept_id": "id"})
