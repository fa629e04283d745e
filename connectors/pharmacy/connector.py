"""Stores to pharmacies; rows of stock-takes and of their increments to items, what is on sale, and changes of stock."""

from decimal import Decimal

import polars as pl

from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.items import described
from connectors.manifest import load_manifest
from connectors.pharmacy.changes import changes, counts
from connectors.pharmacy.items import item_records, pharmacy_id
from connectors.pharmacy.lines import operations
from connectors.pharmacy.lots import lots
from connectors.reading import Reading
from schema.declare import Filled, fields_of
from schema.entities import InventoryChange, LocalItem, OnSale, Pharmacy, StockLot
from schema.identifiers import check_ean13

__all__ = ["CONNECTOR", "normalise", "pharmacy_id"]


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """Pharmacies from a file of stores; LocalItems with OnSale, StockLots or InventoryChanges from the others."""
    reading = Reading(chunk, context.headers)
    sender = context.sender_code
    match context.layout:
        case "stores":
            return reading.finish({Pharmacy: _pharmacies(reading, sender)})
        case "changes" | "sales":
            items = item_records(reading, sender, must_be_named=False)
            found = changes(reading, context, _stores(reading), items)
            return reading.finish({InventoryChange: found, LocalItem: described(items)})
        case "on_sale_lines":
            return _lines(reading, context)
        case _:
            items = item_records(reading, sender)
            reading.notice("item_barcode", check_ean13)
            on_sale = _on_sale(reading, sender, items)
            if context.layout == "on_sale":
                return reading.finish({OnSale: on_sale, LocalItem: items})
            lot_rows = lots(reading, context, on_sale)
            return reading.finish({StockLot: lot_rows, OnSale: on_sale, LocalItem: items})


def _lines(reading: Reading, context: FileContext) -> Normalised:
    """Lines on sale with what is done to them; a line that is put states its stock, which is a count."""
    items = item_records(reading, context.sender_code, must_be_named=False)
    on_sale = _on_sale(reading, context.sender_code, items).with_columns(operations(reading))
    return reading.finish(
        {OnSale: on_sale, InventoryChange: counts(context, on_sale), LocalItem: described(items)}
    )


def _stores(reading: Reading) -> pl.Series:
    return reading.field(Pharmacy, "store_code")


def _pharmacies(reading: Reading, sender: str) -> pl.DataFrame:
    stores = _stores(reading)
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


def _on_sale(reading: Reading, sender: str, items: pl.DataFrame) -> pl.DataFrame:
    """What is on sale, with the store's own code beside it: the hub knows whether there is such a store."""
    stores = _stores(reading)
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
    row_entity={
        "stores": Pharmacy,
        "on_sale": OnSale,
        "on_sale_lines": OnSale,
        "changes": InventoryChange,
        "sales": InventoryChange,
        "stock_take_lots": StockLot,
    },
)
