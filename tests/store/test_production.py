"""Production: reports and notices become facts, a month sent again corrects, and the ladder links what is certain."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from hub.ingest.batches import BatchState, Books
from tests.lib.hub import TestHub
from tests.lib.samples import HOLDER, monthly_report

HOLDER_NAME, OTHER_NAME = "演示制药（甲）有限公司", "演示药业（乙）股份有限公司"
SODIUM, OTHER_SODIUM, DIGOXIN = "国药准字H20059001", "国药准字H20059002", "国药准字H11029007"
APPROVALS = (
    "批准文号,产品名称,规格,上市许可持有人\n"
    f"{SODIUM},注射用硝普钠,50mg,{HOLDER_NAME}\n"
    f"{OTHER_SODIUM},注射用硝普钠,50mg,{OTHER_NAME}\n"
    f"{DIGOXIN},地高辛片,0.25mg,{HOLDER_NAME}\n"
)
LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"


def report(**cells: Any) -> dict[str, Any]:
    """A good row of a monthly report, with some cells otherwise."""
    return {
        "统一社会信用代码": HOLDER,
        "持有人": HOLDER_NAME,
        "批准文号": SODIUM,
        "通用名": "注射用硝普钠",
        "规格": "50mg",
        "报告期": "2026-01",
        "计划产量": 10,
        "实际产量": 8.5,
        "单位": "万支",
        "期末库存": 3,
        "供应状态": "正常",
        "停产日期": None,
        "预计恢复日期": None,
        "停产原因": None,
    } | cells


def notice(**cells: Any) -> dict[str, Any]:
    """A good notice of a stop, with some cells otherwise."""
    return {
        "统一社会信用代码": HOLDER,
        "持有人": HOLDER_NAME,
        "批准文号": SODIUM,
        "通用名": "注射用硝普钠",
        "规格": "50mg",
        "通知类型": "停产",
        "停产日期": "2026-01-10",
        "预计恢复日期": "2026-05-01",
        "复产日期": None,
        "停产原因": "原料药断供",
    } | cells


def document(*rows: dict[str, Any]) -> str:
    """The rows as one JSON document."""
    return json.dumps({"records": rows}, ensure_ascii=False)


@pytest.fixture
async def registered(hub: TestHub) -> TestHub:
    """A hub that knows two makers of one medicine, and another medicine of the first."""
    await hub.take("registration", APPROVALS)
    return hub


async def test_a_row_becomes_a_report_of_its_month(registered: TestHub) -> None:
    """As received, and in the shared unit; linked to its medicine."""
    outcome = await registered.take("production", document(report()))
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert await registered.rows(
        "SELECT r.report_month::text, unit_received, actual_received, unit, actual_quantity, stock_quantity,"
        " p.approval_number FROM production_report r JOIN product p ON p.id = r.product_id"
    ) == [("2026-01-01", "万支", Decimal("8.5"), "支", Decimal(85_000), Decimal(30_000), SODIUM)]


async def test_every_form_of_file_gives_the_same_report(registered: TestHub) -> None:
    """The second and third forms change nothing that the first said."""
    rows = [report(), report(批准文号=DIGOXIN, 通用名="地高辛片", 规格="0.25mg", 单位="万片")]
    await registered.take("production", document(*rows))
    csv = monthly_report(*rows)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    for content in (csv, csv.encode("gb18030"), lines, json.dumps(rows, ensure_ascii=False)):
        outcome = await registered.take("production", content)
        assert Books(read=2, promoted=0, unchanged=2, quarantined=0, skipped=0, closed=0) == outcome.books


async def test_a_month_sent_again_corrects_it_and_history_shows_both(registered: TestHub) -> None:
    """What was believed first is superseded, not lost."""
    first = await registered.take("production", document(report()))
    second = await registered.take("production", document(report(实际产量=9)))
    assert [(Decimal(90_000), second.batch.id)] == await registered.rows(
        f"SELECT actual_quantity, batch_id FROM production_report WHERE {LIVE}"
    )
    assert [(Decimal(85_000), first.batch.as_of, second.batch.as_of)] == await registered.rows(
        "SELECT actual_quantity, valid_from, valid_to FROM production_report"
        " WHERE superseded_at = 'infinity' AND valid_to < 'infinity'"
    )
    assert 1 == await registered.value(
        "SELECT count(*) FROM production_report WHERE superseded_at < 'infinity'"
    )


async def test_another_month_is_another_report(registered: TestHub) -> None:
    """Absence of a month ends nothing: the file is not full."""
    await registered.take("production", document(report()))
    await registered.take("production", document(report(报告期="2026-02")))
    assert 2 == await registered.value(f"SELECT count(*) FROM production_report WHERE {LIVE}")


async def test_two_senders_do_not_overwrite_each_other(registered: TestHub) -> None:
    """A province's own module and the regulator's may differ; both words are kept."""
    await registered.take("production", document(report()))
    await registered.take("production", document(report(实际产量=1)), sender="province")
    assert [("nmpa", Decimal(85_000)), ("province", Decimal(10_000))] == await registered.rows(
        f"SELECT sender_code, actual_quantity FROM production_report WHERE {LIVE} ORDER BY 1"
    )


async def test_a_month_twice_in_one_file_is_a_contradiction(registered: TestHub) -> None:
    """Which of the two is right nobody knows; two that agree are one."""
    outcome = await registered.take(
        "production",
        document(report(), report(实际产量=9), report(报告期="2025-12"), report(报告期="2025-12")),
    )
    assert outcome.books is not None
    assert (2, 2) == (outcome.books.promoted + outcome.books.unchanged, outcome.books.quarantined)
    codes = await registered.rows("SELECT code FROM fault WHERE NOT is_notice")
    assert [("row.contradiction",)] * 2 == codes


async def test_one_month_that_says_two_things_of_a_stop_is_a_contradiction(registered: TestHub) -> None:
    """The quantities agree, the day of return does not."""
    stopped = {"供应状态": "停产", "停产日期": "2026-01-10"}
    rows = [report(**stopped, 预计恢复日期=day) for day in ("2026-05-01", "2026-06-01")]
    outcome = await registered.take("production", document(*rows))
    assert outcome.books is not None
    assert 2 == outcome.books.quarantined
    assert 0 == await registered.value("SELECT count(*) FROM supply_notice")


async def test_a_future_month_is_judged_by_what_the_file_is_about(registered: TestHub) -> None:
    """February's report is good today, and was impossible in January."""
    content = document(report(报告期="2026-02"))
    in_january = datetime(2026, 1, 20, tzinfo=UTC)
    early = await registered.take("production", content, as_of=in_january)
    assert early.books is not None
    assert 1 == early.books.quarantined
    today = await registered.take("production", content + "\n")
    assert today.books is not None
    assert 0 == today.books.quarantined


async def test_a_stop_in_a_monthly_report_is_a_notice(registered: TestHub) -> None:
    """One row of the file, two facts, counted once."""
    stopped = report(供应状态="停产", 停产日期="2026-01-10", 停产原因="原料药断供")
    outcome = await registered.take("production", document(stopped))
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("stop", "substance", "2026-01-10", "linked")] == await registered.rows(
        "SELECT notice_kind_code, cause_code, stop_on::text, match_code FROM supply_notice"
    )


async def test_a_stop_that_lasts_longer_is_the_same_notice(registered: TestHub) -> None:
    """The event is the same; its expected return is corrected, and the earlier promise is kept."""
    await registered.take("production", document(notice()))
    later = report(供应状态="停产", 停产日期="2026-01-10", 预计恢复日期="2026-08-01", 停产原因="原料药断供")
    await registered.take("production", document(later))
    assert [("2026-08-01",)] == await registered.rows(
        f"SELECT expected_return_on::text FROM supply_notice WHERE {LIVE}"
    )
    assert 1 == await registered.value("SELECT count(DISTINCT id) FROM supply_notice")
    assert ("2026-05-01",) in await registered.rows("SELECT expected_return_on::text FROM supply_notice")


async def test_a_resumption_stands_beside_the_stop(registered: TestHub) -> None:
    """Two events, both live."""
    await registered.take("production", document(notice()))
    resumed = notice(通知类型="复产", 复产日期="2026-02-20", 预计恢复日期=None)
    await registered.take("production", document(resumed))
    assert [("resume",), ("stop",)] == await registered.rows(
        f"SELECT notice_kind_code FROM supply_notice WHERE {LIVE} ORDER BY 1"
    )


async def test_a_file_of_neither_layout_is_refused_with_what_it_lacks(hub: TestHub) -> None:
    """The hint names the column."""
    outcome = await hub.take("production", "统一社会信用代码,批准文号,规格\nx,y,z\n")
    assert BatchState.REFUSED == outcome.state
    assert outcome.stop is not None
    assert "通知类型" in outcome.stop.reason


async def test_a_name_lost_is_a_link_lost_if_nothing_else_bears_it(registered: TestHub) -> None:
    """The holder registers a second medicine of that strength: without a name the number alone is not believed."""
    second = f"批准文号,产品名称,规格,上市许可持有人\n国药准字H20059009,硫酸鱼精蛋白注射液,5ml:50mg,{HOLDER_NAME}\n"
    await registered.take("production", document(report()))
    await registered.take("registration", second)
    await registered.take("production", document(report(通用名=None)))
    assert [("waiting", None)] == await registered.rows(
        f"SELECT match_code, product_id FROM production_report WHERE {LIVE}"
    )


async def test_a_link_without_a_name_is_undone_when_the_holder_has_another_such_medicine(
    registered: TestHub,
) -> None:
    """In whichever order registration and report come, the end is the same."""
    await registered.take("production", document(report(通用名=None)))
    method = f"SELECT match_code, match_method_code FROM production_report WHERE {LIVE}"
    assert [("linked", "approval_number_holder")] == await registered.rows(method)
    # the same organisation, its name written with other brackets
    same = HOLDER_NAME.replace("（", "(").replace("）", ")")
    second = f"批准文号,产品名称,规格,上市许可持有人\n国药准字H20059009,硫酸鱼精蛋白注射液,5ml:50mg,{same}\n"
    await registered.take("registration", second)
    assert [("waiting", None)] == await registered.rows(method)


async def test_the_number_of_another_holders_medicine_links_to_nothing(registered: TestHub) -> None:
    """Name and strength are right, the holder tells that the number is not."""
    await registered.take("production", document(report(批准文号=OTHER_SODIUM)))
    [(state, evidence)] = await registered.rows("SELECT match_code, match_evidence FROM production_report")
    assert "waiting" == state
    assert OTHER_NAME in evidence


async def test_a_report_that_waits_is_linked_when_registration_learns_of_it(hub: TestHub) -> None:
    """Reports and notices alike."""
    await hub.take("production", document(report()))
    await hub.take("production", document(notice()))
    await hub.take("registration", APPROVALS)
    for table in ("production_report", "supply_notice"):
        assert [("linked",)] == await hub.rows(f"SELECT match_code FROM {table} WHERE {LIVE}")


async def test_a_late_correction_does_not_undo_a_later_one(registered: TestHub) -> None:
    """The file about the 3rd comes after the one about the 5th: the 5th's word stands."""
    third, fifth = (datetime(2026, 2, day, tzinfo=UTC) for day in (3, 5))
    await registered.take("production", document(report(实际产量=5)), as_of=fifth)
    await registered.take("production", document(report(实际产量=3)), as_of=third)
    assert [(Decimal(30_000), third, fifth), (Decimal(50_000), fifth, None)] == await registered.rows(
        "SELECT actual_quantity, valid_from, nullif(valid_to, 'infinity') FROM production_report"
        " WHERE superseded_at = 'infinity' ORDER BY valid_from"
    )
