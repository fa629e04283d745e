"""Production: units, controlled words, causes, and rows of holders as reports and notices, or faults."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from connectors.cells import CellError, month
from connectors.connector import FileContext
from connectors.frame import Chunk, Normalised
from connectors.production.connector import CONNECTOR, normalise
from schema.entities import ProductionReport, SupplyNotice
from schema.production import (
    NoticeKind,
    Planning,
    ProductionUnit,
    StopCause,
    SupplyStatus,
    known_words,
    notice_kind_of,
    parse_unit,
    planning_of,
    stop_cause_of,
    supply_status_of,
)
from tests.lib.samples import HOLDER

AS_OF = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
GOOD = {
    "uscc": HOLDER,
    "holder_name": "演示制药（甲）有限公司",
    "approval_number": "国药准字H20059001",
    "specification": "50mg",
    "report_month": "2026-02",
    "planned_received": "10",
    "actual_received": "8.5",
    "unit_received": "万支",
    "stock_received": "0",
    "supply_status_code": "正常",
    "planning_code": None,
    "stop_on": None,
    "expected_return_on": None,
    "cause_text": None,
}
NOTICE = {
    "uscc": HOLDER,
    "approval_number": "国药准字H20059001",
    "specification": "50mg",
    "notice_kind_code": "停产",
    "planning_code": "非计划",
    "stop_on": "2026-01-10",
    "expected_return_on": "2026-05-01",
    "resumed_on": None,
    "cause_text": "原料药断供",
}


def read(*rows: dict[str, str | None], layout: str = "monthly_report", as_of: datetime = AS_OF) -> Normalised:
    """What the connector makes of rows; the first is row 2 of its file."""
    frame = pl.DataFrame([{"row_number": number, **row} for number, row in enumerate(rows, 2)])
    frame = frame.with_columns(pl.col("row_number").cast(pl.Int32), pl.exclude("row_number").cast(pl.String))
    headers = {name: name for name in rows[0]}
    return normalise(FileContext(layout, "nmpa", as_of, headers), Chunk(frame))


def faults(found: Normalised) -> list[tuple[object, ...]]:
    """Code and column of each fault."""
    return found.faults.select("code", "column_name").rows()


@pytest.mark.parametrize(
    ("written", "base", "factor"),
    [
        ("万片", "片", "10000"),
        ("万支", "支", "10000"),
        ("亿粒", "粒", "100000000"),
        ("百万IU", "IU", "1000000"),
        ("亿单位", "IU", "100000000"),
        ("盒", "盒", "1"),
        ("ＫＧ", "kg", "1"),
        ("千克", "kg", "1"),
        ("吨", "kg", "1000"),
        ("g", "kg", "0.001"),
        ("万毫升", "L", "10.000"),
        ("（万瓶）", "瓶", "10000"),
    ],
)
def test_units_have_a_base_and_a_factor(written: str, base: str, factor: str) -> None:
    """Multiples of counting words, measures in several spellings; 千克 is no thousand of anything."""
    assert ProductionUnit(base, Decimal(factor)) == parse_unit(written)


@pytest.mark.parametrize("written", ["个", "万", "", "万万片", "件/箱", "10片"])
def test_unknown_units_are_not_guessed(written: str) -> None:
    """What is no unit of production has no meaning."""
    assert parse_unit(written) is None


def test_words_are_known_exactly_or_not_at_all() -> None:
    """Full width and blanks do no harm; a longer word is another word."""
    assert SupplyStatus.STOPPED == supply_status_of(" 停 产 ")
    assert Planning.UNPLANNED == planning_of("非计划停产")
    assert (NoticeKind.STOP, NoticeKind.RESUME) == (notice_kind_of("０"), notice_kind_of("1"))
    assert (None, None) == (supply_status_of("不正常"), notice_kind_of("停产检修"))


def test_a_hint_names_a_word_for_each_value() -> None:
    """As many words as values, and each is understood."""
    for vocabulary, understand in ((SupplyStatus, supply_status_of), (NoticeKind, notice_kind_of)):
        words = known_words(vocabulary).split("、")
        assert set(vocabulary) == {understand(word) for word in words}


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("原料药供应商停止供货", StopCause.SUBSTANCE),
        ("原料药涨价，成本倒挂", StopCause.SUBSTANCE),
        ("中标价低于成本", StopCause.PRICE),
        ("环保限产", StopCause.ENVIRONMENT),
        ("非质量原因，设备检修", StopCause.EQUIPMENT),
        ("不涉及产品质量问题；搬迁至新厂区", StopCause.RELOCATION),
        ("GMP检查后整改", StopCause.QUALITY),
        ("需求激增，产能不足", StopCause.DEMAND_SURGE),
        ("无订单", StopCause.LOW_DEMAND),
        ("药品再注册", StopCause.APPROVAL),
        ("产品结构调整", StopCause.BUSINESS),
        ("洪水", StopCause.DISASTER),
        ("物流中断", StopCause.DISTRIBUTION),
        ("待定", StopCause.OTHER),
    ],
)
def test_causes_are_classed_by_what_is_said(said: str, cause: StopCause) -> None:
    """The cause furthest from the holder's hands comes first; a denied one does not count."""
    assert cause == stop_cause_of(said)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03",
        "2026/3",
        "2026.3",
        "202603",
        "2026年3月",
        "２０２６年０３月份",
        "20260331",
        "46082",
        "2026-03-05T00:00:00",
    ],
)
def test_months_in_every_spelling(written: str) -> None:
    """Months, days within them, and Excel's dates."""
    assert date(2026, 3, 1) == month(written.replace("T", " "))


@pytest.mark.parametrize("written", ["2026", "2026-13", "202600", "三月", "2026-02-30", "26-03"])
def test_what_is_no_month_is_told_of(written: str) -> None:
    """One code for all of them."""
    with pytest.raises(CellError) as caught:
        month(written)
    assert caught.value.code == "cell.month"


def test_quantities_are_kept_as_received_and_in_the_shared_unit() -> None:
    """8.5 万支 is 85,000 支; nothing in stock is a zero, not a gap."""
    [report] = read(GOOD).records[ProductionReport].to_dicts()
    assert (Decimal("8.5"), Decimal(85_000)) == (report["actual_received"], report["actual_quantity"])
    assert ("万支", "支", Decimal(10_000)) == (
        report["unit_received"],
        report["unit"],
        report["unit_factor"],
    )
    assert (Decimal(0), date(2026, 2, 1)) == (report["stock_quantity"], report["report_month"])


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"uscc": HOLDER[:-1] + "0"}, ("uscc.check", "uscc")),
        ({"actual_received": "-5"}, ("cell.negative", "actual_received")),
        ({"planned_received": "约10"}, ("cell.number", "planned_received")),
        ({"stock_received": "99999999", "unit_received": "亿支"}, ("cell.absurd", "stock_received")),
        ({"unit_received": "个"}, ("cell.unit", "unit_received")),
        ({"unit_received": None}, ("cell.missing", "unit_received")),
        ({"report_month": "2026-05"}, ("cell.future_month", "report_month")),
        ({"report_month": None}, ("cell.missing", "report_month")),
        ({"supply_status_code": "还行"}, ("cell.word", "supply_status_code")),
        ({"planning_code": "也许"}, ("cell.word", "planning_code")),
        ({"approval_number": "国药准字H2005900"}, ("approval_number.digits", "approval_number")),
        ({"specification": None}, ("cell.missing", "specification")),
        ({"stop_on": "2026-02-01", "expected_return_on": "2025-03-01"}, ("cell.dates_order", "expected_return_on")),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_one_fault_and_makes_no_record(
    wrong: dict[str, str | None], expected: tuple[str, str]
) -> None:
    """Told once, though report and notice read the same cells."""
    found = read(GOOD | wrong, GOOD)
    assert [expected] == faults(found)
    assert [3] == found.records[ProductionReport]["row_number"].to_list()
    assert found.records[SupplyNotice].is_empty()


def test_the_month_of_the_file_is_that_of_china() -> None:
    """Half past four of 31 March in UTC is 1 April in Guangzhou: April has begun, May has not."""
    assert [] == faults(read(GOOD | {"report_month": "2026-04"}))


def test_a_report_with_the_day_of_a_stop_makes_a_notice_too() -> None:
    """Kind from the supply status, class of the cause from its text."""
    stopped = GOOD | {"stop_on": "2026-02-10", "cause_text": "设备检修", "planning_code": "计划"}
    for status, kind in (("停产", "stop"), ("暂停", "suspend"), ("减产", "reduce"), ("正常", "stop")):
        [notice] = read(stopped | {"supply_status_code": status}).records[SupplyNotice].to_dicts()
        assert (kind, "planned", "equipment", date(2026, 2, 10)) == (
            notice["notice_kind_code"],
            notice["planning_code"],
            notice["cause_code"],
            notice["stop_on"],
        )


def test_a_stop_without_its_day_is_told_of_and_makes_no_notice() -> None:
    """The report is good all the same."""
    found = read(GOOD | {"supply_status_code": "停产"})
    assert [("row.undated_stop", "supply_status_code")] == faults(found)
    assert (1, 0) == (found.records[ProductionReport].height, found.records[SupplyNotice].height)


def test_of_several_months_the_latest_speaks_of_the_stop() -> None:
    """In whatever order they stand; the reports are all kept."""
    january = GOOD | {"report_month": "2026-01", "stop_on": "2026-01-10", "expected_return_on": "2026-03-01"}
    february = january | {"report_month": "2026-02", "expected_return_on": "2026-06-01"}
    found = read(february, january)
    assert [date(2026, 6, 1)] == found.records[SupplyNotice]["expected_return_on"].to_list()
    assert 2 == found.records[ProductionReport].height


def test_a_specification_is_the_same_however_it_is_spelt() -> None:
    """Full width or half: the same report; another month or holder is another one."""
    other = "91999999MA0000001N"
    ids = read(
        GOOD, GOOD | {"specification": "５０ｍｇ"}, GOOD | {"report_month": "2026-01"}, GOOD | {"uscc": other}
    ).records[ProductionReport]["id"]
    assert (ids[0], 3) == (ids[1], ids.n_unique())


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"stop_on": None}, ("cell.missing", "stop_on")),
        ({"notice_kind_code": "复产"}, ("cell.missing", "resumed_on")),
        ({"notice_kind_code": None}, ("cell.missing", "notice_kind_code")),
        ({"notice_kind_code": "停一停"}, ("cell.word", "notice_kind_code")),
        ({"notice_kind_code": "复产", "resumed_on": "2025-12-31"}, ("cell.dates_order", "resumed_on")),
    ],
)
def test_a_notice_needs_its_kind_and_its_day(wrong: dict[str, str | None], expected: tuple[str, str]) -> None:
    """A resumption that of its resuming, any other that of the stop."""
    found = read(NOTICE | wrong, layout="notices")
    assert [expected] == faults(found)
    assert found.records[SupplyNotice].is_empty()


def test_stop_and_resumption_are_two_notices() -> None:
    """They tell of two events."""
    resumed = NOTICE | {"notice_kind_code": "复产", "resumed_on": "2026-04-20"}
    notices = read(NOTICE, resumed, layout="notices").records[SupplyNotice]
    assert ["stop", "resume"] == notices["notice_kind_code"].to_list()
    assert 2 == notices["id"].n_unique()


def test_the_two_layouts_cannot_be_taken_for_each_other() -> None:
    """What one requires the other does not have."""
    reports, notices = CONNECTOR.manifest.layouts
    assert "report_month" not in notices.headers
    assert "notice_kind_code" not in reports.headers
