"""Rows of holders to production reports and supply notices."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from connectors.cells import CellError, month, text
from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.production.quantities import quantity_columns
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import ProductionReport, SupplyNotice
from schema.identifiers import check_uscc, parse_approval_number
from schema.ids import stable_id
from schema.names import name_key
from schema.production import (
    NoticeKind,
    Planning,
    SupplyStatus,
    known_words,
    notice_kind_of,
    planning_of,
    stop_cause_of,
    supply_status_of,
)

#: columns by name
Columns = dict[str, pl.Series]

_CHINA = ZoneInfo("Asia/Shanghai")
_SEPARATOR = "\x1f"
_FUTURE = CellError(
    "cell.future_month",
    "报告期晚于数据时点：还没有到的月份不能有产量",
    "the month lies after the instant that the file is about: nothing can have been made in it yet",
)
_ORDER = CellError(
    "cell.dates_order", "早于停产日期，请核对年月日", "before the day of the stop: check both dates"
)
_UNDATED = CellError("cell.missing", "此类通知必须写明日期", "a notice of this kind needs its day")
_UNDATED_STOP = CellError(
    "row.undated_stop",
    "报告了停产、暂停或减产，但没有停产日期：月报照收，未生成停产通知",
    "a stop without its day: the report was taken in, but it makes no notice",
)
#: the kind of notice that a monthly report with a day of stop amounts to, by its supply status
_KIND_OF_STATUS = {
    SupplyStatus.SUSPENDED.value: NoticeKind.SUSPEND.value,
    SupplyStatus.REDUCED.value: NoticeKind.REDUCE.value,
}
_STOPPED_STATUSES = (SupplyStatus.STOPPED, SupplyStatus.SUSPENDED, SupplyStatus.REDUCED)


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """ProductionReports with the notices they imply from a monthly report; SupplyNotices from a file of notices."""
    reading = Reading(chunk, context.headers)
    if context.layout == "notices":
        kinds = _word(reading, SupplyNotice, "notice_kind_code", notice_kind_of, NoticeKind)
        notices = _notices(reading, context.sender_code, _thing(reading, SupplyNotice), kinds)
        _fault_undated(reading, notices)
        return reading.finish({SupplyNotice: notices})
    thing = _thing(reading, ProductionReport)
    reports = _reports(reading, context, thing)
    stops = _stops_of(reading, context.sender_code, thing, reports)
    found = reading.finish({ProductionReport: reports, SupplyNotice: stops})
    return Normalised(
        found.records | {SupplyNotice: _latest(found.records[SupplyNotice])},
        found.withheld | {SupplyNotice: found.withheld[SupplyNotice].drop("report_month")},
        found.faults,
    )


def _reports(reading: Reading, context: FileContext, thing: Columns) -> pl.DataFrame:
    """One report for each row, identified by sender, holder, approval number, specification and month."""
    months = reading.field(ProductionReport, "report_month", parse=month)
    this_month = context.as_of.astimezone(_CHINA).date().replace(day=1)
    reading.fault("report_month", months > this_month, _FUTURE)
    stated = {**thing, "report_month": months}
    if reading.states("packaging"):
        stated["packaging"] = reading.field(ProductionReport, "packaging")
    if reading.states("supply_status_code"):
        stated["supply_status_code"] = _word(
            reading, ProductionReport, "supply_status_code", supply_status_of, SupplyStatus
        )
    stated |= {series.name: series for series in quantity_columns(reading)}
    keys = [*_spelt_alike(thing), months.dt.strftime("%Y-%m")]
    return _table(reading, "production_report", context.sender_code, keys, stated)


def _stops_of(reading: Reading, sender: str, thing: Columns, reports: pl.DataFrame) -> pl.DataFrame:
    """The notice that each row with a day of stop amounts to, with the month that says so."""
    statuses = (
        reports.get_column("supply_status_code")
        if "supply_status_code" in reports.columns
        else _nothing(reports.height, pl.String)
    )
    kinds = statuses.fill_null("").replace_strict(
        _KIND_OF_STATUS, default=NoticeKind.STOP.value, return_dtype=pl.String
    )
    notices = _notices(reading, sender, thing, kinds)
    undated = notices.get_column("stop_on").is_null() & statuses.is_in(_STOPPED_STATUSES)
    reading.fault("supply_status_code", undated, _UNDATED_STOP, is_notice=True)
    return notices.with_columns(reports.get_column("report_month")).filter(pl.col("stop_on").is_not_null())


def _notices(reading: Reading, sender: str, thing: Columns, kinds: pl.Series) -> pl.DataFrame:
    """One notice for each row, identified by sender, holder, approval number, specification, kind and its day."""
    stated = {**thing, "notice_kind_code": kinds}
    for name in ("stop_on", "expected_return_on", "resumed_on", "cause_text"):
        if reading.states(name):
            stated[name] = reading.field(SupplyNotice, name)
    if reading.states("planning_code"):
        stated["planning_code"] = _word(reading, SupplyNotice, "planning_code", planning_of, Planning)
    if "cause_text" in stated:
        stated["cause_code"] = derive("cause_code", stated["cause_text"], stop_cause_of, pl.String)
    stops = stated.setdefault("stop_on", _nothing(len(kinds), pl.Date))
    resumptions = stated.get("resumed_on", _nothing(len(kinds), pl.Date))
    for later in ("expected_return_on", "resumed_on"):
        if later in stated:
            reading.fault(later, stated[later] < stops, _ORDER)
    days = resumptions.zip_with(_resumes(kinds), stops)
    keys = [*_spelt_alike(thing), kinds, days.dt.strftime("%Y-%m-%d")]
    return _table(reading, "supply_notice", sender, keys, stated)


def _fault_undated(reading: Reading, notices: pl.DataFrame) -> None:
    """A resumption without its day, and any other notice without the day of the stop, is a fault."""
    resumes = _resumes(notices.get_column("notice_kind_code"))
    resumed = notices.get_column("resumed_on") if reading.states("resumed_on") else None
    reading.fault("resumed_on", resumes if resumed is None else resumes & resumed.is_null(), _UNDATED)
    reading.fault("stop_on", ~resumes & notices.get_column("stop_on").is_null(), _UNDATED)


def _resumes(kinds: pl.Series) -> pl.Series:
    return (kinds == NoticeKind.RESUME.value).fill_null(value=False)


def _nothing(height: int, dtype: Any) -> pl.Series:
    return pl.Series([None] * height, dtype=dtype)


def _thing(reading: Reading, entity: type[Entity]) -> Columns:
    """Whose and which medicine each row is about, and of whose substance: the same in reports and notices.

    Name and holder are said even where the file has no such column: a link rests on what one file says, and not on
    a name that an earlier one gave.
    """
    parse: dict[str, Callable[[str], Any]] = {
        "uscc": check_uscc,
        "approval_number": lambda raw: parse_approval_number(raw).text,
    }
    names = ("uscc", "holder_name", "approval_number", "name_zh", "specification", "substance_supplier")
    return {
        name: reading.field(entity, name, parse=parse.get(name))
        for name in names
        if reading.states(name) or name != "substance_supplier"
    }


def _word(
    reading: Reading,
    entity: type[Entity],
    name: str,
    understand: Callable[[str], StrEnum | None],
    vocabulary: type[StrEnum],
) -> pl.Series:
    """A column of words of a controlled vocabulary; a word that is not known is a fault, not a guess."""

    def parse(raw: str) -> str:
        value = understand(text(raw))
        if value is None:
            known = known_words(vocabulary)
            raise CellError("cell.word", f"应为下列之一：{known}", f"expected one of: {known}")
        return value.value

    return reading.field(entity, name, parse=parse)


def _spelt_alike(thing: Columns) -> list[pl.Series]:
    """The natural key that reports and notices share; a specification is the same however it is spelt."""
    spellings = derive("specification_key", thing["specification"], name_key, pl.String)
    return [thing["uscc"], thing["approval_number"], spellings]


def _table(reading: Reading, kind: str, sender: str, keys: list[pl.Series], stated: Columns) -> pl.DataFrame:
    """The stated columns with row number, identifier and sender. A row whose key is not whole has a fault anyway."""
    named = [key.alias(str(place)) for place, key in enumerate(keys)]
    natural = pl.select(pl.concat_str(named, separator=_SEPARATOR)).to_series()
    ids = derive("id", natural, lambda key: stable_id(kind, sender, *key.split(_SEPARATOR)), pl.Int64)
    columns = [series.alias(name) for name, series in stated.items()]
    return pl.DataFrame([reading.frame.get_column("row_number"), ids, *columns]).with_columns(
        sender_code=pl.lit(sender)
    )


def _latest(stops: pl.DataFrame) -> pl.DataFrame:
    """Of what several months of one file say of one stop, the latest month's word.

    Rows of the same month that disagree both stay: the hub finds them in contradiction.
    """
    is_latest = pl.col("report_month") == pl.col("report_month").max().over("id")
    return stops.filter(is_latest).drop("report_month")


CONNECTOR = Connector(
    manifest=load_manifest("connectors.production"),
    normalise=normalise,
    row_entity={"monthly_report": ProductionReport, "notices": SupplyNotice},
)
