"""Changes of stock: lists of what went in or out, lists of sales, and the counts that increments state."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from decimal import Decimal

import polars as pl

from connectors.cells import CHINA, CellError, instant, says_day_only
from connectors.columns import derive
from connectors.connector import FileContext
from connectors.pharmacy.items import pharmacy_id
from connectors.reading import Reading
from schema.entities import InventoryChange
from schema.ids import stable_id
from schema.inventory import ChangeKind, LineOperation, change_kind_of, sign_of

_INSTANT = pl.Datetime("us", "UTC")
_PACKS = pl.Decimal(20, 6)
_MISSING = CellError("cell.missing", "此列必填", "this column must be filled")
_KIND = CellError(
    "cell.change_kind",
    "不认识的变动类型：照收，但不据此推算库存",
    "no such kind of change: taken in, but no level is worked out with it",
)
_SIGN = CellError(
    "cell.change_sign",
    "数量为负而变动类型已定方向，可能是冲红：照收，但不据此推算库存",
    "a negative quantity of a kind that has a direction of its own, perhaps a reversal:"
    " taken in, but no level is worked out with it",
)
_FUTURE = CellError(
    "cell.future_instant",
    "时间晚于数据时点一天以上",
    "more than a day after the instant that the file is about",
)
#: clocks of tills are not exact, and a day's list may be about the day itself
_TOLERATED = timedelta(days=1)
#: what tells one change from another
_KEY = (
    "pharmacy_id",
    "item_id",
    "source_code",
    "kind_code",
    "kind_received",
    "document_number",
    "lot_number",
    "changed_at",
    "quantity_received",
    "price_yuan",
    "amount_yuan",
)


def changes(reading: Reading, context: FileContext, stores: pl.Series, items: pl.DataFrame) -> pl.DataFrame:
    """One InventoryChange for each row of a list of changes or of sales.

    The same words again are the same change, wherever they stand; two alike need document numbers to differ.
    """
    is_sales = context.layout == "sales"
    quantity = reading.field(InventoryChange, "quantity_received")
    reading.fault("quantity_received", quantity.is_null() & ~_stands(reading, "quantity_received"), _MISSING)
    kinds = _sales(reading) if is_sales else _kinds(reading)
    stated = [
        reading.field(InventoryChange, name)
        for name in ("price_yuan", "amount_yuan", "document_number", "lot_number")
        if reading.states(name)
    ]
    table = pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            stores,
            derive("pharmacy_id", stores, lambda store: pharmacy_id(context.sender_code, store), pl.Int64),
            items.get_column("id").alias("item_id"),
            *kinds,
            quantity,
            _effect(reading, kinds[0], quantity, is_sales=is_sales),
            *_instants(reading, context),
            *stated,
        ]
    ).with_columns(sender_code=pl.lit(context.sender_code), source_code=pl.lit(context.layout))
    return table.with_columns(pl.Series("id", _ids(table, _told_instants(reading, table)), dtype=pl.Int64))


def counts(context: FileContext, on_sale: pl.DataFrame) -> pl.DataFrame:
    """The InventoryChange that each line put on sale amounts to: its stock was counted."""
    put = on_sale.filter(
        pl.col("operation").eq(LineOperation.PUT.value) & pl.col("stock_packs").is_not_null()
    )
    table = put.select(
        "row_number",
        "store_code",
        "pharmacy_id",
        "item_id",
        pl.col("stock_packs").alias("quantity_received"),
        pl.col("stock_packs").alias("quantity_packs"),
        pl.lit(ChangeKind.COUNT.value).alias("kind_code"),
        pl.lit("lines").alias("source_code"),
        pl.lit(context.sender_code).alias("sender_code"),
        pl.lit(context.as_of.astimezone(UTC)).cast(_INSTANT).alias("changed_at"),
        pl.lit(value=False).alias("is_whole_day"),
    )
    return table.with_columns(pl.Series("id", _ids(table), dtype=pl.Int64))


def _kinds(reading: Reading) -> list[pl.Series]:
    """`kind_code` and `kind_received`; a word that is not known is kept and told of."""
    received = reading.field(InventoryChange, "kind_received", raw="kind_code")
    reading.fault("kind_code", received.is_null(), _MISSING)
    kinds = derive(
        "kind_code", received, lambda word: (change_kind_of(word) or ChangeKind.UNKNOWN).value, pl.String
    )
    reading.fault("kind_code", kinds == ChangeKind.UNKNOWN.value, _KIND, is_notice=True)
    return [kinds, received.alias("kind_received")]


def _sales(reading: Reading) -> list[pl.Series]:
    return [pl.repeat(ChangeKind.SALE.value, reading.frame.height, eager=True).alias("kind_code")]


def _effect(reading: Reading, kinds: pl.Series, quantity: pl.Series, *, is_sales: bool) -> pl.Series:
    """What a change does to stock. In a list of sales less than nothing is a return; elsewhere it is in doubt."""
    signs = derive("sign", kinds, lambda kind: sign_of(ChangeKind(kind)), pl.Int64)
    if not is_sales:
        doubtful = (quantity < 0) & signs.is_not_null()
        reading.fault("quantity_received", doubtful, _SIGN, is_notice=True)
        signs = signs.zip_with(~doubtful.fill_null(value=False), pl.Series([None], dtype=pl.Int64))
    return (quantity * signs).cast(_PACKS).alias("quantity_packs")


def _instants(reading: Reading, context: FileContext) -> list[pl.Series]:
    """`changed_at` and `is_whole_day`; a list of sales without times is about the day of the file."""
    if not reading.states("changed_at"):
        today = context.as_of.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        return [
            pl.repeat(today.astimezone(UTC), reading.frame.height, dtype=_INSTANT, eager=True).alias(
                "changed_at"
            ),
            pl.repeat(True, reading.frame.height, eager=True).alias("is_whole_day"),
        ]
    at = reading.column("changed_at", instant, _INSTANT, _MISSING)
    reading.fault("changed_at", at > context.as_of + _TOLERATED, _FUTURE)
    texts = reading.frame.get_column("changed_at")
    return [at, derive("is_whole_day", texts, says_day_only, pl.Boolean).fill_null(value=False)]


def _told_instants(reading: Reading, table: pl.DataFrame) -> pl.Series:
    """The instants that tell changes apart: not that of the file where a document number does."""
    at = table.get_column("changed_at")
    if reading.states("changed_at") or "document_number" not in table.columns:
        return at
    return at.zip_with(table.get_column("document_number").is_null(), pl.Series([None], dtype=_INSTANT))


def _stands(reading: Reading, raw: str) -> pl.Series:
    return reading.frame.get_column(raw).is_not_null()


def _ids(table: pl.DataFrame, instants: pl.Series | None = None) -> Iterator[int | None]:
    """Null where store, item or instant is missing: such a row is a fault.

    `instants` replaces the instant where it says nothing of the change.
    """
    nothing = [pl.lit(None, pl.String).alias(name) for name in _KEY if name not in table.columns]
    keys = table.with_columns(*nothing).select(_KEY)
    if instants is not None:
        keys = keys.with_columns(instants.alias("changed_at"))
    needed = table.select(pl.all_horizontal(pl.col("pharmacy_id", "item_id", "changed_at").is_not_null()))
    for is_whole, parts in zip(needed.to_series(), keys.iter_rows(), strict=True):
        yield stable_id("inventory_change", *map(_part, parts)) if is_whole else None


def _part(value: object) -> str:
    """A part of the key: 2 and 2.000000 are one quantity."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
