"""Rows of a platform's list to its products and their listings; filings to filed purchases."""

from collections.abc import Callable
from typing import Any

import polars as pl

from connectors.cells import CellError, china_day, text
from connectors.columns import derive
from connectors.connector import FileContext
from connectors.frame import Normalised
from connectors.procurement.identities import ids, product_ids, table
from connectors.procurement.prices import MONEY, conversion_ratio, hide_prices, is_yes, price_columns
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import FiledPurchase, Listing, PlatformProduct
from schema.identifiers import check_nhsa_code, parse_approval_number
from schema.procurement import PurchaseMode, purchase_mode_of

_PRODUCT_WORDS = (
    "name_zh",
    "trade_name_zh",
    "dosage_form",
    "specification",
    "packaging",
    "nhsa_code",
    "holder_name",
    "manufacturer_name",
    "approval_number",
    "conversion_ratio",
    "pack_name",
    "unit_name",
)
_FILING_WORDS = (
    "filing_number",
    "institution_code",
    "institution_name",
    "name_zh",
    "dosage_form",
    "specification",
    "packaging",
    "approval_number",
    "holder_name",
    "manufacturer_name",
    "supplier_name",
    "reason_text",
    "conversion_ratio",
    "filed_on",
)
_PARSE: dict[str, Callable[[str], Any]] = {
    "approval_number": lambda raw: parse_approval_number(raw).text,
    "conversion_ratio": conversion_ratio,
    "listed_on": china_day,
    "ends_on": china_day,
    "filed_on": china_day,
    "is_stopped": is_yes,
    "is_shortage": is_yes,
    "is_out_of_stock": is_yes,
}
#: yes in a column of the public table → the way of purchase that it means
_MODE_MARKS = {
    "is_volume_based": PurchaseMode.VOLUME_BASED.value,
    "is_negotiated": PurchaseMode.NEGOTIATED.value,
}


def listings(reading: Reading, context: FileContext) -> Normalised:
    """One PlatformProduct and one Listing for each row, identified by platform, product code and catalogue."""
    codes = reading.field(PlatformProduct, "product_code")
    owner = product_ids(context.sender_code, codes)
    words = _stated(reading, PlatformProduct, _PRODUCT_WORDS)
    reading.notice("nhsa_code", check_nhsa_code)
    prices, secret = price_columns(reading, _ratios(reading, words))
    catalogues = _stated(reading, Listing, ("catalogue_code",))
    parts = [codes, *(each.fill_null("") for each in catalogues)]
    listed = [
        owner,
        *catalogues,
        *modes(reading),
        *prices,
        *_stated(reading, Listing, ("listed_on", "ends_on", "is_stopped", "is_shortage", "is_out_of_stock")),
    ]
    found = reading.finish(
        {
            Listing: table(reading, context.sender_code, ids("listing", context.sender_code, parts), listed),
            PlatformProduct: table(reading, context.sender_code, owner, [codes, *words]),
        }
    )
    return hide_prices(found, _rows(reading, ~secret), context.headers)


def filed_purchases(reading: Reading, context: FileContext) -> Normalised:
    """One FiledPurchase for each row, identified by platform and filing number."""
    words = _stated(reading, FiledPurchase, _FILING_WORDS)
    numbers = next(each for each in words if each.name == "filing_number")
    prices, secret = price_columns(reading, _ratios(reading, words))
    row_ids = ids("filed_purchase", context.sender_code, [numbers])
    found = reading.finish({FiledPurchase: table(reading, context.sender_code, row_ids, [*words, *prices])})
    return hide_prices(found, _rows(reading, ~secret), context.headers)


def modes(reading: Reading) -> list[pl.Series]:
    """Way of purchase, as received and in the vocabulary; a word that is not known is told of and stays."""
    if reading.states("mode_text"):
        texts = reading.field(Listing, "mode_text")
        reading.notice("mode_text", _known_mode)
        return [texts, derive("mode_code", texts, _mode_or_none, pl.String)]
    found = pl.Series("mode_code", [None] * reading.frame.height, dtype=pl.String)
    for field, mode in _MODE_MARKS.items():
        marks = reading.column(field, is_yes, pl.Boolean).fill_null(value=False)
        mode_column = pl.Series([mode] * len(found), dtype=pl.String)
        found = mode_column.zip_with(marks & found.is_null(), found)
    return [found.alias("mode_code")] if any(map(reading.states, _MODE_MARKS)) else []


def _stated(reading: Reading, entity: type[Entity], names: tuple[str, ...]) -> list[pl.Series]:
    """The columns of these fields that the file has."""
    return [reading.field(entity, name, parse=_PARSE.get(name)) for name in names if reading.states(name)]


def _ratios(reading: Reading, words: list[pl.Series]) -> pl.Series:
    nothing = pl.Series([None] * reading.frame.height, dtype=MONEY)
    return next((each for each in words if each.name == "conversion_ratio"), nothing)


def _rows(reading: Reading, where: pl.Series) -> pl.Series:
    return reading.frame.get_column("row_number").filter(where)


def _mode_or_none(word: str) -> str | None:
    mode = purchase_mode_of(word)
    return None if mode is None else mode.value


def _known_mode(raw: str) -> None:
    if purchase_mode_of(text(raw)) is None:
        raise CellError(
            "cell.purchase_mode",
            "不认识的采购方式，原文照收；已知如 集采、谈判、挂网、备案、议价",
            "an unknown way of purchase, kept as it is; known are such as 集采, 谈判, 挂网, 备案, 议价",
        )
