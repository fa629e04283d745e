"""Rows of orders, deliveries and settlements as they stand; packs and units are completed by the catalogue."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from connectors.cells import CellError, china_day, decimal
from connectors.connector import FileContext
from connectors.frame import Normalised
from connectors.procurement.identities import ids, product_ids, table
from connectors.procurement.listings import modes
from connectors.procurement.prices import MONEY, apart, conversion_ratio, hide_prices, money, starred
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import DeliveryLine, PurchaseLine, Settlement

#: field → how its cells are read, where not by type
_Parse = dict[str, Callable[[str], Any]]
_LINE = ("order_number", "line_number")
_PURCHASE_WORDS = (
    *_LINE,
    "institution_code",
    "institution_name",
    "distributor_code",
    "distributor_name",
    "product_code",
    "ordered_at",
    "answered_at",
    "quantity_stated",
    "quantity_unit",
    "quantity_packs",
    "quantity_units",
    "conversion_ratio",
)
_DELIVERY_WORDS = (
    "delivery_number",
    *_LINE,
    "product_code",
    "distributor_code",
    "lot_number",
    "expires_on",
    "invoice_number",
    "quantity_unit",
    "conversion_ratio",
    "shipped_at",
    "shipped_stated",
    "receipt_at",
    "receipt_stated",
)
_SETTLEMENT_WORDS = (
    "settlement_number",
    *_LINE,
    "invoice_number",
    "institution_code",
    "distributor_code",
    "due_on",
    "paid_at",
)
#: raw fields of prices in an order
PURCHASE_PRICES = ("price_stated", "pack_price", "unit_price", "amount")
#: clocks of two systems may differ by this
_LEEWAY = timedelta(days=1)
_FUTURE = CellError(
    "cell.future_instant",
    "晚于数据时点一天以上：还没有发生的事不能有记录",
    "more than a day after the instant that the file is about: it cannot have happened yet",
)


def purchase_lines(reading: Reading, context: FileContext) -> Normalised:
    """PurchaseLines with their stated figures, `is_hidden` beside them where a price is written as hidden."""
    counted = ("quantity_stated", "quantity_packs", "quantity_units")
    parse: _Parse = dict.fromkeys(counted, _not_negative)
    words = _stated(reading, PurchaseLine, _PURCHASE_WORDS, parse)
    _fault_future(reading, context, words, ("ordered_at", "answered_at"))
    prices = [reading.column(raw, money, MONEY).alias(raw) for raw in PURCHASE_PRICES]
    hidden = pl.repeat(False, reading.frame.height, eager=True)
    for raw in PURCHASE_PRICES:
        hidden |= starred(reading, raw)
    by_name = {each.name: each for each in words}
    columns = [
        *words,
        product_ids(context.sender_code, by_name["product_code"]),
        *modes(reading),
        *prices,
        hidden.alias("is_hidden"),
    ]
    row_ids = _line_ids(context.sender_code, by_name)
    return reading.finish({PurchaseLine: table(reading, context.sender_code, row_ids, columns)})


def delivery_lines(reading: Reading, context: FileContext) -> Normalised:
    """DeliveryLines with their stated quantities; goods that go back count below zero."""
    words = _stated(reading, DeliveryLine, _DELIVERY_WORDS, {"expires_on": china_day})
    _fault_future(reading, context, words, ("shipped_at", "receipt_at"))
    by_name = {each.name: each for each in words}
    sender = context.sender_code
    keys = [by_name[name] for name in ("delivery_number", *_LINE)]
    columns = [
        *words,
        product_ids(sender, by_name["product_code"]),
        _line_ids(sender, by_name).alias("purchase_line_id"),
    ]
    row_ids = ids("delivery_line", sender, keys)
    return reading.finish({DeliveryLine: table(reading, sender, row_ids, columns)})


def settlements(reading: Reading, context: FileContext) -> Normalised:
    """Settlements. The amounts of one order line stand as confidential until the hub knows that they are not."""
    words = _stated(reading, Settlement, _SETTLEMENT_WORDS, {"due_on": china_day})
    _fault_future(reading, context, words, ("paid_at",))
    by_name = {each.name: each for each in words}
    sender = context.sender_code
    nothing = pl.Series([None] * reading.frame.height, dtype=pl.String)
    lines = _line_ids(sender, {name: by_name.get(name, nothing) for name in _LINE})
    amounts = pl.DataFrame([reading.column(raw, _amount, MONEY).alias(raw) for raw in ("due", "paid")])
    columns = [
        *words,
        lines.alias("purchase_line_id"),
        *apart(amounts, lines.is_not_null(), {"due": "due_yuan", "paid": "paid_yuan"}),
    ]
    row_ids = ids("settlement", sender, [by_name["settlement_number"]])
    found = reading.finish({Settlement: table(reading, sender, row_ids, columns)})
    return hide_prices(found, reading.frame.get_column("row_number").filter(lines.is_null()), context.headers)


def _line_ids(sender: str, by_name: dict[str, pl.Series]) -> pl.Series:
    return ids("purchase_line", sender, [by_name[name] for name in _LINE])


def _stated(reading: Reading, entity: type[Entity], names: tuple[str, ...], parse: _Parse) -> list[pl.Series]:
    understand: _Parse = parse | {"conversion_ratio": conversion_ratio}
    return [reading.field(entity, name, parse=understand.get(name)) for name in names if reading.states(name)]


def _fault_future(
    reading: Reading, context: FileContext, words: list[pl.Series], names: tuple[str, ...]
) -> None:
    for series in words:
        if series.name in names:
            reading.fault(series.name, series > context.as_of + _LEEWAY, _FUTURE)


def _not_negative(raw: str) -> Decimal:
    number = decimal(raw)
    if number < 0:
        raise CellError(
            "cell.negative",
            "采购数量不能为负；退货请记在配送或入库",
            "an ordered quantity cannot be negative; goods that go back belong to deliveries",
        )
    return number


def _amount(raw: str) -> Decimal | None:
    """An amount due or paid; below zero where goods went back."""
    return decimal(raw) if "*" not in raw and "＊" not in raw else None
