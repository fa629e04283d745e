"""Rows about consignments: what was sent, and the events in and beside the row."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from connectors.cells import CellError, instant, text
from connectors.connector import FileContext
from connectors.postal.keys import ids_of, keyed
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import Consignment, TrackingEvent
from schema.identifiers import check_mail_number
from schema.names import fold_text
from schema.postal import known_statuses, mail_status_of

_EVENT: dict[str, Any] = {
    "mail_status_code": pl.String,
    "happened_at": pl.Datetime("us", "UTC"),
    "outlet_code": pl.String,
}
_GRAMS, _KILOGRAMS = ("克", "g"), ("千克", "公斤", "kg")
_FUTURE = CellError("cell.future", "晚于数据时点", "lies after the instant that the file is about")
_EARLY = CellError("cell.dates_order", "早于收寄时间", "before the consignment was accepted")
_HALF = CellError(
    "cell.missing", "状态和状态时间须同时写明", "a status needs its instant, and the other way round"
)
#: what is later than this is no slip of a clock
_LEEWAY = "5m"


def consignment_records(reading: Reading, context: FileContext) -> dict[type[Entity], pl.DataFrame]:
    """A Consignment for each row, and a TrackingEvent for its status and for each event in it."""
    numbers = reading.field(Consignment, "mail_number", parse=check_mail_number)
    accepted = reading.field(Consignment, "accepted_at")
    _fault_future(reading, "accepted_at", accepted, context.as_of)
    stated = [
        *(numbers, accepted),
        *(reading.field(Consignment, name, parse=fold_text) for name in ("consignor_name", "consignee_name")),
        reading.field(Consignment, "accepting_outlet_code", parse=_outlet_code),
    ]
    if reading.states("goods_text"):
        stated.append(reading.field(Consignment, "goods_text"))
    if reading.states("weight"):
        stated.append(_weights(reading))
    consignments = keyed("consignment", reading, context.sender_code, [numbers], stated)
    return {Consignment: consignments, TrackingEvent: _events(reading, context, consignments)}


def _events(reading: Reading, context: FileContext, consignments: pl.DataFrame) -> pl.DataFrame:
    """The events of all rows: their number is that of the outer record."""
    nested = _nested(reading)
    # the last event often stands in the row as well
    own = _own_status(reading).join(nested, on=["row_number", "mail_status_code", "happened_at"], how="anti")
    found = pl.concat([own, nested]).join(
        consignments.select("row_number", "accepted_at", consignment_id="id"), on="row_number"
    )
    late = found.filter(pl.col("happened_at") > pl.lit(context.as_of).dt.offset_by(_LEEWAY))
    early = found.filter(pl.col("happened_at") < pl.col("accepted_at").dt.offset_by("-1d"))
    column = "events" if reading.states("events") else "status_at"
    for rows, error in ((late, _FUTURE), (early, _EARLY)):
        reading.fault(column, _is_in(reading, rows), error)
    at = found.get_column("happened_at").dt.strftime("%Y%m%dT%H%M%S")
    keys = [
        found.get_column("consignment_id").cast(pl.String),
        at,
        found.get_column("mail_status_code"),
    ]
    unstated = [] if reading.states("events") else ["outlet_code"]
    return (
        found.drop("accepted_at", *unstated)
        .with_columns(
            ids_of("tracking_event", context.sender_code, keys), sender_code=pl.lit(context.sender_code)
        )
        .unique(maintain_order=True)
    )


def _own_status(reading: Reading) -> pl.DataFrame:
    """The status that stands in the row itself; who reported it is not said."""
    statuses = reading.column("mail_status", _status, pl.String).alias("mail_status_code")
    instants = reading.column("status_at", instant, _EVENT["happened_at"]).alias("happened_at")
    texts = [_has_text(reading, raw) for raw in ("mail_status", "status_at")]
    reading.fault("status_at", texts[0] != texts[1], _HALF)
    rows = pl.DataFrame([reading.frame.get_column("row_number"), statuses, instants])
    return rows.drop_nulls(["mail_status_code", "happened_at"]).with_columns(
        outlet_code=pl.lit(None, pl.String)
    )


def _nested(reading: Reading) -> pl.DataFrame:
    """The events inside the rows. One that cannot be understood keeps its row out: half a track is none."""
    if reading.states("events"):
        texts = reading.column("events", _understood, pl.String)
        frame = reading.frame.with_columns(texts.alias("events")).select("row_number", "events").drop_nulls()
        found = [(row, *event) for row, cell in frame.iter_rows() for event in _read(cell)]
    else:
        found = []
    return pl.DataFrame(found, schema={"row_number": pl.Int32, **_EVENT}, orient="row")


def _understood(raw: str) -> str:
    """The cell itself, once every event in it was understood."""
    _read(raw)
    return raw


def _read(raw: str) -> list[tuple[str, datetime, str | None]]:
    """The events of a cell, as the door wrote them down."""
    return [_event(event) for event in json.loads(raw)]


def _event(event: dict[str, Any]) -> tuple[str, datetime, str | None]:
    if "mail_status" not in event or "status_at" not in event:
        raise CellError("cell.event", "每条轨迹须有状态和时间", "each event needs its status and its instant")
    code = event.get("outlet_code")
    return _status(event["mail_status"]), instant(event["status_at"]), code and _outlet_code(code)


def _status(raw: str) -> str:
    found = mail_status_of(text(raw))
    if found is None:
        known = known_statuses()
        raise CellError("cell.word", f"应为下列之一：{known}", f"expected one of: {known}")
    return found.value


def _outlet_code(raw: str) -> str:
    return text(raw).upper()


def _weights(reading: Reading) -> pl.Series:
    """Weights in kilograms, by the unit in the cell or in the header; a bare number is told of and not believed."""
    unit = _unit_in(fold_text(reading.header("weight")))

    def kilograms(raw: str) -> Decimal | None:
        plain = text(raw).lower()
        number = Decimal(plain.rstrip("千公斤克kg "))
        factor = _unit_in(plain) or unit
        return None if factor is None else (number * factor).quantize(Decimal("0.000001"))

    def told(raw: str) -> None:
        if kilograms(raw) is None:
            raise CellError("cell.weight_unit", "没有单位，未采用", "has no unit and is not taken in")

    reading.notice("weight", told)
    return reading.column("weight", kilograms, pl.Decimal(20, 6)).alias("weight_kilograms")


def _unit_in(words: str) -> Decimal | None:
    folded = words.lower()
    if any(word in folded for word in _KILOGRAMS):
        return Decimal(1)
    return Decimal("0.001") if any(word in folded for word in _GRAMS) else None


def _fault_future(reading: Reading, raw: str, instants: pl.Series, as_of: datetime) -> None:
    reading.fault(raw, pl.select(instants > pl.lit(as_of).dt.offset_by(_LEEWAY)).to_series(), _FUTURE)


def _has_text(reading: Reading, raw: str) -> pl.Series:
    if not reading.states(raw):
        return pl.repeat(False, reading.frame.height, eager=True)
    return reading.frame.get_column(raw).is_not_null()


def _is_in(reading: Reading, rows: pl.DataFrame) -> pl.Series:
    numbers = reading.frame.get_column("row_number")
    return numbers.is_in(rows.get_column("row_number").unique().implode())
