"""Completing orders and deliveries by the platform's own catalogue: what a quantity counts, and who may read a price.

Pure functions over tables; the hub fetches the catalogue. What neither row nor catalogue says stays unknown.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl

from connectors.columns import derive_together
from connectors.frame import Normalised, fault_rows, withhold
from connectors.procurement.prices import MONEY, PAIR, apart, hide_prices, pair_of, price_states
from connectors.procurement.purchases import PURCHASE_PRICES
from schema.declare import Entity
from schema.entities import DeliveryLine, PurchaseLine
from schema.packs import Basis, PackUnitError, basis_of, prices, quantities

#: what is known of a platform's products; `is_public`: the platform lists it, and no price of it is confidential
CATALOGUE: dict[str, Any] = {
    "platform_product_id": pl.Int64,
    "known_ratio": MONEY,
    "pack_name": pl.String,
    "unit_name": pl.String,
    "is_public": pl.Boolean,
}
_UNLISTED = (
    "平台挂网清单中没有此产品：照收，转换比不明，价格按保密处理"
    " not in the platform's list: taken in, without a ratio, its price kept as confidential"
)
_BASIS = {"basis": pl.String, "code": pl.String, "hint": pl.String}


@dataclass(frozen=True, slots=True)
class _Quantity:
    """One stated quantity and the columns it gives."""

    stated: str
    packs: str
    units: str


_ORDERED = _Quantity("quantity_stated", "quantity_packs", "quantity_units")
_DELIVERED = (
    _Quantity("shipped_stated", "shipped_packs", "shipped_units"),
    _Quantity("receipt_stated", "receipt_packs", "receipt_units"),
)


def complete_purchases(
    normalised: Normalised, catalogue: pl.DataFrame, headers: dict[str, str]
) -> Normalised:
    """PurchaseLines with basis, packs, units and prices; those of products not known to be public apart."""
    rows, faults = _placed(normalised, PurchaseLine, catalogue, headers)
    rows, found = _count(rows, _ORDERED, headers)
    faults += found
    given = rows.with_columns(
        pack=pl.coalesce("pack_price", pl.when(_counts(Basis.PACK)).then("price_stated")),
        unit=pl.coalesce("unit_price", pl.when(_counts(Basis.UNIT)).then("price_stated")),
    )
    pairs = derive_together(given, ["pack", "unit", "conversion_ratio"], partial(pair_of, prices), PAIR)
    faults.append(_faults(rows, pairs, _price_header(headers)))
    secret = ~rows.get_column("is_public") | rows.get_column("is_hidden")
    figures = pairs.with_columns(rows.get_column("price_stated"), rows.get_column("amount"))
    names = {
        "price_stated": "price_stated_yuan",
        "pack": "pack_price_yuan",
        "unit": "unit_price_yuan",
        "amount": "amount_yuan",
    }
    said = figures.with_columns(pack=pl.coalesce("pack", "price_stated"))
    finished = rows.drop(*PURCHASE_PRICES, "is_hidden", *_KNOWN).with_columns(
        price_states(said, secret), *apart(figures, secret, names)
    )
    done = withhold(_with(normalised, PurchaseLine, finished), pl.concat(faults))
    return hide_prices(done, _public_rows(normalised, catalogue), headers)


def complete_deliveries(
    normalised: Normalised, catalogue: pl.DataFrame, headers: dict[str, str]
) -> Normalised:
    """DeliveryLines with basis, packs and units of what was shipped and of what was taken in."""
    rows, faults = _placed(normalised, DeliveryLine, catalogue, headers)
    for quantity in _DELIVERED:
        if quantity.stated in rows.columns:
            rows, found = _count(rows, quantity, headers)
            faults += found
    finished = rows.drop(_KNOWN)
    return withhold(_with(normalised, DeliveryLine, finished), pl.concat(faults))


_KNOWN = ("known_ratio", "pack_name", "unit_name", "is_public")


def _placed(
    normalised: Normalised, entity: type[Entity], catalogue: pl.DataFrame, headers: dict[str, str]
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The rows with what the catalogue knows of their product, and what their quantities count."""
    rows = normalised.records[entity].join(
        catalogue, on="platform_product_id", how="left", maintain_order="left"
    )
    for column, dtype in (("quantity_unit", pl.String), ("conversion_ratio", MONEY)):
        if column not in rows.columns:
            rows = rows.with_columns(pl.lit(None, dtype).alias(column))
    unlisted = rows.filter(pl.col("is_public").is_null())
    notices = fault_rows(
        unlisted,
        "row.unlisted_product",
        _UNLISTED,
        headers.get("product_code"),
        pl.col("product_code"),
        is_notice=True,
    )
    rows = rows.with_columns(
        pl.col("is_public").fill_null(value=False),
        conversion_ratio=pl.coalesce("conversion_ratio", "known_ratio"),
    )
    inputs = ["quantity_unit", "pack_name", "unit_name", "conversion_ratio"]
    bases = derive_together(rows, inputs, _basis, _BASIS)
    faults = [notices, _faults(rows, bases, headers.get("quantity_unit"), pl.col("quantity_unit"))]
    return rows.with_columns(bases.get_column("basis").alias("quantity_basis_code")), faults


def _count(
    rows: pl.DataFrame, quantity: _Quantity, headers: dict[str, str]
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The rows with one quantity in packs and in units."""
    own = {
        side: pl.col(column) if column in rows.columns else pl.lit(None, MONEY)
        for side, column in (("pack", quantity.packs), ("unit", quantity.units))
    }
    given = rows.with_columns(
        pack=pl.coalesce(own["pack"], pl.when(_counts(Basis.PACK)).then(quantity.stated)),
        unit=pl.coalesce(own["unit"], pl.when(_counts(Basis.UNIT)).then(quantity.stated)),
    )
    pairs = derive_together(given, ["pack", "unit", "conversion_ratio"], partial(pair_of, quantities), PAIR)
    counted = rows.with_columns(
        pairs.get_column("pack").alias(quantity.packs), pairs.get_column("unit").alias(quantity.units)
    )
    header = headers.get(quantity.stated)
    return counted, [_faults(rows, pairs, header, pl.col(quantity.stated).cast(pl.String))]


def _price_header(headers: dict[str, str]) -> str | None:
    return next((headers[field] for field in PURCHASE_PRICES if field in headers), None)


def _counts(basis: Basis) -> pl.Expr:
    return pl.col("quantity_basis_code") == basis.value


def _faults(
    rows: pl.DataFrame, problems: pl.DataFrame, header: str | None, found: pl.Expr | None = None
) -> pl.DataFrame:
    """Faults of the rows that `problems` has a code for."""
    beside = pl.concat([rows, problems.select("code", "hint")], how="horizontal")
    wrong = beside.filter(pl.col("code").is_not_null())
    return fault_rows(wrong, pl.col("code"), pl.col("hint"), header, found)


def _with(normalised: Normalised, entity: type[Entity], rows: pl.DataFrame) -> Normalised:
    return Normalised(normalised.records | {entity: rows}, normalised.withheld, normalised.faults)


def _public_rows(normalised: Normalised, catalogue: pl.DataFrame) -> pl.Series:
    """Numbers of the rows whose price may be read by whoever reads faults."""
    public = catalogue.filter("is_public").get_column("platform_product_id")
    tables = (normalised.records[PurchaseLine], normalised.withheld[PurchaseLine])
    rows = pl.concat([table.select("row_number", "platform_product_id", "is_hidden") for table in tables])
    is_public = pl.col("platform_product_id").is_in(public.implode()).fill_null(value=False)
    return rows.filter(is_public & ~pl.col("is_hidden")).get_column("row_number")


def _basis(
    word: str | None, pack: str | None, unit: str | None, ratio: Decimal | None
) -> tuple[str, str | None, str | None]:
    try:
        return basis_of(word, pack, unit, ratio).value, None, None
    except PackUnitError as error:
        return Basis.UNKNOWN.value, error.code, f"{error.hint_zh} {error.hint_en}"
