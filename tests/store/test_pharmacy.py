"""Stock-takes: which store, which medicine, what ends by absence, and what a row in quarantine shields."""

import pytest

from hub.ingest.batches import BatchState, Books
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, stock_take, stores

ON_SALE_NOW = (
    "SELECT p.store_code, i.item_code, o.stock_packs::float FROM on_sale o JOIN pharmacy p ON p.id = o.pharmacy_id"
    " JOIN local_item i ON i.id = o.item_id WHERE o.valid_to = 'infinity' AND o.superseded_at = 'infinity'"
    " AND p.superseded_at = 'infinity' AND i.superseded_at = 'infinity' AND i.valid_to = 'infinity' ORDER BY 1, 2"
)
A1, A2 = "S1,A1,注射用硝普钠,50mg,国药准字H20059001,12.50,3", "S1,A2,地高辛片,0.25mg,国药准字H11029007,8,0"
B1 = "S2,A1,注射用硝普钠,50mg,国药准字H20059001,12.50,7"


@pytest.fixture
async def chain(hub: TestHub) -> TestHub:
    """A hub that knows two approvals and a chain's two stores."""
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1", "S2"), sender="chain-a")
    return hub


async def test_rows_become_what_is_on_sale(chain: TestHub) -> None:
    """Each row: a store has an item on sale; the total row is left out by rule."""
    outcome = await chain.take("pharmacy", stock_take(A1, A2, B1, "合计,,,,,,10"), sender="chain-a")
    assert Books(read=4, promoted=3, unchanged=0, quarantined=0, skipped=1, closed=0) == outcome.books
    assert await chain.rows(ON_SALE_NOW) == [("S1", "A1", 3.0), ("S1", "A2", 0.0), ("S2", "A1", 7.0)]


async def test_availability_is_what_the_stock_says(chain: TestHub) -> None:
    """Some, none, and not stated are three different things."""
    unknown = "S2,A2,地高辛片,0.25mg,国药准字H11029007,8,"
    await chain.take("pharmacy", stock_take(A1, A2, unknown), sender="chain-a")
    assert await chain.rows("SELECT availability_code FROM on_sale ORDER BY 1") == [
        ("in_stock",),
        ("out_of_stock",),
        ("unknown",),
    ]


async def test_what_is_on_sale_lies_in_the_partition_of_its_province(chain: TestHub) -> None:
    """The stores stand in Guangdong."""
    await chain.take("pharmacy", stock_take(A1), sender="chain-a")
    assert await chain.rows("SELECT tableoid::regclass::text FROM on_sale") == [("on_sale__p44",)]


async def test_what_is_on_sale_lies_in_the_order_of_its_key(chain: TestHub) -> None:
    """Whatever the order in the file: so that pages of the indexes are filled one after the other."""
    b2 = "S2,A2,地高辛片,0.25mg,国药准字H11029007,8,4"
    for day, rows in enumerate(((B1, A2, b2, A1), (A1, b2, A2, B1))):
        changed = [row.replace(",8,", f",{day + 3},").replace(",12.50,", f",{day + 4},") for row in rows]
        await chain.take("pharmacy", stock_take(*changed), sender="chain-a")
        lying = await chain.rows(
            "SELECT pharmacy_id, item_id FROM on_sale WHERE valid_to = 'infinity'"
            " AND superseded_at = 'infinity' ORDER BY ctid"
        )
        assert lying == sorted(lying)


async def test_full_width_text_is_the_same_item(chain: TestHub) -> None:
    """Full-width digits in specification and approval number are read as half-width ones."""
    await chain.take("pharmacy", stock_take(A1), sender="chain-a")
    wide = "S1,A1,注射用硝普钠,５０ｍｇ,国药准字Ｈ２００５９００１,１２．５０,３"
    outcome = await chain.take("pharmacy", stock_take(wide), sender="chain-a")
    assert outcome.books is not None
    assert (outcome.books.unchanged, outcome.books.promoted) == (1, 0)


async def test_items_are_linked_to_registered_medicines(chain: TestHub) -> None:
    """Approval number, name and strength agree: linked, with method, score and evidence."""
    await chain.take("pharmacy", stock_take(A1), sender="chain-a")
    [(state, method, score, evidence, name)] = await chain.rows(
        "SELECT match_code, match_method_code, match_score::text, match_evidence, p.name_zh"
        " FROM local_item i JOIN product p ON p.id = i.product_id"
    )
    assert (state, method, score, name) == ("linked", "approval_number", "0.98", "注射用硝普钠")
    assert "国药准字H20059001" in evidence


async def test_unmatched_items_wait_and_are_on_sale_all_the_same(chain: TestHub) -> None:
    """An item without approval number: the store sells it, nobody knows what it is."""
    await chain.take("pharmacy", stock_take("S1,A9,某保健品,1盒,,5,1"), sender="chain-a")
    assert await chain.rows("SELECT match_code, product_id FROM local_item") == [("waiting", None)]
    assert await chain.rows(ON_SALE_NOW) == [("S1", "A9", 1.0)]


async def test_a_strength_that_contradicts_registration_links_to_nothing(chain: TestHub) -> None:
    """Right number and name, another strength: a conflict, for a person to judge."""
    await chain.take("pharmacy", stock_take(A1.replace("50mg", "25mg")), sender="chain-a")
    assert await chain.rows("SELECT match_code, product_id FROM local_item") == [("conflict", None)]


async def test_an_item_that_waits_is_linked_when_registration_learns_of_it(hub: TestHub) -> None:
    """The approval comes after the stock-take; the link was so all along, the hub learns of it later."""
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    sold = await hub.take("pharmacy", stock_take(A1), sender="chain-a")
    approved = await hub.take("registration", APPROVALS)
    live = "SELECT match_code, valid_from, recorded_at, batch_id FROM local_item WHERE superseded_at = 'infinity'"
    assert [("linked", sold.batch.as_of, approved.batch.as_of, sold.batch.id)] == await hub.rows(live)
    assert await hub.value("SELECT count(*) FROM local_item WHERE superseded_at < 'infinity'") == 1


async def test_an_unknown_store_is_a_fault_of_its_row(chain: TestHub) -> None:
    """The hint says to send the stores first."""
    outcome = await chain.take("pharmacy", stock_take(A1, A1.replace("S1", "S9")), sender="chain-a")
    assert outcome.books is not None
    assert outcome.books.quarantined == 1
    assert await chain.rows("SELECT row_number, code, column_name, found_text FROM fault") == [
        (3, "row.unknown_pharmacy", "门店编码", "S9")
    ]


async def test_two_chains_with_the_same_codes_are_kept_apart(chain: TestHub) -> None:
    """Store and item codes are each sender's own."""
    await chain.take("pharmacy", stores("S1"), sender="chain-b")
    await chain.take("pharmacy", stock_take(A1), sender="chain-a")
    await chain.take("pharmacy", stock_take(A1.replace(",3", ",9")), sender="chain-b")
    assert sorted(await chain.rows(ON_SALE_NOW)) == [("S1", "A1", 3.0), ("S1", "A1", 9.0)]


async def test_absence_from_a_full_file_ends_what_was_on_sale(chain: TestHub) -> None:
    """The next stock-take of the store no longer names an item; the other store is not spoken of."""
    items = [A1, *(A1.replace("A1", f"X{n}") for n in range(9))]
    await chain.take("pharmacy", stock_take(*items, A2, B1), sender="chain-a")
    outcome = await chain.take("pharmacy", stock_take(*items), sender="chain-a")
    assert Books(read=10, promoted=0, unchanged=10, quarantined=0, skipped=0, closed=1) == outcome.books
    assert [("A2", outcome.batch.as_of)] == await chain.rows(
        "SELECT i.item_code, o.valid_to FROM on_sale o JOIN local_item i ON i.id = o.item_id"
        " WHERE o.valid_to < 'infinity'"
    )
    assert ("S2", "A1", 7.0) in await chain.rows(ON_SALE_NOW)


async def test_a_row_in_quarantine_is_not_absent(chain: TestHub) -> None:
    """A price that cannot be read keeps its row out, but ends nothing in that store."""
    await chain.take("pharmacy", stock_take(A1, A2), sender="chain-a")
    outcome = await chain.take("pharmacy", stock_take(A1.replace("12.50", "面议"), A2), sender="chain-a")
    assert Books(read=2, promoted=0, unchanged=1, quarantined=1, skipped=0, closed=0) == outcome.books
    assert await chain.rows(ON_SALE_NOW) == [("S1", "A1", 3.0), ("S1", "A2", 0.0)]


async def test_a_row_of_no_store_ends_nothing_anywhere(chain: TestHub) -> None:
    """A row cut short could be any store's; the hub says that it closed nothing."""
    await chain.take("pharmacy", stock_take(A1, A2), sender="chain-a")
    outcome = await chain.take("pharmacy", stock_take(A1, "S1,A2"), sender="chain-a")
    assert outcome.books is not None
    assert (outcome.books.quarantined, outcome.books.closed) == (1, 0)
    assert ("batch.nothing_closed", True) in await chain.rows("SELECT code, is_notice FROM fault")


async def test_one_code_for_two_medicines_is_quarantined(chain: TestHub) -> None:
    """Two rows of one item code that describe different medicines: neither is believed."""
    other = "S2,A1,地高辛片,0.25mg,国药准字H11029007,8,1"
    outcome = await chain.take("pharmacy", stock_take(A1, A2, other), sender="chain-a")
    assert Books(read=3, promoted=1, unchanged=0, quarantined=2, skipped=0, closed=0) == outcome.books
    assert await chain.rows("SELECT row_number, code FROM fault ORDER BY row_number") == [
        (2, "row.item_contradiction"),
        (4, "row.item_contradiction"),
    ]


async def test_a_file_in_which_too_much_vanished_is_held(chain: TestHub) -> None:
    """More than a fifth gone: the batch is held with the reason, and nothing of it is promoted."""
    items = [A1.replace("A1", f"X{n}") for n in range(10)]
    await chain.take("pharmacy", stock_take(*items), sender="chain-a")
    before = await chain.rows(ON_SALE_NOW)
    outcome = await chain.take("pharmacy", stock_take(*items[:5]), sender="chain-a")
    assert (outcome.state, outcome.books) == (BatchState.HELD, None)
    assert outcome.stop is not None
    assert "10 条中有 5 条" in outcome.stop.reason
    assert before == await chain.rows(ON_SALE_NOW)


async def test_a_return_to_earlier_bytes_is_news(chain: TestHub) -> None:
    """Monday's file on Wednesday, after Tuesday's said otherwise: no repeat, the state of Monday holds again."""
    monday = stock_take(A1)
    await chain.take("pharmacy", monday, sender="chain-a")
    await chain.take("pharmacy", stock_take(A1.replace(",3", ",5")), sender="chain-a")
    outcome = await chain.take("pharmacy", monday, sender="chain-a")
    assert not outcome.is_repeat
    assert await chain.rows(ON_SALE_NOW) == [("S1", "A1", 3.0)]


async def test_a_late_file_fits_into_the_past(chain: TestHub) -> None:
    """Tuesday's file comes after Wednesday's: the present stays Wednesday's, Tuesday gets its period."""
    monday, tuesday, wednesday = (chain.clock.now.replace(day=day) for day in (2, 3, 4))
    await chain.take("pharmacy", stock_take(A1), sender="chain-a", as_of=monday)
    await chain.take("pharmacy", stock_take(A1.replace(",3", ",5")), sender="chain-a", as_of=wednesday)
    await chain.take("pharmacy", stock_take(A1.replace(",3", ",4")), sender="chain-a", as_of=tuesday)
    assert [(3.0, monday, tuesday), (4.0, tuesday, wednesday), (5.0, wednesday, None)] == await chain.rows(
        "SELECT stock_packs::float, valid_from, nullif(valid_to, 'infinity') FROM on_sale"
        " WHERE superseded_at = 'infinity' ORDER BY valid_from"
    )


async def test_a_repeated_statement_costs_no_write_but_confirms(chain: TestHub) -> None:
    """A new file that says the same: no new fact, but the store's last confirmation moves on."""
    await chain.take("pharmacy", stock_take(A1), sender="chain-a")
    before = await chain.rows("SELECT * FROM on_sale")
    again = await chain.take("pharmacy", stock_take(A1) + "\n", sender="chain-a")
    assert before == await chain.rows("SELECT * FROM on_sale")
    assert [(again.batch.as_of,)] == await chain.rows("SELECT confirmed_at FROM stock_take")


async def test_a_store_in_no_division_is_a_fault(hub: TestHub) -> None:
    """The division's code does not exist."""
    outcome = await hub.take("pharmacy", stores("S1").replace("440106", "449999"), sender="chain-a")
    assert outcome.books is not None
    assert outcome.books.quarantined == 1
    assert await hub.rows("SELECT code, found_text FROM fault") == [("row.unknown_region", "449999")]


async def test_the_same_bytes_about_an_earlier_day_are_news(chain: TestHub) -> None:
    """Wednesday's file is sent again as Monday's: then Monday was so too."""
    monday, wednesday = (chain.clock.now.replace(day=day) for day in (2, 4))
    await chain.take("pharmacy", stock_take(A1), sender="chain-a", as_of=wednesday)
    outcome = await chain.take("pharmacy", stock_take(A1), sender="chain-a", as_of=monday)
    assert not outcome.is_repeat
    assert monday == await chain.value("SELECT min(valid_from) FROM on_sale WHERE superseded_at = 'infinity'")


async def test_a_corrected_approval_unsettles_the_links_it_contradicts(chain: TestHub) -> None:
    """Registration corrects the strength: what was linked by it now contradicts, and is linked no more."""
    await chain.take("pharmacy", stock_take(A1), sender="chain-a")
    await chain.take("registration", APPROVALS.replace("50mg", "25mg"))
    assert [("conflict", None)] == await chain.rows(
        "SELECT match_code, product_id FROM local_item WHERE superseded_at = 'infinity'"
    )


async def test_a_number_with_a_letter_for_a_digit_is_kept_and_told_of(chain: TestHub) -> None:
    """O for 0: the row comes in; name and strength bear the one reading out that is registered."""
    await chain.take("pharmacy", stock_take(A1.replace("H20059001", "H2OO59001")), sender="chain-a")
    assert [("linked", "approval_number_lookalike", "国药准字H2OO59001")] == await chain.rows(
        "SELECT match_code, match_method_code, approval_number FROM local_item"
    )
    assert [("approval_number.lookalike", True)] == await chain.rows("SELECT code, is_notice FROM fault")
