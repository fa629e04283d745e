"""Medical institutions: whose formulary, which medicine, what ends by absence, when it was confirmed."""

from datetime import timedelta

import pytest

from hub.ingest.batches import Books
from hub.ingest.judging import Judging
from hub.ingest.people import Person
from schema.entities import InstitutionItem
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, formulary, institutions, stock_take, stores

SENDER = "health-gd"
SODIUM = "Y1,P1,注射用硝普钠,50mg,国药准字H20059001,3,4"
DIGOXIN = "Y1,P2,地高辛片,0.25mg,国药准字H11029007,1,"
OTHER = "Y2,P1,注射用硝普钠,50mg,国药准字H20059001,,0"
KEPT_NOW = (
    "SELECT n.institution_code, i.item_code, m.sufficiency_code, m.stock_packs::float, m.availability_code"
    " FROM institution_medicine m JOIN institution n ON n.id = m.institution_id JOIN institution_item i"
    " ON i.id = m.item_id WHERE m.valid_to = 'infinity' AND m.superseded_at = 'infinity' ORDER BY 1, 2"
)


@pytest.fixture
async def platform(hub: TestHub) -> TestHub:
    """A hub that knows two approvals and a platform's two institutions."""
    await hub.take("registration", APPROVALS)
    await hub.take("hospital", institutions("Y1", "Y2"), sender=SENDER)
    return hub


async def test_rows_become_what_institutions_keep(platform: TestHub) -> None:
    """With what is said of the supply, and what follows for who asks whether there is any."""
    outcome = await platform.take("hospital", formulary(SODIUM, DIGOXIN, OTHER), sender=SENDER)
    assert Books(read=3, promoted=3, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert await platform.rows(KEPT_NOW) == [
        ("Y1", "P1", "short", 4.0, "few"),
        ("Y1", "P2", "sufficient", None, "in_stock"),
        ("Y2", "P1", None, 0.0, "out_of_stock"),
    ]


async def test_items_climb_the_identity_ladder(platform: TestHub) -> None:
    """As pharmacies' do."""
    await platform.take("hospital", formulary(SODIUM, DIGOXIN), sender=SENDER)
    assert [("linked", "approval_number"), ("linked", "approval_number")] == await platform.rows(
        "SELECT match_code, match_method_code FROM institution_item"
    )


async def test_an_item_is_judged_by_its_sender_and_code(platform: TestHub) -> None:
    """What the ladder leaves waiting, a person may decide."""
    await platform.take("hospital", formulary("Y1,P9,演示商品,1盒,,1,"), sender=SENDER)
    judging = Judging(platform.connection, platform.clock)
    await judging.judge(InstitutionItem, [SENDER, "P9"], "国药准字H20059001", Person("演示审核员", "核对"))
    assert [("linked", "judgement")] == await platform.rows(
        "SELECT match_code, match_method_code FROM institution_item WHERE superseded_at = 'infinity'"
    )


async def test_what_a_formulary_no_longer_names_has_ended(platform: TestHub) -> None:
    """Of the institutions in the file; of others it says nothing."""
    many = [SODIUM.replace("P1", f"X{number}") for number in range(9)]
    await platform.take("hospital", formulary(*many, DIGOXIN, OTHER), sender=SENDER)
    outcome = await platform.take("hospital", formulary(*many), sender=SENDER)
    assert outcome.books is not None
    assert 1 == outcome.books.closed
    codes = {(place, item) for place, item, *_ in await platform.rows(KEPT_NOW)}
    assert (("Y1", "P2") in codes, ("Y2", "P1") in codes) == (False, True)


async def test_each_institution_confirms_its_own_list(platform: TestHub) -> None:
    """A file confirms the institutions that it names; the same bytes a day later confirm them anew."""
    await platform.take("hospital", formulary(SODIUM, OTHER), sender=SENDER)
    later = await platform.take("hospital", formulary(SODIUM), sender=SENDER)
    platform.clock.turn(days=1)
    assert (await platform.take("hospital", formulary(SODIUM), sender=SENDER)).is_repeat
    confirmed = dict(
        await platform.rows(
            "SELECT n.institution_code, c.confirmed_at FROM formulary_confirmation c JOIN institution n"
            " ON n.id = c.institution_id"
        )
    )
    assert confirmed["Y2"] < later.batch.as_of
    assert confirmed["Y1"] > later.batch.as_of + timedelta(hours=23)


async def test_rows_of_an_unknown_institution_come_in_when_it_is_registered(platform: TestHub) -> None:
    """Until then they wait, and the hint says what to send."""
    await platform.take("hospital", formulary(SODIUM, SODIUM.replace("Y1", "Y9")), sender=SENDER)
    assert [(3, "row.unknown_institution", "医疗机构代码", "Y9")] == await platform.rows(
        "SELECT row_number, code, column_name, found_text FROM fault"
    )
    await platform.take("hospital", institutions("Y1", "Y2", "Y9"), sender=SENDER)
    assert ["Y1", "Y9"] == [row[0] for row in await platform.rows(KEPT_NOW)]


async def test_of_a_formulary_only_what_differs_is_read(platform: TestHub) -> None:
    """The next file is compared with the one before; what comes of it is the same."""
    rows = [SODIUM.replace("P1", f"X{number:02}") for number in range(40)]
    await platform.take("hospital", formulary(*rows), sender=SENDER)
    outcome = await platform.take(
        "hospital", formulary(rows[0].replace(",4", ",0"), *rows[1:-1]), sender=SENDER
    )
    assert Books(read=39, promoted=1, unchanged=38, quarantined=0, skipped=0, closed=1) == outcome.books
    kept = await platform.rows(KEPT_NOW)
    assert (39, "out_of_stock") == (len(kept), kept[0][4])
    written = "SELECT count(*) FROM institution_medicine WHERE batch_id = $1"
    assert 1 == await platform.value(f"{written} AND superseded_at = 'infinity'", outcome.batch.id)


async def test_pharmacies_and_institutions_of_one_sender_are_kept_apart(platform: TestHub) -> None:
    """The same codes in both feeds name different places and different items."""
    await platform.take("pharmacy", stores("Y1"), sender=SENDER)
    await platform.take("pharmacy", stock_take("Y1,P1,地高辛片,0.25mg,国药准字H11029007,8,1"), sender=SENDER)
    await platform.take("hospital", formulary(SODIUM), sender=SENDER)
    assert 1 == await platform.value("SELECT count(*) FROM on_sale")
    assert [("Y1", "P1", "short", 4.0, "few")] == await platform.rows(KEPT_NOW)


async def test_an_institution_is_an_organisation(platform: TestHub) -> None:
    """By its social credit code where the register has it; so it is found by its name."""
    register = (
        institutions("Y3")
        .replace("是否公立", "是否公立,统一社会信用代码")
        .replace(",是,", ",是,91999999MA0000000K,")
    )
    await platform.take("hospital", register, sender=SENDER)
    assert [("91999999MA0000000K", "演示医院Y3", "institution")] == await platform.rows(
        "SELECT o.uscc, o.name, r.role_code FROM organization o JOIN organization_role r"
        " ON r.organization_id = o.id WHERE o.uscc IS NOT NULL"
    )
    named = "SELECT count(*) FROM search_document WHERE kind_code = 'organization'"
    assert 3 == await platform.value(named)
