"""Records with the stable identifier that follows from their natural key."""

from collections.abc import Sequence

import polars as pl

from connectors.columns import derive
from connectors.reading import Reading
from schema.ids import stable_id

_SEPARATOR = "\x1f"


def ids_of(kind: str, sender: str, keys: Sequence[pl.Series]) -> pl.Series:
    """The identifier of each row's thing; nothing where its key is not whole, for such a row has a fault anyway."""
    named = [key.alias(str(place)) for place, key in enumerate(keys)]
    natural = pl.select(pl.concat_str(named, separator=_SEPARATOR)).to_series()
    return derive("id", natural, lambda key: stable_id(kind, sender, *key.split(_SEPARATOR)), pl.Int64)


def keyed(
    kind: str, reading: Reading, sender: str, keys: Sequence[pl.Series], stated: Sequence[pl.Series]
) -> pl.DataFrame:
    """The stated columns of all rows, with row number, identifier and sender."""
    columns = [reading.frame.get_column("row_number"), ids_of(kind, sender, keys), *stated]
    return pl.DataFrame(columns).with_columns(sender_code=pl.lit(sender))
