"""The post: outlets that share a code, partners that are pharmacies, consignments and their tracks."""

import json
from typing import Any

import pytest

from connectors.registry import CONNECTORS
from hub.ingest.batches import BatchState, Books
from tests.lib.graph import POSTAL, STORES
from tests.lib.hub import TestHub

LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"
HEADER = "机构代码,网点名称,行政区划代码,是否医邮合作,合作药房名称,药品经营许可证号"
SHARED, ALONE = "061804", "061805"
OUTLETS = "\n".join(
    (
        HEADER,
        f"{SHARED},演示天河支局,440106,否,,",
        f"{SHARED},演示南山支局,440305,否,,",
        f"{ALONE},演示越秀支局,440104,否,,\n",
    )
)
STORE = "门店编码,门店名称,行政区划代码,药品经营许可证号\n"


def consignment(**cells: Any) -> str:
    """A good record as a JSON line, with some cells otherwise."""
    record = {
        "邮件号": "RA473124829DK",
        "收寄机构": ALONE,
        "收寄时间": "2026-02-20 08:30",
        "寄件单位": "演示医药有限公司",
        "收件机构": "演示县人民医院",
        "内件名称": "注射用硝普钠",
        "重量": "350克",
    }
    return json.dumps(record | cells, ensure_ascii=False) + "\n"


def track(*events: tuple[str, str, str]) -> list[dict[str, str]]:
    """Events of a consignment."""
    return [{"状态": status, "时间": at, "机构": outlet} for status, at, outlet in events]


def partner(name: str, licence: str, region: str = "440106") -> str:
    """A list of one partner pharmacy."""
    return f"合作药房名称,药品经营许可证号,行政区划代码\n{name},{licence},{region}\n"


async def test_two_outlets_of_one_code_are_two(hub: TestHub) -> None:
    """An outlet is known by code, name and division; the same file again changes nothing."""
    outcome = await hub.take("postal", OUTLETS)
    assert Books(read=3, promoted=3, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    again = await hub.take("postal", OUTLETS + "\n")
    assert again.books is not None
    assert (0, 3) == (again.books.promoted, again.books.unchanged)
    assert 2 == await hub.value(
        f"SELECT count(*) FROM postal_outlet WHERE outlet_code = '{SHARED}' AND {LIVE}"
    )


async def test_a_shared_code_links_to_neither_outlet(hub: TestHub) -> None:
    """The code is kept, and why there is no link stands beside it."""
    await hub.take("postal", OUTLETS)
    lines = [
        consignment(),
        consignment(邮件号="1234567890123", 收寄机构=SHARED),
        consignment(邮件号="1234567890124", 收寄机构="069999"),
    ]
    await hub.take("postal", "".join(lines))
    assert [
        (SHARED, False, "ambiguous"),
        (ALONE, True, "linked"),
        ("069999", False, "unknown"),
    ] == await hub.rows(
        "SELECT accepting_outlet_code, accepting_outlet_id IS NOT NULL, accepting_outlet_link_code"
        " FROM consignment ORDER BY accepting_outlet_code"
    )


async def test_outlets_that_come_later_settle_and_unsettle_links(hub: TestHub) -> None:
    """Unknown, then linked, then ambiguous when a namesake comes; each as a correction."""
    await hub.take("postal", consignment(轨迹=track(("收寄", "2026-02-20 08:30", ALONE))))
    state = f"SELECT accepting_outlet_link_code FROM consignment WHERE {LIVE}"
    event = f"SELECT outlet_link_code, outlet_id IS NULL FROM tracking_event WHERE {LIVE}"
    assert [("unknown",)] == await hub.rows(state)
    await hub.take("postal", OUTLETS)
    assert [("linked",)] == await hub.rows(state)
    assert [("linked", False)] == await hub.rows(event)
    await hub.take("postal", f"{HEADER}\n{ALONE},演示荔湾支局,440103,否,,\n")
    assert [("ambiguous",)] == await hub.rows(state)
    assert [("ambiguous", True)] == await hub.rows(event)


@pytest.mark.parametrize(
    ("stores", "sent", "expected"),
    [
        ("S1,演示药店,440106,粤DA1234\n", partner("另一名称", "粤 da1234"), "licence"),
        ("S1,演示药店（一店）,440106,\n", partner("演示药店(一店)", "粤DA1234"), "name"),
        ("S1,演示药店,440106,粤DA1234\n", partner("演示药店", "粤DA9999"), "conflict"),
        (
            "S1,演示药店,440106,粤DA1234\nS2,演示二店,440106,粤DA5678\n",
            partner("演示二店", "粤DA1234"),
            "conflict",
        ),
        ("S1,演示药店,440106,\nS2,演示药店,440106,\n", partner("演示药店", "粤DA1234"), "ambiguous"),
        ("S1,演示药店,440104,\n", partner("演示药店", "粤DA1234"), "unlinked"),
    ],
)
async def test_a_partner_is_a_pharmacy_by_licence_or_by_name_in_its_division(
    hub: TestHub, stores: str, sent: str, expected: str
) -> None:
    """In whichever order stores and partners come; in doubt it is none."""
    found = f"SELECT pharmacy_link_code, pharmacy_id IS NULL FROM partner_pharmacy WHERE {LIVE}"
    is_open = expected not in {"licence", "name"}
    await hub.take("postal", sent)
    assert [("unlinked", True)] == await hub.rows(found)
    await hub.take("pharmacy", STORE + stores, sender="chain")
    assert [(expected, is_open)] == await hub.rows(found)
    await hub.take("postal", sent + "\n")
    assert [(expected, is_open)] == await hub.rows(found)


async def test_an_outlet_names_the_pharmacy_it_works_with(hub: TestHub) -> None:
    """One partner, although two outlets name it; an outlet that works with none and names one is a fault."""
    rows = [
        f"{ALONE},演示一支局,440106,是,演示药店,粤DA1234",
        "061806,演示二支局,440106,是,演示药店（）,",
        "061807,演示三支局,440106,,演示药店,粤DA1234",
        "061808,演示四支局,440106,否,演示药店,粤DA1234",
        "061809,演示五支局,440106,是,,",
    ]
    outcome = await hub.take("postal", "\n".join([HEADER, *rows, ""]))
    assert outcome.books is not None
    assert (4, 1) == (outcome.books.promoted, outcome.books.quarantined)
    assert [("yes", True), ("yes", True), ("yes", True), ("yes", False)] == await hub.rows(
        "SELECT partnership_code, partner_pharmacy_id IS NOT NULL FROM postal_outlet ORDER BY outlet_code"
    )
    assert 2 == await hub.value("SELECT count(*) FROM partner_pharmacy")


async def test_places_are_named_in_words_too(hub: TestHub) -> None:
    """Province, city and county; what names no one division is a fault."""
    rows = ["a001,甲支局,广东省,广州市,天河区", "a002,乙支局,北京市,,大兴区", "a003,丙支局,广东省,东莞市,"]
    wrong = ["a004,丁支局,广东省,,", "a005,戊支局,,,", "a006,己支局,广东省,广州市,火星区"]
    outcome = await hub.take("postal", "\n".join(["机构代码,网点名称,省,市,县", *rows, *wrong, ""]))
    assert outcome.books is not None
    assert (3, 3) == (outcome.books.promoted, outcome.books.quarantined)
    assert ["440106", "110115", "441900"] == [
        code for (code,) in await hub.rows("SELECT region_code FROM postal_outlet ORDER BY outlet_code")
    ]


async def test_a_row_is_the_consignment_with_its_events(hub: TestHub) -> None:
    """One row read, one row promoted, whatever number of events; the last one is not said twice."""
    events = track(("收寄", "2026-02-20 08:30", ALONE), ("签收", "2026-02-21 10:00", SHARED))
    outcome = await hub.take("postal", consignment(轨迹=events, 状态="签收", 状态时间="2026-02-21 10:00"))
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("accepted", ALONE), ("delivered", SHARED)] == await hub.rows(
        "SELECT mail_status_code, outlet_code FROM tracking_event ORDER BY happened_at"
    )


async def test_a_later_file_adds_events(hub: TestHub) -> None:
    """The same consignment again, further on its way: what is known of it stays, the row counts as promoted."""
    await hub.take("postal", consignment(状态="收寄", 状态时间="2026-02-20 08:30"))
    later = await hub.take("postal", consignment(状态="签收", 状态时间="2026-02-21 08:30"))
    assert later.books is not None
    assert 1 == later.books.promoted
    assert (1, 2) == (
        await hub.value("SELECT count(*) FROM consignment"),
        await hub.value("SELECT count(*) FROM tracking_event"),
    )


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"邮件号": "RA473124828DK"}, "mail_number.check"),
        ({"邮件号": "12345678901234"}, "mail_number.length"),
        ({"收寄时间": "2099-01-01 08:00"}, "cell.future"),
        ({"状态": "签收"}, "cell.missing"),
        ({"状态": "王小明", "状态时间": "2026-02-21 08:30"}, "cell.withheld"),
        ({"状态": "签收", "状态时间": "2025-02-21 08:30"}, "cell.dates_order"),
        ({"轨迹": [{"状态": "签收"}]}, "cell.event"),
        ({"轨迹": "没有"}, "cell.withheld"),
        ({"收寄机构": "王小明"}, "cell.withheld"),
    ],
)
async def test_what_is_wrong_goes_to_quarantine(hub: TestHub, cells: dict[str, Any], code: str) -> None:
    """With its code; the row beside it goes on."""
    outcome = await hub.take("postal", consignment(邮件号="1234567890123") + consignment(**cells))
    assert outcome.books is not None
    assert (1, 1) == (outcome.books.promoted, outcome.books.quarantined)
    assert [(code,)] == await hub.rows("SELECT code FROM fault WHERE NOT is_notice")


async def test_service_is_told_in_numbers_where_it_can_be(hub: TestHub) -> None:
    """Words stay beside them; what is no number is told and not guessed."""
    outcome = await hub.take("postal", POSTAL / "service_areas.xml")
    assert outcome.books is not None
    assert 7 == outcome.books.promoted
    assert [(7, 24), (3, 48), (None, 72)] == await hub.rows(
        "SELECT visits_per_week::int, limit_hours FROM service_area WHERE region_code IN ('440106', '440305', '441900')"
        " ORDER BY region_code"
    )


async def test_the_samples_go_in_as_planned(hub: TestHub) -> None:
    """Planted faults and nothing else; partners are linked to the chain's stores."""
    await hub.take("pharmacy", STORES, sender="demo-chain-a")
    names = (
        "outlets.zip",
        "partner_pharmacies.csv",
        "service_areas.xml",
        "consignments.jsonl",
        "consignments.xml",
    )
    outcomes = [await hub.take("postal", POSTAL / name) for name in names]
    assert {BatchState.PROMOTED} == {outcome.state for outcome in outcomes}
    books = [outcome.books for outcome in outcomes if outcome.books]
    assert [(9, 2, 0), (3, 0, 0), (7, 0, 0), (6, 1, 1), (6, 0, 0)] == [
        (each.read, each.quarantined, each.skipped) for each in books
    ]
    assert [("licence",), ("name",), ("unlinked",), ("unlinked",)] == await hub.rows(
        f"SELECT pharmacy_link_code FROM partner_pharmacy WHERE {LIVE} ORDER BY 1"
    )


async def test_a_late_file_is_fitted_in(hub: TestHub) -> None:
    """Batches of the feed are read again from what was kept of them."""
    first = await hub.take("postal", OUTLETS)
    early = OUTLETS.replace("演示越秀支局", "演示从前支局")
    late = await hub.take("postal", early, as_of=first.batch.as_of.replace(year=2025))
    assert late.state is BatchState.PROMOTED
    assert 4 == await hub.value(f"SELECT count(*) FROM postal_outlet WHERE {LIVE}")


def test_the_feed_says_of_each_field_what_may_enter() -> None:
    """A manifest that does not is refused when it is read (`_personal`)."""
    manifest = CONNECTORS["postal"].manifest
    for layout in manifest.layouts:
        assert set(layout.headers) - set(layout.nested) <= set(layout.cells)
