"""Where something stands: the division by its code, or by the names of province, city and county."""

from functools import lru_cache

import polars as pl

from connectors.cells import CellError
from connectors.divisions.connector import LEVELS_BETWEEN, division_names
from connectors.reading import Reading
from schema.entities import PostalOutlet
from schema.regions import complete_code

_SEPARATOR = "\x1f"
_LEVELS = ("province", "city", "county")
_MISSING = CellError(
    "cell.missing",
    "须写明行政区划代码，或省、市、县名称",
    "a division code is needed, or the names of province, city and county",
)


def region_column(reading: Reading) -> pl.Series:
    """The division of each row. A row without one, or with names that do not name one, is a fault."""
    if reading.states("region_code"):
        return reading.field(PostalOutlet, "region_code", parse=complete_code)
    names = [_texts(reading, level).fill_null("") for level in _LEVELS]
    joined = pl.select(pl.concat_str(names, separator=_SEPARATOR)).to_series()
    found = {path: _region_of(*path.split(_SEPARATOR)) for path in joined.unique()}
    codes = joined.replace_strict(found, default=None, return_dtype=pl.String).alias("region_code")
    is_empty = joined == _SEPARATOR * 2
    reading.fault("province", is_empty, _MISSING)
    reading.fault(_deepest(reading), codes.is_null() & ~is_empty, _UNKNOWN)
    return codes


_UNKNOWN = CellError(
    "cell.region",
    "省、市、县名称合起来不能确定一个区划（查无此名、有重名，或只写到省）",
    "these names do not name one division (none of the name, several, or a province only)",
)


def _texts(reading: Reading, level: str) -> pl.Series:
    if reading.states(level):
        return reading.frame.get_column(level)
    return pl.Series([None] * reading.frame.height, dtype=pl.String)


def _deepest(reading: Reading) -> str:
    return next((level for level in reversed(_LEVELS) if reading.states(level)), "region_code")


@lru_cache(maxsize=1 << 14)
def _region_of(province: str, city: str, county: str) -> str | None:
    """The one division of these names; a level between may be left out."""
    wanted = (province, *(() if city in (province, *LEVELS_BETWEEN) else (city,)), county)
    steps = [name for name in wanted if name]
    codes = {
        code
        for name, code, above in division_names()
        if len(steps) > 1 and name == steps[-1] and set(steps[:-1]) <= above
    }
    return codes.pop() if len(codes) == 1 else None
