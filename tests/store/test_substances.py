"""Registrations of active substances: number, status, and what is only a notice."""

from hub.ingest.batches import Books
from tests.lib.hub import TestHub

HEADER = "登记号,品种名称,企业名称,产品来源,包装规格,更新日期,与制剂共同审评审批结果,关联制剂批准文号\n"
GOOD = "Y20179000101,硝普钠,演示原料药有限公司,境内生产,1kg/瓶,2024/3/5,A,国药准字H44029001\n"


async def test_a_row_becomes_a_substance(hub: TestHub) -> None:
    """With the result of the joint review."""
    await hub.take("registration", HEADER + GOOD.replace("Y2017", "ｙ２０１７").replace(",A,", ",Ａ,"))
    assert [("Y20179000101", "硝普钠", "2024-03-05", "A")] == await hub.rows(
        "SELECT registration_number, name_zh, updated_on::text, review_status_code FROM substance"
    )


async def test_a_number_of_another_shape_is_only_told_of(hub: TestHub) -> None:
    """The shape is known from one public form, so nothing is kept out for it."""
    outcome = await hub.take("registration", HEADER + GOOD.replace("Y20179000101", "F2017900010"))
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("cell.substance_number", True)] == await hub.rows("SELECT code, is_notice FROM fault")


async def test_a_status_that_is_none_keeps_its_row_out(hub: TestHub) -> None:
    """Passed or not yet passed; anything else is not guessed at."""
    await hub.take("registration", HEADER + GOOD.replace(",A,", ",待定,"))
    assert [("cell.review_status", "待定")] == await hub.rows("SELECT code, found_text FROM fault")
    assert 0 == await hub.value("SELECT count(*) FROM substance")


async def test_a_change_of_status_is_history(hub: TestHub) -> None:
    """Not yet passed, then passed: both stand, each with its time."""
    await hub.take("registration", HEADER + GOOD.replace(",A,", ",I,"))
    await hub.take("registration", HEADER + GOOD)
    assert [("I",), ("A",)] == await hub.rows(
        "SELECT review_status_code FROM substance WHERE superseded_at = 'infinity' ORDER BY valid_from"
    )


async def test_absence_ends_no_registration(hub: TestHub) -> None:
    """A file states the registrations that it names, and nothing of others."""
    await hub.take("registration", HEADER + GOOD)
    outcome = await hub.take("registration", HEADER + GOOD.replace("0101", "0102"))
    assert outcome.books is not None
    assert 0 == outcome.books.closed
