"""Stores to pharmacies; stock-take rows to a chain's items and what each pharmacy has on sale."""

from decimal import Decimal

import polars as pl

from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.declare import Filled, fields_of
from schema.entities import LocalItem, OnSale, Pharmacy
from schema.identifiers import (
    approval_number_readings,
    check_ean13,
    check_standard_code,
    parse_approval_number,
)
from schema.ids import stable_id
from schema.names import fold_text

_PREFIX = "item_"


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """Pharmacies from a file of stores; LocalItems and OnSale from a stock-take."""
    reading = Reading(chunk, context.headers)
    if context.layout == "stores":
        return reading.finish({Pharmacy: _pharmacies(reading, context.sender_code)})
    items = _items(reading, context.sender_code)
    reading.notice("item_barcode", check_ean13)
    reading.notice("item_approval_number", _tell_lookalike)
    return reading.finish({OnSale: _on_sale(reading, context.sender_code, items), LocalItem: items})


def pharmacy_id(sender_code: str, store_code: str) -> int:
    """The stable identifier of a sender's store."""
    return stable_id("pharmacy", sender_code, store_code)


def item_id(sender_code: str, item_code: str) -> int:
    """The stable identifier of a sender's own item."""
    return stable_id("local_item", sender_code, item_code)


def _pharmacies(reading: Reading, sender: str) -> pl.DataFrame:
    stores = reading.field(Pharmacy, "store_code")
    stated = [
        reading.field(Pharmacy, field.name)
        for field in fields_of(Pharmacy)
        if field.declaration.filled is Filled.CONNECTOR
        and reading.states(field.name)
        and field.name != "store_code"
    ]
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            derive("id", stores, lambda store: pharmacy_id(sender, store), pl.Int64),
            stores,
            *stated,
        ]
    ).with_columns(sender_code=pl.lit(sender))


def _items(reading: Reading, sender: str) -> pl.DataFrame:
    """The items of the rows, one for each row; the hub keeps one for each item."""
    parse = {
        "approval_number": _approval_number,
        "standard_code": check_standard_code,
    }
    codes = reading.field(LocalItem, "item_code")
    stated = [
        reading.field(LocalItem, field.name, raw=_PREFIX + field.name, parse=parse.get(field.name))
        for field in fields_of(LocalItem)
        if reading.states(_PREFIX + field.name)
    ]
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            derive("id", codes, lambda code: item_id(sender, code), pl.Int64),
            codes,
            *stated,
        ]
    ).with_columns(sender_code=pl.lit(sender))


def _approval_number(raw: str) -> str:
    """The number; with letters among its digits as received, for the ladder to hold against the item's other words."""
    if approval_number_readings(raw):
        return "".join(fold_text(raw).split())
    return parse_approval_number(raw).text


def _tell_lookalike(raw: str) -> None:
    if approval_number_readings(raw):
        parse_approval_number(raw)


def _on_sale(reading: Reading, sender: str, items: pl.DataFrame) -> pl.DataFrame:
    """What is on sale, with the store's own code beside it: the hub knows whether there is such a store."""
    stores = reading.field(Pharmacy, "store_code")
    stock = reading.field(OnSale, "stock_packs")
    columns = [
        reading.frame.get_column("row_number"),
        derive("pharmacy_id", stores, lambda store: pharmacy_id(sender, store), pl.Int64),
        items.get_column("id").alias("item_id"),
        _availability(stock),
        stock,
        stores,
    ]
    if reading.states("retail_price_yuan"):
        columns.append(reading.field(OnSale, "retail_price_yuan"))
    return pl.DataFrame(columns)


def _availability(stock: pl.Series) -> pl.Series:
    """Whether there is any: what the public may know of a stock count. Not stated is not the same as none."""
    known = derive(
        "availability_code",
        stock,
        lambda packs: "in_stock" if packs > Decimal(0) else "out_of_stock",
        pl.String,
    )
    return known.fill_null("unknown")


CONNECTOR = Connector(
    manifest=load_manifest("connectors.pharmacy"),
    normalise=normalise,
    row_entity={"stores": Pharmacy, "on_sale": OnSale},
)
