"""The state's lists: each line comes in, the newest list ends what it no longer names, a cut one is held."""

from decimal import Decimal

from hub.ingest.batches import BatchState, Books
from schema.entities.fact import live_now
from tests.lib.hub import TestHub
from tests.lib.lists import entry, essential, essentials, insured

LIVE = live_now()
PERIOD = "2025年1月1日至2026年12月31日"


async def test_a_line_becomes_a_medicine_and_its_forms(hub: TestHub) -> None:
    """One medicine, one row for each form in each strength."""
    await hub.take("essential_medicines", essentials(essential(21, "片剂、胶囊：0. 1g 注射液", "某新药")))
    assert [
        (1, "片剂", "0.1g", "100mg"),
        (2, "胶囊", "0.1g", "100mg"),
        (3, "注射液", None, None),
    ] == await hub.rows(
        "SELECT f.ordinal, f.dosage_form, f.strength_text, f.strength FROM essential_medicine_form f"
        " JOIN essential_medicine m ON m.id = f.medicine_id WHERE m.name_zh = '某新药' ORDER BY 1"
    )


async def test_the_text_stays_as_received(hub: TestHub) -> None:
    """Blanks of scanning and all."""
    await hub.take("essential_medicines", essentials(essential(21, "片剂： 0. 1g 、0.2g")))
    assert "片剂： 0. 1g 、0.2g" == await hub.value(
        "SELECT forms_text FROM essential_medicine WHERE list_number = 21"
    )


async def test_a_text_that_gives_no_forms_is_told_of_and_comes_in(hub: TestHub) -> None:
    """The line is whole without them: a notice, no fault."""
    outcome = await hub.take("essential_medicines", essentials(essential(21, "详见附件")))
    assert Books(read=21, promoted=21, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("cell.forms", True, "剂型、规格", "详见附件")] == await hub.rows(
        "SELECT code, is_notice, column_name, found_text FROM fault"
    )


async def test_prices_stand_with_their_entry(hub: TestHub) -> None:
    """Yuan, what for, and the days of the agreement."""
    await hub.take(
        "insurance_list", insured(entry(21, "13.60元(1ml:12.5mg/支)；66.82元(5ml:100mg/支)", PERIOD))
    )
    assert [(Decimal("13.6"), "1ml:12.5mg/支"), (Decimal("66.82"), "5ml:100mg/支")] == await hub.rows(
        "SELECT price_yuan, per_text FROM insurance_price ORDER BY ordinal"
    )
    assert [("priced", "2025-01-01", "2026-12-31")] == await hub.rows(
        "SELECT payment_standard_code, agreement_starts_on::text, agreement_ends_on::text FROM insurance_entry"
        " WHERE entry_number = 21"
    )


async def test_a_confidential_price_is_no_number(hub: TestHub) -> None:
    """Neither missing nor zero: it is said that there is one, and no row has it."""
    await hub.take("insurance_list", insured(entry(21, "*", PERIOD)))
    assert [("confidential", 1), ("none", 20)] == await hub.rows(
        "SELECT payment_standard_code, count(*)::int FROM insurance_entry GROUP BY 1 ORDER BY 1"
    )
    assert 0 == await hub.value("SELECT count(*) FROM insurance_price")


async def test_a_price_that_cannot_be_read_keeps_its_row_out(hub: TestHub) -> None:
    """With its cell and a hint."""
    outcome = await hub.take("insurance_list", insured(entry(21, "面议", PERIOD)))
    assert Books(read=21, promoted=20, unchanged=0, quarantined=1, skipped=0, closed=0) == outcome.books
    assert ("cell.payment_standard", "医保支付标准", "面议") in await hub.rows(
        "SELECT code, column_name, found_text FROM fault WHERE NOT is_notice"
    )


async def test_a_star_is_a_number_given_before(hub: TestHub) -> None:
    """★(8), in either width of brackets."""
    again = entry(21).replace(",21,", ",★（1）,")
    await hub.take("insurance_list", insured(again))
    assert [(1, True, "某药21")] == await hub.rows(
        "SELECT entry_number, is_repeat, name FROM insurance_entry WHERE is_repeat"
    )


async def test_a_newer_list_ends_what_it_no_longer_names(hub: TestHub) -> None:
    """The medicine and its forms have left the list since the newer one's day."""
    await hub.take("essential_medicines", essentials(essential(21)))
    outcome = await hub.take("essential_medicines", essentials())
    assert Books(read=20, promoted=0, unchanged=20, quarantined=0, skipped=0, closed=3) == outcome.books
    assert [(21, outcome.batch.as_of)] == await hub.rows(
        "SELECT list_number, valid_to FROM essential_medicine WHERE valid_to < 'infinity'"
    )
    assert 0 == await hub.value(
        f"SELECT count(*) FROM essential_medicine_form f WHERE {live_now('f')} AND NOT EXISTS"
        f" (SELECT FROM essential_medicine m WHERE m.id = f.medicine_id AND {live_now('m')})"
    )


async def test_a_published_price_that_becomes_confidential_ends(hub: TestHub) -> None:
    """The entry goes on, its price does not."""
    prices = [entry(number, f"{number}.00元(10mg/支)", PERIOD) for number in range(21, 31)]
    await hub.take("insurance_list", insured(*prices))
    await hub.take("insurance_list", insured(entry(21, "*", PERIOD), *prices[1:]))
    assert [("confidential",)] == await hub.rows(
        f"SELECT payment_standard_code FROM insurance_entry WHERE entry_number = 21 AND {LIVE}"
    )
    assert 9 == await hub.value(f"SELECT count(*) FROM insurance_price WHERE {LIVE}")


async def test_a_new_number_is_the_same_entry(hub: TestHub) -> None:
    """Lists are numbered anew with each edition; what they name is known by class, name and form."""
    await hub.take("insurance_list", insured(entry(21)))
    outcome = await hub.take("insurance_list", insured(entry(21).replace(",21,", ",99,")))
    assert Books(read=21, promoted=1, unchanged=20, quarantined=0, skipped=0, closed=0) == outcome.books
    assert 1 == await hub.value("SELECT count(DISTINCT id) FROM insurance_entry WHERE name = '某药21'")


async def test_a_list_that_was_cut_off_is_held(hub: TestHub) -> None:
    """More than a fifth of the entries gone: nothing ends, a person has to look."""
    lines = [entry(number) for number in range(21, 31)]
    await hub.take("insurance_list", insured(*lines))
    outcome = await hub.take("insurance_list", insured())
    assert BatchState.HELD is outcome.state
    assert outcome.stop is not None
    assert "30 条中有 10 条" in outcome.stop.reason
    assert 30 == await hub.value(f"SELECT count(*) FROM insurance_entry WHERE {LIVE}")


async def test_a_handful_of_lines_is_no_list(hub: TestHub) -> None:
    """Also where nothing is known yet."""
    outcome = await hub.take("insurance_list", insured().splitlines()[0] + "\n" + entry(1) + "\n")
    assert outcome.stop is not None
    assert "guard.rows" == outcome.stop.code


async def test_a_row_in_quarantine_is_not_absent(hub: TestHub) -> None:
    """Nobody knows which entry it is, so none leaves the list, and the hub says so."""
    await hub.take("insurance_list", insured(entry(21), entry(22)))
    outcome = await hub.take("insurance_list", insured(entry(21, "面议")))
    assert Books(read=21, promoted=0, unchanged=20, quarantined=1, skipped=0, closed=0) == outcome.books
    assert ("batch.nothing_closed",) in await hub.rows("SELECT code FROM fault WHERE is_notice")


async def test_each_issuer_has_a_list_of_its_own(hub: TestHub) -> None:
    """A province's shorter list ends nothing of the state's."""
    await hub.take("insurance_list", insured(entry(21), entry(22)))
    outcome = await hub.take("insurance_list", insured(), sender="province-44")
    assert Books(read=20, promoted=20, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("nhsa", 22), ("province-44", 20)] == await hub.rows(
        f"SELECT sender_code, count(*)::int FROM insurance_entry WHERE {LIVE} GROUP BY 1 ORDER BY 1"
    )


async def test_an_older_list_fits_into_the_past(hub: TestHub) -> None:
    """What only the older list names was on it until the newer one."""
    older, newer = (hub.clock.now.replace(day=day) for day in (1, 2))
    await hub.take("essential_medicines", essentials(), as_of=newer)
    await hub.take("essential_medicines", essentials(essential(21)), as_of=older)
    assert [(older, newer)] == await hub.rows(
        "SELECT valid_from, valid_to FROM essential_medicine WHERE list_number = 21 AND superseded_at = 'infinity'"
    )


async def test_two_lines_for_one_medicine_are_both_quarantined(hub: TestHub) -> None:
    """Not marked as repeated, and different: neither is believed."""
    outcome = await hub.take("essential_medicines", essentials(essential(21, "片剂：1g", "某药01")))
    assert outcome.books is not None
    assert 2 == outcome.books.quarantined
