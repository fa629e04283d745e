"""Between two stock-takes: changes, sales, lines and lots, and the levels that follow from them."""

from decimal import Decimal
from typing import Any

import pytest

from hub.ingest.batches import BatchState, Books
from tests.lib.hub import START, TestHub
from tests.lib.inventory import changes, lines, lot, nhsa, sales
from tests.lib.samples import APPROVALS, stock_take, stores

A1, A2 = "S1,A1,注射用硝普钠,50mg,国药准字H20059001,12.50,10", "S1,A2,地高辛片,0.25mg,国药准字H11029007,8,4"
LEVEL = (
    "SELECT i.item_code, l.level_packs::float, l.basis_code FROM stock_level l JOIN local_item i ON i.id = l.item_id"
    " WHERE i.superseded_at = 'infinity' AND i.valid_to = 'infinity' ORDER BY 1"
)
ON_SALE = (
    "SELECT i.item_code, o.availability_code, o.stock_packs::float FROM on_sale o JOIN local_item i ON i.id = o.item_id"
    " WHERE o.valid_to = 'infinity' AND o.superseded_at = 'infinity' AND i.superseded_at = 'infinity'"
    " AND i.valid_to = 'infinity' ORDER BY 1"
)


@pytest.fixture
async def chain(hub: TestHub) -> TestHub:
    """A chain with one store, whose stock-take of START says 10 and 4."""
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain")
    await hub.take("pharmacy", stock_take(A1, A2), sender="chain", as_of=START)
    hub.clock.turn(days=5)
    return hub


async def send(chain: TestHub, text: str) -> Books:
    """Take a file of the chain in; it must be promoted."""
    outcome = await chain.take("pharmacy", text, sender="chain")
    assert BatchState.PROMOTED is outcome.state
    assert outcome.books is not None
    return outcome.books


async def test_a_change_is_a_fact_of_its_own(chain: TestHub) -> None:
    """Its kind, its effect on stock, its instant in UTC; what is on sale stays as the stock-take says."""
    books = await send(chain, changes("S1,A1,销售出库,3,2026-03-02 10:00:00,D1"))
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == books
    assert [("sale", "销售出库", Decimal(-3), "2026-03-02T02:00:00+00:00")] == [
        (kind, word, packs, at.isoformat())
        for kind, word, packs, at in await chain.rows(
            "SELECT kind_code, kind_received, quantity_packs, changed_at FROM inventory_change"
        )
    ]
    assert ("A1", "in_stock", 10.0) in await chain.rows(ON_SALE)


async def test_a_level_is_the_last_count_and_what_changed_since(chain: TestHub) -> None:
    """A change before the count is in it already."""
    rows = (
        "S1,A1,采购入库,5,2026-03-02 10:00:00,D1",
        "S1,A1,销售,2,2026-03-03 10:00:00,D2",
        "S1,A1,销售,7,2026-02-28 10:00:00,D3",
        "S1,A2,101,6,2026-02-01 10:00:00,D4",
    )
    await send(chain, changes(*rows))
    assert [("A1", 13.0, "changed"), ("A2", 4.0, "counted")] == await chain.rows(LEVEL)


async def test_the_same_change_again_is_no_second_one(chain: TestHub) -> None:
    """In another file, in another order, written otherwise; another document is another change."""
    await send(chain, changes("S1,A1,销售,2,2026-03-02 10:00:00,D1", "S1,A1,销售,2,2026-03-02 10:00:00,D2"))
    books = await send(
        chain, changes("S1,A1,销售,2.00,2026/3/2 10:00:00,D2", "S1,A1,销售,2,20260302100000,D1")
    )
    assert (0, 2) == (books.promoted, books.unchanged)
    assert [("A1", 6.0, "changed")] == await chain.rows(LEVEL)


async def test_a_new_count_starts_anew(chain: TestHub) -> None:
    """A stock-take after the changes is the level again."""
    await send(chain, changes("S1,A1,销售,2,2026-03-02 10:00:00,D1"))
    await send(chain, stock_take(A1.replace(",10", ",7"), A2))
    assert [("A1", 7.0, "counted")] == await chain.rows(LEVEL)


@pytest.mark.parametrize(
    ("rows", "basis"),
    [
        (("S1,A1,神秘类型,2,2026-03-02 10:00:00,D1",), "unsigned"),
        (("S1,A1,销售,-2,2026-03-02 10:00:00,D1",), "unsigned"),
        (("S1,A1,销售,2,2026-03-01,D1",), "unordered"),
        (("S1,A1,销售,11,2026-03-02 10:00:00,D1",), "negative"),
        (("S1,A9,采购入库,1,2026-03-02 10:00:00,D1",), "not_counted"),
    ],
)
async def test_no_level_where_none_can_be_told(chain: TestHub, rows: tuple[str, ...], basis: str) -> None:
    """The change is kept and the reason stated: no direction, the day of the count, less than nothing, no count."""
    await send(chain, changes(*rows))
    assert [(None, basis)] == await chain.rows("SELECT level_packs, basis_code FROM stock_level")


async def test_sales_told_twice_give_no_level(chain: TestHub) -> None:
    """In the list of changes and in the list of sales: perhaps the same ones."""
    await send(chain, changes("S1,A1,销售,2,2026-03-02 10:00:00,D1"))
    await send(chain, sales("S1,A1,2,25.00,2026-03-02 10:00:00"))
    assert [("A1", None, "told_twice")] == await chain.rows(LEVEL)


async def test_a_list_of_sales(chain: TestHub) -> None:
    """Less than nothing is a return; the last sale is known."""
    await send(chain, sales("S1,A1,2,25.00,2026-03-02 10:00:00", "S1,A1,-1,-12.50,2026-03-03 10:00:00"))
    assert [("A1", 9.0, "changed")] == await chain.rows(LEVEL)
    assert "2026-03-02T02:00:00+00:00" == (await chain.value("SELECT sold_at FROM stock_level")).isoformat()


async def test_whom_was_sold_to_is_left_outside(chain: TestHub) -> None:
    """Columns of persons are no part of the layout: told of, and in no table."""
    text = (
        "门店编码,商品编码,销售数量,销售时间,就诊人,身份证号\nS1,A1,1,2026-03-02 10:00:00,演示某人,000000\n"
    )
    await send(chain, text)
    assert [("batch.unknown_columns", "就诊人、身份证号")] == await chain.rows(
        "SELECT code, found_text FROM fault WHERE is_notice"
    )
    assert 0 == await chain.value(
        "SELECT count(*) FROM inventory_change WHERE to_jsonb(inventory_change)::text LIKE '%某人%'"
    )


async def test_rows_that_are_not_understood_are_faults(chain: TestHub) -> None:
    """No such store, no number, no time, a time to come."""
    books = await send(
        chain,
        changes(
            "S9,A1,销售,2,2026-03-02 10:00:00,D1",
            "S1,A1,销售,几,2026-03-02 10:00:00,D2",
            "S1,A1,销售,2,昨天,D3",
            "S1,A1,销售,2,2062-03-02 10:00:00,D4",
            "S1,A1,,2,2026-03-02 10:00:00,D5",
            "S1,A1,销售,2,2026-03-02 10:00:00,D6",
        ),
    )
    assert Books(read=6, promoted=1, unchanged=0, quarantined=5, skipped=0, closed=0) == books
    assert [
        (2, "row.unknown_pharmacy"),
        (3, "cell.number"),
        (4, "cell.instant"),
        (5, "cell.future_instant"),
        (6, "cell.missing"),
    ] == await chain.rows("SELECT row_number, code FROM fault ORDER BY 1")


async def test_lines_are_put_and_ended(chain: TestHub) -> None:
    """What no row names stays; ending what is not there changes nothing."""
    books = await send(
        chain,
        lines(
            "修改,S1,A1,注射用硝普钠,50mg,国药准字H20059001,12.50,3",
            "删除,S1,A2,,,,,",
            "删除,S1,A8,,,,,",
            "新增,S1,A3,某保健品,1盒,,5,1",
        ),
    )
    assert Books(read=4, promoted=3, unchanged=1, quarantined=0, skipped=0, closed=0) == books
    assert [("A1", "in_stock", 3.0), ("A3", "in_stock", 1.0)] == await chain.rows(ON_SALE)


async def test_lines_again_change_nothing(chain: TestHub) -> None:
    """Put and ended already; only the counts are of another instant."""
    rows = ("修改,S1,A1,注射用硝普钠,50mg,国药准字H20059001,12.50,", "删除,S1,A2,,,,,")
    await send(chain, lines(*rows))
    books = await send(chain, lines(*rows[::-1]))
    assert (0, 2) == (books.promoted, books.unchanged)


async def test_a_line_with_its_stock_is_a_count(chain: TestHub) -> None:
    """Also where it is the number that stood there: the changes before are in it."""
    await send(chain, changes("S1,A1,销售,2,2026-03-02 10:00:00,D1"))
    await send(chain, lines("修改,S1,A1,注射用硝普钠,50mg,国药准字H20059001,12.50,10"))
    assert [("A1", 10.0, "counted")] == await chain.rows(LEVEL)


async def test_two_lines_of_one_item_are_faults(chain: TestHub) -> None:
    """Put and ended in one file: which was last nobody can tell."""
    books = await send(
        chain,
        lines("修改,S1,A1,注射用硝普钠,50mg,国药准字H20059001,12.50,3", "删除,S1,A1,,,,,", "删除,S1,A2,,,,,"),
    )
    assert (1, 2) == (books.promoted, books.quarantined)
    assert {"row.contradiction"} == {code for (code,) in await chain.rows("SELECT code FROM fault")}


async def test_lots_of_an_item_add_up(chain: TestHub) -> None:
    """A batch of one pharmacy, full: what it no longer names has ended."""
    batch = nhsa("S1", lot("A2", 3, "L1"), lot("A2", 4, "L2"), lot("A1", 0, "L9"))
    books = await send(chain, batch)
    assert Books(read=3, promoted=3, unchanged=0, quarantined=0, skipped=0, closed=0) == books
    assert [("A1", "out_of_stock", 0.0), ("A2", "in_stock", 7.0)] == await chain.rows(ON_SALE)
    assert [
        ("L1", 3.0, "2027-01-01"),
        ("L2", 4.0, "2027-01-01"),
        ("L9", 0.0, "2027-01-01"),
    ] == await chain.rows(
        "SELECT lot_number, counted_packs::float, expires_on::text FROM stock_lot ORDER BY 1"
    )


async def test_a_page_sent_twice_counts_once(chain: TestHub) -> None:
    """The same lot in the same words is the same lot; the rows are unchanged, not lost."""
    page = nhsa("S1", lot("A2", 3, "L1"), lot("A2", 4, "L2"), lot("A1", 1, "L9"))
    books = await send(chain, page + page)
    assert (6, 0) == (books.read, books.quarantined)
    assert ("A2", "in_stock", 7.0) in await chain.rows(ON_SALE)


@pytest.mark.parametrize(
    "broken",
    [
        lot("A2", "几", "L2"),
        lot("A2", 5, "L1"),
        lot("A2", None, "L2"),
        lot("A2", -1, "L2"),
        lot("A2", 1, "L2", expyEnd="某日"),
    ],
)
async def test_a_lot_that_is_missing_leaves_the_sum_open(chain: TestHub, broken: dict[str, Any]) -> None:
    """There is some, as far as the other lots say; how much is not known."""
    await send(chain, nhsa("S1", lot("A2", 3, "L1"), lot("A2", 2, "L3"), lot("A1", 1, "L9"), broken))
    assert [("A1", "in_stock", 1.0), ("A2", "in_stock", None)] == await chain.rows(ON_SALE)


async def test_lots_that_are_sold_out_have_ended(chain: TestHub) -> None:
    """All of them may: the guard looks at items, not at lots."""
    await send(chain, nhsa("S1", lot("A2", 3, "L1"), lot("A1", 4, "L2")))
    await send(chain, nhsa("S1", lot("A2", 3, "L7"), lot("A1", 4, "L8")))
    assert ["L7", "L8"] == [
        number
        for (number,) in await chain.rows(
            "SELECT lot_number FROM stock_lot WHERE valid_to = 'infinity' AND superseded_at = 'infinity' ORDER BY 1"
        )
    ]


async def test_an_upload_of_changes_and_of_sales(chain: TestHub) -> None:
    """The same envelope, told apart by the columns of its rows; the batch's number is the document."""
    change = {
        "medinsListCodg": "A1",
        "invChgType": "108",
        "pric": 10.5,
        "cnt": 5,
        "invChgTime": "2026-03-02 10:00:00",
    }
    sale = {"medinsListCodg": "A1", "rtalPric": 12.5, "selCnt": 2, "selAmt": 25, "psnName": "演示某人"}
    await send(chain, nhsa("S1", change, number="C1"))
    await send(chain, nhsa("S1", sale, number="X1"))
    assert [("changes", "purchase", 5.0, "C1"), ("sales", "sale", -2.0, "X1")] == await chain.rows(
        "SELECT source_code, kind_code, quantity_packs::float, document_number FROM inventory_change ORDER BY 1"
    )
    await send(chain, nhsa("S1", sale, number="X1") + "\n")
    assert 2 == await chain.value("SELECT count(*) FROM inventory_change WHERE superseded_at = 'infinity'")


async def test_an_item_has_its_insurance_code_and_trace_prefix(chain: TestHub) -> None:
    """One that cannot be read is empty and told of: the item has other codes."""
    head = "门店编码,商品编码,通用名,库存,医保编码,追溯码\n"
    good = "S1,A1,注射用硝普钠,1,XC02DDX165B001010199001,81234560000000000001\n"
    await send(chain, head + good + "S1,A2,地高辛片,1,不详X,123\n")
    assert [("A1", "XC02DDX165B001010199001", "8123456"), ("A2", None, None)] == await chain.rows(
        "SELECT item_code, nhsa_code, trace_prefix FROM local_item WHERE valid_to = 'infinity'"
        " AND superseded_at = 'infinity' ORDER BY 1"
    )
    assert ["nhsa_code.start", "trace_code.shape"] == [
        code for (code,) in await chain.rows("SELECT code FROM fault WHERE is_notice ORDER BY 1")
    ]
