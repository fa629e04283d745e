"""Stock-takes by lots: an item stands once for each of its lots."""

import polars as pl

from connectors.cells import CHINA, CellError
from connectors.connector import FileContext
from connectors.reading import Reading
from schema.entities import StockLot
from schema.ids import stable_id

_LATER = CellError(
    "cell.counted_later",
    "盘点日期晚于数据时点，请核对",
    "counted after the instant that the file is about: check both",
)
_NEGATIVE = CellError("cell.negative", "批号库存不能为负", "a lot cannot hold less than nothing")
_EARLIER = CellError(
    "row.counted_earlier",
    "盘点日期早于数据时点：按数据时点入库；补送旧盘点请注明数据时点（--as-of）",
    "counted before the instant that the file is about, and taken in as of that: name the day with --as-of",
)


def lots(reading: Reading, context: FileContext, on_sale: pl.DataFrame) -> pl.DataFrame:
    """One StockLot for each row, identified by store, item, lot and day of expiry."""
    _check_day(reading, context)
    reading.fault("stock_packs", on_sale.get_column("stock_packs") < 0, _NEGATIVE)
    stated = [
        reading.field(StockLot, name)
        for name in ("lot_number", "made_on", "expires_on")
        if reading.states(name)
    ]
    table = on_sale.select(
        "row_number", "pharmacy_id", "item_id", pl.col("stock_packs").alias("counted_packs"), *stated
    )
    parts = [name for name in ("pharmacy_id", "item_id", "lot_number", "expires_on") if name in table.columns]
    ids = [
        None
        if pharmacy is None or item is None
        else stable_id("stock_lot", *map(_part, (pharmacy, item, *rest)))
        for pharmacy, item, *rest in table.select(parts).iter_rows()
    ]
    return table.with_columns(pl.Series("id", ids, dtype=pl.Int64))


def _part(value: object) -> str:
    return "" if value is None else str(value)


def _check_day(reading: Reading, context: FileContext) -> None:
    """The day of counting beside the instant that the file is about; the first other day of a chunk is told."""
    if not reading.states("counted_on"):
        return
    days = reading.field(StockLot, "made_on", raw="counted_on")
    about = context.as_of.astimezone(CHINA).date()
    reading.fault("counted_on", days > about, _LATER)
    earlier = (days < about).fill_null(value=False)
    reading.fault("counted_on", earlier & (earlier.cum_sum() == 1), _EARLIER, is_notice=True)
