"""Listed and filed prices: by the pack and by the unit, and the confidential ones apart from the others."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl

from connectors.cells import CellError, decimal, text
from connectors.columns import derive_together
from connectors.frame import Normalised
from connectors.reading import Reading
from schema.packs import PackUnitError, Pair, check_ratio, prices
from schema.procurement import PriceState, hides_price, yes_or_no

MONEY = pl.Decimal(20, 6)
#: raw fields in whose cells a price may stand
PRICE_FIELDS = ("pack_price", "unit_price", "price_stated", "amount", "due", "paid")
#: figures by the pack and by the unit, and what is wrong with them
PAIR = {"pack": MONEY, "unit": MONEY, "code": pl.String, "hint": pl.String}
_HIDDEN = (
    "保密价格，数字不予显示，请在来源系统核对 a confidential price: no figures are shown, check at the source"
)
_MASK = "＊"
_ZERO = CellError(
    "cell.zero_price",
    "标价为 0 且未注明保密，照零收下；若为保密，请在保密列写“是”或以 * 代替价格",
    "a price of 0 that nothing calls confidential is taken as zero; if it is confidential, mark it or write *",
)


def price_columns(reading: Reading, ratios: pl.Series) -> tuple[list[pl.Series], pl.Series]:
    """State of the price, pack and unit price, the confidential ones; and which rows are confidential.

    Confidential is what is marked so, written as *, or marked by a word that nobody understands.
    """
    secret = _marked(reading) | starred(reading, "pack_price") | starred(reading, "unit_price")
    given = pl.DataFrame(
        [
            _price(reading, "pack_price", secret).alias("pack"),
            _price(reading, "unit_price", secret).alias("unit"),
            ratios.alias("ratio"),
        ]
    )
    pairs = derive_together(given, ["pack", "unit", "ratio"], partial(pair_of, prices), PAIR)
    reading.fault_each("pack_price", pairs)
    states = price_states(pairs, secret)
    reading.fault("pack_price", states == PriceState.ZERO.value, _ZERO, is_notice=True)
    return [states, *apart(pairs, secret, {"pack": "pack_price_yuan", "unit": "unit_price_yuan"})], secret


def price_states(pairs: pl.DataFrame, secret: pl.Series) -> pl.Series:
    """What is said of each price of `pack`, else `unit`."""
    figure = pl.coalesce("pack", "unit")
    state = (
        pl.when(secret)
        .then(pl.lit(PriceState.CONFIDENTIAL.value))
        .when(figure.is_null())
        .then(pl.lit(PriceState.MISSING.value))
        .when(figure == 0)
        .then(pl.lit(PriceState.ZERO.value))
        .otherwise(pl.lit(PriceState.STATED.value))
    )
    return pairs.select(state.alias("price_state_code")).to_series()


def apart(figures: pl.DataFrame, secret: pl.Series, names: dict[str, str]) -> list[pl.Series]:
    """Each figure (column → name) under its name, or where it is secret under `confidential_` and its name."""
    columns = []
    for column, name in names.items():
        values = figures.get_column(column)
        nothing = pl.Series([None] * len(values), dtype=MONEY)
        columns += [
            nothing.zip_with(secret, values).alias(name),
            values.zip_with(secret, nothing).alias(f"confidential_{name}"),
        ]
    return columns


def pair_of(
    understand: Callable[..., Pair], pack: Decimal | None, unit: Decimal | None, ratio: Decimal | None
) -> tuple[Any, ...]:
    """A row of PAIR: what `prices` or `quantities` makes of the figures, or the figures and what is wrong with them."""
    try:
        found = understand(pack, unit, ratio)
    except PackUnitError as error:
        return pack, unit, error.code, f"{error.hint_zh} {error.hint_en}"
    return found.pack, found.unit, None, None


def money(raw: str) -> Decimal | None:
    """An amount of money at or above 0; None where it is hidden. CellError `cell.number`, `cell.negative`."""
    if hides_price(raw):
        return None
    number = decimal(raw)
    if number < 0:
        raise CellError("cell.negative", "价格不能为负", "a price cannot be negative")
    return number


def conversion_ratio(raw: str) -> Decimal:
    """Units in a pack. CellError `cell.number`, `cell.conversion_ratio`."""
    try:
        return check_ratio(decimal(raw))
    except PackUnitError as error:
        raise CellError(error.code, error.hint_zh, error.hint_en) from error


def is_yes(raw: str) -> bool:
    """是 or 否. CellError `cell.yes_no`."""
    found = yes_or_no(text(raw))
    if found is None:
        raise CellError("cell.yes_no", "应为 是 或 否（或 1、0）", "expected 是 or 否 (or 1, 0)")
    return found


def hide_prices(normalised: Normalised, public_rows: pl.Series, headers: dict[str, str]) -> Normalised:
    """The same without any text or figure of a price in the faults of rows not known to be public.

    Faults are read by people who may not know confidential prices. A row that could not even be cut into
    cells may hold one anywhere.
    """
    harmless = [header for field, header in headers.items() if field not in PRICE_FIELDS]
    may_tell = ~pl.col("row_number").is_in(public_rows.cast(pl.Int32).implode()) & ~pl.col(
        "column_name"
    ).is_in(harmless).fill_null(value=False)
    faults = normalised.faults.with_columns(
        found_text=pl.when(may_tell & pl.col("found_text").is_not_null())
        .then(pl.lit(_MASK))
        .otherwise("found_text"),
        hint=pl.when(may_tell & (pl.col("code") == "row.pack_unit")).then(pl.lit(_HIDDEN)).otherwise("hint"),
    )
    return Normalised(normalised.records, normalised.withheld, faults)


def starred(reading: Reading, field: str) -> pl.Series:
    """Rows whose cell says that its price is hidden."""
    if not reading.states(field):
        return pl.repeat(False, reading.frame.height, eager=True)
    texts = reading.frame.get_column(field)
    hidden = [each for each in texts.drop_nulls().unique() if hides_price(each)]
    return texts.is_in(hidden).fill_null(value=False)


def _marked(reading: Reading) -> pl.Series:
    """Rows that are marked as confidential, or by something that may mean it."""
    if not reading.states("is_confidential"):
        return pl.repeat(False, reading.frame.height, eager=True)
    marks = reading.column("is_confidential", is_yes, pl.Boolean)
    is_filled = reading.frame.get_column("is_confidential").is_not_null()
    return marks.fill_null(is_filled)


def _price(reading: Reading, field: str, secret: pl.Series) -> pl.Series:
    """A price; 0 in a confidential row stands for nothing."""
    values = reading.column(field, money, MONEY)
    nothing = pl.Series([None] * len(values), dtype=MONEY)
    return nothing.zip_with(secret & (values == 0).fill_null(value=False), values)
