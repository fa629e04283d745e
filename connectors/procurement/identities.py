"""Stable identifiers of what a platform names by its own codes, and tables that begin with them."""

import polars as pl

from connectors.columns import derive
from connectors.reading import Reading
from schema.ids import stable_id

#: between the parts of a natural key
SEPARATOR = "\x1f"


def platform_product_id(sender_code: str, product_code: str) -> int:
    """The stable identifier of a platform's product."""
    return stable_id("platform_product", sender_code, product_code)


def product_ids(sender_code: str, codes: pl.Series) -> pl.Series:
    """The identifier of each row's product."""
    return derive("platform_product_id", codes, lambda code: platform_product_id(sender_code, code), pl.Int64)


def ids(kind: str, sender_code: str, keys: list[pl.Series]) -> pl.Series:
    """Identifiers by natural key; null where a part of it is missing, which is a fault anyway."""
    named = [key.alias(str(place)) for place, key in enumerate(keys)]
    natural = pl.select(pl.concat_str(named, separator=SEPARATOR)).to_series()
    return derive("id", natural, lambda key: stable_id(kind, sender_code, *key.split(SEPARATOR)), pl.Int64)


def table(reading: Reading, sender_code: str, row_ids: pl.Series, columns: list[pl.Series]) -> pl.DataFrame:
    """Row number, identifier, sender and columns."""
    return pl.DataFrame([reading.frame.get_column("row_number"), row_ids.alias("id"), *columns]).with_columns(
        sender_code=pl.lit(sender_code)
    )
