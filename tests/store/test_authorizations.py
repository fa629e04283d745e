"""Approvals: what the register says of them, what events do to them, former numbers, sites, whole files."""

from datetime import UTC, datetime

from hub.ingest.batches import BatchState, Books
from tests.lib.hub import TestHub

HOLDER, BUYER = "演示制药（甲）有限公司", "演示医药科技（癸）有限公司"
SODIUM, OTHER, IMPORT = "国药准字H20059001", "国药准字H20059002", "H20171323"
LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"
TABLE = "批准文号,产品名称,上市许可持有人,批准日期,有效期至,批准文号状态,原批准文号,生产单位,生产地址\n"
ROW = (
    f"{SODIUM},注射用硝普钠,{HOLDER},2021-03-04,2026-03-03,有效,H10940250/国药准字H10940251,"
    f"{HOLDER},湖南省长沙市演示工业园2号\n"
)
JANUARY, FEBRUARY, MARCH = (datetime(2026, month, 2, tzinfo=UTC) for month in (1, 2, 3))
APPROVAL = f"SELECT holder_name, valid_until_on::text, status_code FROM product_authorization WHERE {LIVE}"


def event(number: str = SODIUM, kind: str = "再注册", day: str = "2026-01-20", **cells: str) -> str:
    """A file of one event."""
    row = {"批准文号": number, "事项类型": kind, "事项日期": day} | cells
    return f"{','.join(row)}\n{','.join(row.values())}\n"


async def test_a_row_states_the_approval(hub: TestHub) -> None:
    """Holder, days and status; and it leads to its medicine and to its holder's name."""
    await hub.take("registration", TABLE + ROW)
    assert [("注射用硝普钠", HOLDER, HOLDER, "2021-03-04", "2026-03-03", "valid")] == await hub.rows(
        "SELECT p.name_zh, a.holder_name, n.name, a.approved_on::text, a.valid_until_on::text, a.status_code"
        " FROM product_authorization a JOIN product p ON p.id = a.product_id"
        " JOIN organization_name n ON n.id = a.holder_name_id"
    )


async def test_a_date_that_is_none_does_not_cost_the_medicine(hub: TestHub) -> None:
    """长期 is no day: told of, left empty."""
    outcome = await hub.take("registration", TABLE + ROW.replace("2026-03-03", "长期"))
    assert outcome.books is not None
    assert (1, 0) == (outcome.books.promoted, outcome.books.quarantined)
    assert [("cell.date", "长期", True)] == await hub.rows("SELECT code, found_text, is_notice FROM fault")


async def test_an_approval_that_ends_before_it_begins_is_a_fault(hub: TestHub) -> None:
    """Which of the two days is wrong nobody here knows."""
    await hub.take("registration", TABLE + ROW.replace("2026-03-03", "2016-03-03"))
    assert [("cell.validity_order",)] == await hub.rows("SELECT code FROM fault")


async def test_a_renewal_prolongs_the_approval(hub: TestHub) -> None:
    """Holder and status stay; the register of January is not overwritten but superseded."""
    await hub.take("registration", TABLE + ROW, as_of=JANUARY)
    await hub.take("registration", event(有效期至="2031-03-03"), as_of=FEBRUARY)
    assert [(HOLDER, "2031-03-03", "valid")] == await hub.rows(APPROVAL)
    assert 2 == await hub.value("SELECT count(*) FROM product_authorization WHERE superseded_at = 'infinity'")


async def test_a_transfer_changes_the_holder_and_a_cancellation_the_status(hub: TestHub) -> None:
    """Two events of one file about one approval: each says its part."""
    await hub.take("registration", TABLE + ROW, as_of=JANUARY)
    header = "批准文号,事项类型,事项日期,批件号,变更后持有人,原持有人\n"
    rows = f"{SODIUM},持有人变更,2026-01-10,演2026B0001,{BUYER},{HOLDER}\n{SODIUM},注销,2026-01-20,演2026C0001,,\n"
    outcome = await hub.take("registration", header + rows, as_of=FEBRUARY)
    assert Books(read=2, promoted=2, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [(BUYER, "2026-03-03", "cancelled")] == await hub.rows(APPROVAL)


async def test_an_event_older_than_the_register_changes_nothing(hub: TestHub) -> None:
    """It is kept; the register of a later day knows of it already."""
    await hub.take("registration", TABLE + ROW, as_of=JANUARY)
    await hub.take("registration", event(day="2011-05-05", 有效期至="2016-05-05"), as_of=FEBRUARY)
    assert [(HOLDER, "2026-03-03", "valid")] == await hub.rows(APPROVAL)
    assert 1 == await hub.value("SELECT count(*) FROM authorization_event")


async def test_an_event_of_a_day_to_come_waits(hub: TestHub) -> None:
    """What takes effect next year has not yet."""
    await hub.take("registration", TABLE + ROW, as_of=JANUARY)
    await hub.take("registration", event(kind="注销", day="2027-01-01"), as_of=FEBRUARY)
    assert [(HOLDER, "2026-03-03", "valid")] == await hub.rows(APPROVAL)


async def test_an_event_of_an_unknown_approval_is_kept_and_told(hub: TestHub) -> None:
    """No row in quarantine: the event finds its approval when that comes."""
    outcome = await hub.take("registration", event(有效期至="2031-03-03"), as_of=FEBRUARY)
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("row.unknown_authorization", SODIUM, True)] == await hub.rows(
        "SELECT code, found_text, is_notice FROM fault"
    )
    assert 0 == await hub.value("SELECT count(*) FROM product_authorization")
    await hub.take("registration", TABLE + ROW, as_of=MARCH)
    assert 1 == await hub.value(
        "SELECT count(*) FROM authorization_event e JOIN product_authorization a ON a.id = e.authorization_id"
    )


async def test_a_late_register_comes_to_the_same_end(hub: TestHub) -> None:
    """The register of January, after the event of February: history as if they had come in order."""
    await hub.take("registration", event(有效期至="2031-03-03"), as_of=FEBRUARY)
    await hub.take("registration", TABLE + ROW, as_of=JANUARY)
    assert [("2026-03-03",), ("2031-03-03",)] == await hub.rows(
        "SELECT valid_until_on::text FROM product_authorization WHERE superseded_at = 'infinity' ORDER BY valid_from"
    )


async def test_the_same_event_again_is_no_other_event(hub: TestHub) -> None:
    """In another file, beside another event."""
    await hub.take("registration", TABLE + ROW, as_of=JANUARY)
    one = event(批件号="演2026B0001")
    await hub.take("registration", one, as_of=FEBRUARY)
    outcome = await hub.take(
        "registration", one + one.splitlines()[1].replace("再注册", "补充申请") + "\n", as_of=MARCH
    )
    assert Books(read=2, promoted=1, unchanged=1, quarantined=0, skipped=0, closed=0) == outcome.books


async def test_an_event_of_no_known_kind_is_a_fault(hub: TestHub) -> None:
    """With the words there are."""
    await hub.take("registration", event(kind="转世"))
    assert [("cell.word", "转世")] == await hub.rows("SELECT code, found_text FROM fault")


async def test_former_numbers_lead_to_the_medicine_they_became(hub: TestHub) -> None:
    """Several in one cell, those of the former ministry as written, and those of a reissue."""
    await hub.take("registration", TABLE + ROW.replace("H10940250/国药准字", "国药准字H10940250/"))
    await hub.take(
        "registration",
        TABLE + ROW.replace(SODIUM, OTHER).replace("H10940250/国药准字H10940251", "卫药准字（1995）X-01号"),
    )
    await hub.take("registration", event(number=OTHER, kind="换发", 原批准文号="国药准字H19990001"))
    assert [
        ("卫药准字(1995)X-01号", OTHER),
        ("国药准字H10940250", SODIUM),
        ("国药准字H10940251", SODIUM),
        ("国药准字H19990001", OTHER),
    ] == sorted(await hub.rows("SELECT former_number, approval_number FROM former_number"))


async def test_two_numbers_in_a_row_are_two_medicines(hub: TestHub) -> None:
    """Whose the standard code is nobody can tell: told of and left out."""
    content = f"批准文号,产品名称,规格,药品本位码\n{SODIUM}/H20059002,注射用硝普钠,50mg,86999002000203\n"
    outcome = await hub.take("registration", content)
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [(SODIUM,), (OTHER,)] == await hub.rows("SELECT approval_number FROM product ORDER BY 1")
    assert 0 == await hub.value("SELECT count(*) FROM standard_code")
    assert [("row.several_numbers",)] == await hub.rows("SELECT code FROM fault")


async def test_sites_are_told_apart_and_placed(hub: TestHub) -> None:
    """Two makers with two addresses; the division is what the address's own words say."""
    cells = f"{HOLDER}；{BUYER},湖南省长沙市演示工业园2号；湖南凤凰演示路"
    await hub.take("registration", TABLE + ROW.replace(f"{HOLDER},湖南省长沙市演示工业园2号", cells))
    assert [(HOLDER, "430100"), (BUYER, None)] == await hub.rows(
        "SELECT s.name, s.region_code FROM manufacturing_site s JOIN product_site p ON p.site_id = s.id"
        " ORDER BY region_code"
    )


async def test_a_medicine_that_moves_leaves_its_old_site(hub: TestHub) -> None:
    """A row states all sites of its medicine; other medicines keep theirs."""
    await hub.take("registration", TABLE + ROW + ROW.replace(SODIUM, OTHER))
    outcome = await hub.take("registration", TABLE + ROW.replace("工业园2号", "工业园9号"))
    assert BatchState.PROMOTED is outcome.state
    assert [(SODIUM, "湖南省长沙市演示工业园9号"), (OTHER, "湖南省长沙市演示工业园2号")] == await hub.rows(
        "SELECT DISTINCT p.approval_number, s.address FROM product_site l JOIN product p ON p.id = l.product_id"
        " JOIN manufacturing_site s ON s.id = l.site_id"
        " WHERE l.valid_to = 'infinity' AND l.superseded_at = 'infinity'"
        " ORDER BY 1"
    )


async def test_a_dosage_form_among_the_makers_is_no_maker(hub: TestHub) -> None:
    """As in a real row: the text stays with the medicine, no organisation is made of it."""
    await hub.take("registration", TABLE + ROW.replace(f"{HOLDER},湖南", "注射剂（冻干粉针剂）,湖南"))
    assert [("cell.no_organization", True)] == await hub.rows("SELECT code, is_notice FROM fault")
    assert 0 == await hub.value("SELECT count(*) FROM manufacturing_site")
    assert "注射剂（冻干粉针剂）" == await hub.value("SELECT manufacturer_name FROM product")


async def test_blank_is_not_no(hub: TestHub) -> None:
    """Three flags, each yes, no or not told; a word that is neither costs only itself."""
    content = (
        "批准文号,产品名称,一致性评价,一致性评价通过日期,国家清单药品,优先审评\n"
        f"{SODIUM},注射用硝普钠,通过,2020/5/6,是,\n{OTHER},注射用硝普钠,未通过,,2,也许\n"
    )
    await hub.take("registration", content)
    assert [(True, "2020-05-06", True, None), (False, None, False, None)] == await hub.rows(
        "SELECT consistency_evaluated, consistency_evaluated_on::text, on_shortage_list, priority_review"
        " FROM product ORDER BY approval_number"
    )
    assert [("cell.yes_no", "也许", True)] == await hub.rows("SELECT code, found_text, is_notice FROM fault")


def register(*numbers: str) -> str:
    """A register of so many medicines."""
    header = "批准文号,产品名称,上市许可持有人,生产单位,药品本位码\n"
    return header + "".join(f"{number},注射用硝普钠,{HOLDER},{HOLDER},\n" for number in numbers)


async def test_a_whole_file_ends_what_it_no_longer_names(hub: TestHub) -> None:
    """Of the domestic part only: imports are in a file of their own."""
    numbers = [f"国药准字H2005{serial:04d}" for serial in range(9001, 9011)]
    await hub.take(
        "registration", register(*numbers, IMPORT), name="国产药品_增量_20260101.csv", as_of=JANUARY
    )
    outcome = await hub.take(
        "registration", register(*numbers[1:]), name="国产药品_全量_202602.csv", as_of=FEBRUARY
    )
    assert outcome.books is not None
    assert 3 == outcome.books.closed  # medicine, approval, site
    standing = await hub.rows(f"SELECT approval_number FROM product WHERE {LIVE}")
    assert {*numbers[1:], IMPORT} == {number for (number,) in standing}
    assert 10 == await hub.value(f"SELECT count(*) FROM product_authorization WHERE {LIVE}")


async def test_an_increment_ends_nothing(hub: TestHub) -> None:
    """Whatever it leaves out."""
    await hub.take("registration", register(SODIUM, OTHER), as_of=JANUARY)
    outcome = await hub.take("registration", register(SODIUM), name="国产药品_增量.csv", as_of=FEBRUARY)
    assert outcome.books is not None
    assert 0 == outcome.books.closed


async def test_a_whole_file_cut_in_half_is_held(hub: TestHub) -> None:
    """More than a fifth of the part is gone."""
    numbers = [f"国药准字H2005{serial:04d}" for serial in range(9001, 9011)]
    await hub.take("registration", register(*numbers), as_of=JANUARY)
    outcome = await hub.take("registration", register(*numbers[:5]), name="国产药品_全量.csv", as_of=FEBRUARY)
    assert BatchState.HELD is outcome.state
    assert outcome.stop is not None
    assert "guard.vanished" == outcome.stop.code


async def test_a_medicine_in_quarantine_is_not_absent(hub: TestHub) -> None:
    """Its number was read, its name was not; nor is anything absent where a number was not read."""
    numbers = [f"国药准字H2005{serial:04d}" for serial in range(9001, 9011)]
    await hub.take("registration", register(*numbers), as_of=JANUARY)
    nameless = register(*numbers).replace(f"{numbers[0]},注射用硝普钠", f"{numbers[0]},")
    first = await hub.take("registration", nameless, name="国产药品_全量_1.csv", as_of=FEBRUARY)
    unread = register(*numbers).replace(numbers[0], numbers[0][:-1])
    second = await hub.take("registration", unread, name="国产药品_全量_2.csv", as_of=MARCH)
    assert [0, 0] == [each.books and each.books.closed for each in (first, second)]
    assert [("batch.nothing_closed",)] == await hub.rows(
        "SELECT code FROM fault WHERE batch_id = $1 AND is_notice", second.batch.id
    )


async def test_an_increment_again_under_the_name_of_a_whole_file_is_news(hub: TestHub) -> None:
    """The same bytes say more by their name."""
    numbers = [f"国药准字H2005{serial:04d}" for serial in range(9001, 9011)]
    await hub.take("registration", register(*numbers), name="国产药品_增量_1.csv", as_of=JANUARY)
    content = register(*numbers[1:])
    await hub.take("registration", content, name="国产药品_增量_2.csv", as_of=FEBRUARY)
    whole = await hub.take("registration", content, name="国产药品_全量.csv", as_of=MARCH)
    again = await hub.take("registration", content, name="国产药品_全量.csv", as_of=MARCH)
    assert (False, True) == (whole.is_repeat, again.is_repeat)
    assert whole.books is not None
    assert 3 == whole.books.closed
