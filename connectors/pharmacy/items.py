"""The identifiers of stores, and a chain's own items as its files describe them."""

import polars as pl

from connectors import items
from connectors.reading import Reading
from schema.entities import LocalItem
from schema.ids import stable_id


def pharmacy_id(sender_code: str, store_code: str) -> int:
    """The stable identifier of a sender's store."""
    return stable_id("pharmacy", sender_code, store_code)


def item_records(reading: Reading, sender: str, *, must_be_named: bool = True) -> pl.DataFrame:
    """The chain's items of the rows, as `connectors.items.item_records` gives them."""
    return items.item_records(reading, LocalItem, sender, must_be_named=must_be_named)
