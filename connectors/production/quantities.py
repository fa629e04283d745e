"""Output and stock of a monthly report: as received, and in the unit that all reports of a medicine share."""

from decimal import Decimal

import polars as pl

from connectors.cells import CellError, decimal, text
from connectors.columns import derive
from connectors.reading import Reading
from schema.entities import ProductionReport
from schema.production import parse_unit

#: of a unit, in a month, for one medicine; the whole country does not make so many tablets
MOST = Decimal(10) ** 11
#: as received → in the shared unit
_QUANTITIES = {
    "planned_received": "planned_quantity",
    "actual_received": "actual_quantity",
    "stock_received": "stock_quantity",
}
_NO_UNIT = CellError("cell.missing", "有数量就必须有单位", "a quantity needs its unit")
_ABSURD = CellError(
    "cell.absurd",
    "折算后超过 1000 亿，多半是单位写错（如数字已按片计而单位写了万片）",
    "more than 100 billion: the unit is probably wrong",
)


def quantity_columns(reading: Reading) -> list[pl.Series]:
    """The columns of unit and quantities that the file states."""
    units = reading.field(ProductionReport, "unit_received", parse=_unit)
    factors = derive("unit_factor", units, lambda unit: _known(unit)[1], pl.Decimal(20, 6))
    columns = [units, derive("unit", units, lambda unit: _known(unit)[0], pl.String), factors]
    has_quantity = pl.repeat(False, reading.frame.height, eager=True)
    for received, converted in _QUANTITIES.items():
        if reading.states(received):
            quantity = reading.field(ProductionReport, received, parse=_not_negative)
            has_quantity |= quantity.is_not_null()
            total = _times(quantity, factors)
            reading.fault(received, total > MOST, _ABSURD)
            # what is too large for the column is of a row in quarantine
            fitting = pl.when(total <= MOST).then(total).cast(pl.Decimal(20, 6))
            columns += [quantity, pl.select(fitting).to_series().alias(converted)]
    reading.fault("unit_received", has_quantity & ~_has_text(reading, "unit_received"), _NO_UNIT)
    return columns


def _has_text(reading: Reading, raw: str) -> pl.Series:
    """Whether anything stands in a column, understood or not."""
    if not reading.states(raw):
        return pl.repeat(False, reading.frame.height, eager=True)
    return reading.frame.get_column(raw).is_not_null()


def _times(quantity: pl.Series, factors: pl.Series) -> pl.Series:
    return quantity.cast(pl.Decimal(38, 6)) * factors.cast(pl.Decimal(38, 6))


def _not_negative(raw: str) -> Decimal:
    number = decimal(raw)
    if number < 0:
        raise CellError("cell.negative", "产量和库存不能为负", "output and stock cannot be negative")
    return number


def _unit(raw: str) -> str:
    """The unit as received, once it is known to be one."""
    unit = text(raw)
    _known(unit)
    return unit


def _known(unit: str) -> tuple[str, Decimal]:
    found = parse_unit(unit)
    if found is None:
        raise CellError(
            "cell.unit",
            "不认识的单位；应如 片、万片、万支、盒、kg",
            "no such unit; expected one like 片, 万片, 万支, 盒 or kg",
        )
    return found.base, found.factor
