"""Procurement: lists, orders, deliveries and settlements become facts; packs and units agree; secrets stay apart."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from hub.ingest.batches import BatchState, Books
from tests.lib.hub import TestHub
from tests.lib.platforms import (
    APPROVALS,
    DIGOXIN,
    GUANGZHOU,
    PROVINCE,
    SODIUM,
    delivery,
    document,
    filing,
    guangdong,
    guangzhou,
    order,
    settlement,
    table,
)

LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"
SECRET = "9876.54"
PRICES = (
    "price_state_code, pack_price_yuan, unit_price_yuan,"
    " confidential_pack_price_yuan, confidential_unit_price_yuan"
)
SECRET_PRODUCT = guangdong(
    drugId="GD002",
    genname="注射用硝普钠",
    regSpecName="50mg",
    aprvno=SODIUM,
    convrat=1,
    minuntName="支",
    minpacName="支",
    minPacPubonlnPric=SECRET,
    hiddenPriceFlag=1,
)


@pytest.fixture
async def registered(hub: TestHub) -> TestHub:
    """A hub that knows two medicines."""
    await hub.take("registration", APPROVALS)
    return hub


@pytest.fixture
async def listed(registered: TestHub) -> TestHub:
    """The province lists both, one at a confidential price."""
    await send(registered, document(guangdong(), SECRET_PRODUCT))
    return registered


async def send(hub: TestHub, content: str, sender: str = PROVINCE, **rest: Any) -> Books:
    """Take a file of a platform in; its books."""
    outcome = await hub.take("procurement", content, sender=sender, **rest)
    assert outcome.books is not None, outcome.stop
    return outcome.books


async def faults(hub: TestHub) -> list[tuple[Any, ...]]:
    """Code, column, text and hint of the last batch's faults."""
    return await hub.rows(
        "SELECT code, column_name, found_text, hint FROM fault WHERE batch_id = (SELECT max(id) FROM batch)"
        " ORDER BY row_number, ordinal"
    )


async def test_two_platforms_codes_are_one_medicine(registered: TestHub) -> None:
    """Each platform's product is its own; both are linked to the registered medicine, with the evidence."""
    await send(registered, document(guangdong()))
    await send(registered, document(guangzhou()), GUANGZHOU)
    assert [("GD001", PROVINCE, DIGOXIN), ("7001", GUANGZHOU, DIGOXIN)] == await registered.rows(
        "SELECT product_code, sender_code, p.approval_number FROM platform_product s"
        " JOIN product p ON p.id = s.product_id ORDER BY s.batch_id"
    )


async def test_a_product_in_two_catalogues_has_two_listings(registered: TestHub) -> None:
    """The key of Guangzhou's list has two parts."""
    await send(
        registered, document(guangzhou(), guangzhou(procurecatalogId="C2", bidPrice="27", minUnitPrice=""))
    )
    assert [("C1", Decimal("0.95")), ("C2", Decimal("0.9"))] == await registered.rows(
        "SELECT catalogue_code, unit_price_yuan FROM listing ORDER BY catalogue_code"
    )
    assert 1 == await registered.value("SELECT count(*) FROM platform_product")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ("stated", Decimal("28.5"), Decimal("0.95"), None, None)),
        (
            {"minPacPubonlnPric": SECRET, "hiddenPriceFlag": 1, "convrat": 1},
            ("confidential", None, None, *[Decimal(SECRET)] * 2),
        ),
        ({"minPacPubonlnPric": 0, "hiddenPriceFlag": 1}, ("confidential", None, None, None, None)),
        ({"minPacPubonlnPric": None, "hiddenPriceFlag": 1}, ("confidential", None, None, None, None)),
        ({"minPacPubonlnPric": "*"}, ("confidential", None, None, None, None)),
        ({"minPacPubonlnPric": None}, ("missing", None, None, None, None)),
        ({"minPacPubonlnPric": 0}, ("zero", Decimal(0), Decimal(0), None, None)),
    ],
    ids=["stated", "confidential", "zero and marked", "blank and marked", "asterisk", "missing", "zero"],
)  # fmt: skip
async def test_stated_confidential_missing_and_zero_are_four_things(
    registered: TestHub, cells: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    """And a confidential price is in none of the columns of the others."""
    await send(registered, document(guangdong(**cells)))
    assert [expected] == await registered.rows(f"SELECT {PRICES} FROM listing")


async def test_a_pair_of_prices_that_disagrees_is_a_fault(registered: TestHub) -> None:
    """Code, row and both figures; 1 % is let pass."""
    books = await send(
        registered,
        document(guangzhou(minUnitPrice="0.96"), guangzhou(goodsId="2", minUnitPrice="0.9595")),
    )
    assert (2, 1, 1) == (books.read, books.promoted, books.quarantined)
    [first] = await faults(registered)
    assert ("row.pack_unit", "bidPrice", "28.50") == first[:3]
    assert "28.5 ÷ 30 = 0.95" in first[3]
    assert "0.96" in first[3]


async def test_faults_do_not_tell_confidential_prices(registered: TestHub) -> None:
    """Neither the figures of a pair, nor the text of a cell, nor a row that could not be cut."""
    bad_pair = guangzhou(hiddenPriceFlag="1", bidPrice=SECRET, minUnitPrice="1")
    no_number = guangzhou(goodsId="2", hiddenPriceFlag="1", bidPrice=f"{SECRET}元整")
    odd_mark = guangzhou(goodsId="3", hiddenPriceFlag="也许", bidPrice=f"{SECRET}x")
    await send(registered, document(bad_pair, no_number, odd_mark), GUANGZHOU)
    await send(registered, f'{{"drugId": "{SECRET}", "drugId": 2}}\n' + document(guangdong())[13:-2])
    told = await registered.rows("SELECT code, column_name, found_text, hint FROM fault")
    assert {"row.pack_unit", "cell.number", "cell.yes_no", "row.not_json"} <= {code for code, *_ in told}
    assert [] == [each for each in told if "9876" in str(each)]


async def test_what_the_newest_list_no_longer_names_has_left_it(listed: TestHub) -> None:
    """Within its platform; the history keeps it."""
    await send(listed, document(guangzhou()), GUANGZHOU)
    outcome = await listed.take("procurement", document(guangdong()), sender=PROVINCE)
    assert BatchState.HELD is outcome.state  # half of two is more than a fifth
    many = [guangdong(drugId=f"X{number}") for number in range(8)]
    await send(listed, document(guangdong(), SECRET_PRODUCT, *many))
    books = await send(listed, document(guangdong(), *many))
    assert 2 == books.closed  # the listing and the product
    assert 9 == await listed.value(
        f"SELECT count(*) FROM listing WHERE {LIVE} AND sender_code = $1", PROVINCE
    )
    assert 1 == await listed.value(
        f"SELECT count(*) FROM listing WHERE {LIVE} AND sender_code = $1", GUANGZHOU
    )


async def test_a_row_in_quarantine_is_not_absent(listed: TestHub) -> None:
    """What it names stays listed at its old price, and others may leave all the same."""
    many = [guangdong(drugId=f"X{number}") for number in range(8)]
    await send(listed, document(guangdong(), SECRET_PRODUCT, *many))
    wrong = guangdong(minPacPubonlnPric="面议")
    books = await send(listed, document(wrong, *many))
    assert (1, 2) == (books.quarantined, books.closed)
    assert [(Decimal("28.5"),)] == await listed.rows(
        f"SELECT pack_price_yuan FROM listing l JOIN platform_product p ON p.id = l.platform_product_id"
        f" WHERE p.product_code = 'GD001' AND l.{LIVE.replace(' AND ', ' AND l.')}"
        f" AND p.{LIVE.replace(' AND ', ' AND p.')}"
    )


async def test_a_row_that_names_nothing_lets_nothing_leave(listed: TestHub) -> None:
    """It may be what seems absent."""
    books = await send(listed, document(guangdong(), guangdong(drugId=None)))
    assert (1, 0) == (books.quarantined, books.closed)
    assert "batch.nothing_closed" in {code for code, *_ in await faults(listed)}


async def test_an_empty_list_closes_nothing(listed: TestHub) -> None:
    """It is refused."""
    outcome = await listed.take("procurement", '{"records": []}', sender=PROVINCE)
    assert BatchState.REFUSED is outcome.state
    assert 2 == await listed.value(f"SELECT count(*) FROM listing WHERE {LIVE}")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ("pack", Decimal(10), Decimal(300), Decimal("28.5"), Decimal("0.95"))),
        (
            {"采购数量": 300, "单位": "片", "采购单价": "0.95"},
            ("unit", Decimal(10), Decimal(300), Decimal("28.5"), Decimal("0.95")),
        ),
        ({"单位": None}, ("unknown", None, None, None, None)),
    ],
    ids=["packs", "units", "nobody said"],
)  # fmt: skip
async def test_quantities_in_packs_and_in_units(
    listed: TestHub, cells: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    """Counted in packs by one and in units by another, an order is the same; without a unit it is not guessed."""
    await send(listed, document(order(**cells)))
    assert [expected] == await listed.rows(
        "SELECT quantity_basis_code, quantity_packs, quantity_units, pack_price_yuan, unit_price_yuan"
        " FROM purchase_line"
    )


async def test_both_quantities_of_a_row_must_agree(listed: TestHub) -> None:
    """10 packs of 30 are not 100 units."""
    await send(listed, document(order(最小包装数量=10, 最小制剂数量=100)))
    [(code, _, found, hint)] = await faults(listed)
    assert ("row.pack_unit", True, True) == (code, "10 × 30 = 300" in hint, "100" in hint)
    assert "10" in found


async def test_faults_of_order_lines(listed: TestHub) -> None:
    """A unit of another product, a negative order, an order of tomorrow's tomorrow."""
    rows = (
        order(单位="件"),
        order(订单明细号="2", 采购数量=-1),
        order(订单明细号="3", 下单时间="2099-01-01"),
        order(订单明细号="4"),
    )
    books = await send(listed, table(*rows))
    assert (1, 3) == (books.promoted, books.quarantined)
    assert ["row.quantity_unit", "cell.negative", "cell.future_instant"] == [
        code for code, *_ in await faults(listed)
    ]


async def test_the_price_of_a_confidential_product_is_confidential_in_orders_too(listed: TestHub) -> None:
    """So are its amount and what is owed for it; a product that nobody lists counts as one, and is told of."""
    rows = (
        order(药品编码="GD002", 单位="支", 采购单价=SECRET, 采购金额=SECRET),
        order(订单明细号="2", 药品编码="GD999", 采购单价=SECRET, 采购金额=SECRET),
        order(订单明细号="3"),
    )
    await send(listed, document(*rows))
    assert ["row.unlisted_product"] == [code for code, *_ in await faults(listed)]
    owed = [settlement(结算单号=f"J{line}", 订单明细号=line, 应付金额=SECRET) for line in ("1", "2", "3")]
    await send(listed, document(*owed, settlement(结算单号="J4", 订单号=None, 订单明细号=None)))
    secret = Decimal(SECRET)
    assert [
        ("confidential", None, None, secret, secret),
        ("confidential", None, None, secret, secret),
        ("stated", Decimal("28.5"), Decimal(285), None, None),
    ] == await listed.rows(
        "SELECT price_state_code, price_stated_yuan, amount_yuan, confidential_price_stated_yuan,"
        " confidential_amount_yuan FROM purchase_line ORDER BY line_number"
    )
    assert [(None, secret), (None, secret), (secret, None), (Decimal(285), None)] == await listed.rows(
        "SELECT due_yuan, confidential_due_yuan FROM settlement ORDER BY settlement_number"
    )


async def test_goods_that_go_back_count_below_zero(listed: TestHub) -> None:
    """Shipped and taken in, each in packs and units; the rows of one line add up to what stayed."""
    await send(listed, table(delivery(), delivery(配送单号="P1R", 配送数量=-2, 入库数量=-2)))
    assert [(Decimal(8), Decimal(240), Decimal(7), Decimal(210))] == await listed.rows(
        "SELECT sum(shipped_packs), sum(shipped_units), sum(receipt_packs), sum(receipt_units) FROM delivery_line"
    )


async def test_a_receipt_may_follow_its_delivery(listed: TestHub) -> None:
    """What the second file does not state stays as the first said."""
    sent, received = delivery(), delivery()
    for name in ("入库数量", "入库时间"):
        del sent[name]
    for name in ("配送数量", "发货时间"):
        del received[name]
    await send(listed, document(sent))
    await send(listed, document(received))
    assert [(Decimal(10), Decimal(9))] == await listed.rows(
        f"SELECT shipped_packs, receipt_packs FROM delivery_line WHERE {LIVE}"
    )


async def test_orders_come_in_steps_and_repeat_themselves(listed: TestHub) -> None:
    """An order that the next file does not name goes on; one that it repeats changes nothing."""
    await send(listed, document(order(), order(订单明细号="2")))
    books = await send(listed, document(order(订单明细号="2"), order(订单明细号="3")))
    assert (1, 1, 0) == (books.promoted, books.unchanged, books.closed)
    assert 3 == await listed.value(f"SELECT count(*) FROM purchase_line WHERE {LIVE}")


async def test_a_late_list_completes_later_orders(registered: TestHub) -> None:
    """History comes out as if list and orders had come in order."""
    await send(registered, document(order()), as_of=datetime(2026, 2, 25, tzinfo=UTC))
    assert [("unknown", None)] == await registered.rows(
        "SELECT quantity_basis_code, quantity_units FROM purchase_line"
    )
    await send(registered, document(guangdong()), as_of=datetime(2026, 2, 1, tzinfo=UTC))
    assert [("pack", Decimal(300), "stated")] == await registered.rows(
        f"SELECT quantity_basis_code, quantity_units, price_state_code FROM purchase_line WHERE {LIVE}"
    )


async def test_a_filing_climbs_the_ladder(registered: TestHub) -> None:
    """What no platform lists is recognised by approval number, name and strength."""
    await send(registered, document(filing()))
    assert [("B1", "linked", SODIUM, Decimal(46), Decimal(46))] == await registered.rows(
        "SELECT filing_number, match_code, p.approval_number, pack_price_yuan, unit_price_yuan"
        " FROM filed_purchase f JOIN product p ON p.id = f.product_id"
    )


async def test_a_code_of_another_form_is_told_and_kept(registered: TestHub) -> None:
    """An NHSA code with O for 0 keeps nothing out; neither does a way of purchase that is not known."""
    books = await send(registered, document(guangdong(drugCode="XCO1AAD053A001010100101", formationMode="7")))
    assert (1, 0) == (books.promoted, books.quarantined)
    assert {"cell.purchase_mode"} < {code for code, *_ in await faults(registered)}
    assert [("XCO1AAD053A001010100101",)] == await registered.rows("SELECT nhsa_code FROM platform_product")
    assert [(None, "7")] == await registered.rows("SELECT mode_code, mode_text FROM listing")


async def test_a_sender_must_be_named(registered: TestHub) -> None:
    """Codes are each platform's own."""
    with pytest.raises(Exception, match="--sender"):
        await registered.take("procurement", document(guangdong()))
