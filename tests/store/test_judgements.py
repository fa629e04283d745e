"""People's judgements: they win over the ladder until withdrawn, and then it is as if they had never been made."""

import pytest

from hub.errors import JudgementError
from hub.ingest.judging import Judging
from hub.ingest.people import Person
from schema.declare import fields_of
from schema.entities import LocalItem, ProductionReport
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, HOLDER, monthly_report, stock_take, stores

SODIUM, DIGOXIN = "国药准字H20059001", "国药准字H11029007"
NAMELESS = "S1,A9,演示商品,1盒,,5,1"
BY = Person("演示审核员", "包装盒上的批准文号")
LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'"
#: all that is believed of items, of all periods, without when it was learned
BELIEVED = ", ".join(field.name for field in fields_of(LocalItem) if field.name != "recorded_at")


@pytest.fixture
async def chain(hub: TestHub) -> TestHub:
    """A hub with two approvals, a store, and an item that waits."""
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    await hub.take("pharmacy", stock_take(NAMELESS), sender="chain-a")
    return hub


def judging(hub: TestHub) -> Judging:
    """Judging, a minute later."""
    hub.clock.turn(minutes=1)
    return Judging(hub.connection, hub.clock)


async def state(hub: TestHub) -> list[tuple[object, ...]]:
    """State, method and medicine of the item now."""
    return await hub.rows(
        "SELECT i.match_code, i.match_method_code, p.approval_number FROM local_item i"
        f" LEFT JOIN product p ON p.id = i.product_id WHERE i.{LIVE.replace(' AND ', ' AND i.')}"
    )


async def believed(hub: TestHub) -> list[tuple[object, ...]]:
    """Every row of items that the hub now believes."""
    return await hub.rows(
        f"SELECT {BELIEVED} FROM local_item WHERE superseded_at = 'infinity' ORDER BY id, valid_from"
    )


async def test_a_judgement_links_at_once_with_who_and_why(chain: TestHub) -> None:
    """The ladder left the item waiting."""
    assert [("waiting", None, None)] == await state(chain)
    await judging(chain).judge(LocalItem, ["chain-a", "A9"], SODIUM, BY)
    assert [("linked", "judgement", SODIUM)] == await state(chain)
    evidence = await chain.value(f"SELECT match_evidence FROM local_item WHERE {LIVE}")
    assert BY.name in evidence
    assert BY.reason in evidence


async def test_an_item_names_the_judgement_that_its_link_rests_on(chain: TestHub) -> None:
    """By number, while the judgement stands."""
    number = f"SELECT match_judgement_id FROM local_item WHERE {LIVE}"
    assert await chain.value(number) is None
    made = await judging(chain).judge(LocalItem, ["chain-a", "A9"], SODIUM, BY)
    assert made == await chain.value(number)
    await judging(chain).withdraw(made, BY)
    assert await chain.value(number) is None


async def test_a_judgement_wins_over_the_ladder_and_over_new_files(chain: TestHub) -> None:
    """The item is linked by its number; a person knows better; the same file and a changed one do not undo it."""
    line = f"S1,A1,注射用硝普钠,50mg,{SODIUM},12.50,3"
    await chain.take("pharmacy", stock_take(NAMELESS, line), sender="chain-a")
    await judging(chain).judge(LocalItem, ["chain-a", "A1"], DIGOXIN, BY)
    now = (
        "SELECT product_id = (SELECT id FROM product WHERE approval_number = $1) FROM local_item"
        f" WHERE item_code = 'A1' AND {LIVE}"
    )
    for content in (
        stock_take(NAMELESS, line) + "\n",
        stock_take(NAMELESS, line.replace("50mg", "50mg*1支")),
    ):
        assert await chain.value(now, DIGOXIN)
        await chain.take("pharmacy", content, sender="chain-a")
    assert await chain.value(now, DIGOXIN)


async def test_an_item_judged_to_be_no_medicine_waits_no_more(chain: TestHub) -> None:
    """Neither is it linked by what is registered later."""
    await judging(chain).judge(LocalItem, ["chain-a", "A9"], None, BY)
    await chain.take("registration", APPROVALS + "国药准字H20059003,演示商品,1盒\n")
    assert [("none", "judgement", None)] == await state(chain)


@pytest.mark.parametrize("verdict", [SODIUM, None])
async def test_after_withdrawal_all_is_as_if_it_had_never_been_made(
    chain: TestHub, verdict: str | None
) -> None:
    """Every row believed is the same, of all periods; recorded time alone tells."""
    before = await believed(chain)
    number = await judging(chain).judge(LocalItem, ["chain-a", "A9"], verdict, BY)
    assert before != await believed(chain)
    await judging(chain).withdraw(number, BY)
    assert before == await believed(chain)


async def test_files_that_came_in_between_stand_as_without_the_judgement(
    chain: TestHub, other_hub: TestHub
) -> None:
    """Two hubs take the same files; one is told a judgement first and its withdrawal last."""
    await other_hub.take("registration", APPROVALS)
    await other_hub.take("pharmacy", stores("S1"), sender="chain-a")
    await other_hub.take("pharmacy", stock_take(NAMELESS), sender="chain-a")
    number = await judging(chain).judge(LocalItem, ["chain-a", "A9"], SODIUM, BY)
    other_hub.clock.turn(minutes=1)
    files = (
        ("pharmacy", stock_take(NAMELESS) + "\n", "chain-a"),
        ("pharmacy", stock_take(NAMELESS.replace("演示商品,1盒,", f"地高辛片,0.25mg,{DIGOXIN}")), "chain-a"),
        ("registration", APPROVALS.replace("50mg", "25mg"), None),
        ("pharmacy", stock_take(NAMELESS.replace("演示商品,1盒,", f"注射用硝普钠,25mg,{SODIUM}")), "chain-a"),
    )
    for feed, content, sender in files:
        for each in (chain, other_hub):
            await each.take(feed, content, sender=sender)
    await judging(chain).withdraw(number, BY)
    assert await believed(other_hub) == await believed(chain)
    assert 3 == len(await believed(chain))


async def test_history_keeps_what_was_judged(chain: TestHub) -> None:
    """What the hub believed, and between which instants it did: waiting, judged, waiting again."""
    number = await judging(chain).judge(LocalItem, ["chain-a", "A9"], SODIUM, BY)
    judged = chain.clock.now
    await judging(chain).withdraw(number, BY)
    history = await chain.rows(
        "SELECT match_code, recorded_at, nullif(superseded_at, 'infinity') FROM local_item ORDER BY recorded_at"
    )
    assert [
        ("waiting", history[0][1], judged),
        ("linked", judged, chain.clock.now),
        ("waiting", chain.clock.now, None),
    ] == history


async def test_judgements_and_withdrawals_are_only_added(chain: TestHub) -> None:
    """Judged, withdrawn, judged otherwise: three rows, none of them changed."""
    first = await judging(chain).judge(LocalItem, ["chain-a", "A9"], SODIUM, BY)
    await judging(chain).withdraw(first, BY)
    second = await judging(chain).judge(LocalItem, ["chain-a", "A9"], None, BY)
    assert [(1, "product"), (2, "none")] == await chain.rows(
        "SELECT id, verdict_code FROM judgement ORDER BY 1"
    )
    assert [(first,)] == await chain.rows("SELECT judgement_id FROM judgement_withdrawal")
    assert 2 == second


async def test_a_judgement_of_a_report_holds_for_its_other_months(chain: TestHub) -> None:
    """Those that are there, and those that come."""
    row = {
        "统一社会信用代码": HOLDER,
        "持有人": "演示制药（甲）有限公司",
        "批准文号": "国药准字H20059999",
        "通用名": "演示药",
        "规格": "50mg",
        "计划产量": 1,
        "实际产量": 1,
        "单位": "万支",
        "期末库存": 3,
        "供应状态": "正常",
    }
    rows = ({"报告期": month, **row} for month in ("2025-12", "2026-01"))
    await chain.take("production", monthly_report(*rows), sender="nmpa")
    await judging(chain).judge(ProductionReport, ["nmpa", HOLDER, "国药准字H20059999", "50mg"], SODIUM, BY)
    february = monthly_report({"报告期": "2026-02", **row})
    await chain.take("production", february, sender="nmpa")
    assert [("linked", "judgement")] * 3 == await chain.rows(
        f"SELECT match_code, match_method_code FROM production_report WHERE {LIVE}"
    )


@pytest.mark.parametrize(
    ("item", "number", "code"),
    [
        (["chain-a", "A8"], SODIUM, "judgement.no_item"),
        (["chain-a"], SODIUM, "judgement.item_values"),
        (["chain-a", "A9"], "国药准字H20059999", "judgement.no_product"),
    ],
)
async def test_a_judgement_of_nothing_is_refused(
    chain: TestHub, item: list[str], number: str, code: str
) -> None:
    """Nothing is written down."""
    with pytest.raises(JudgementError) as caught:
        await judging(chain).judge(LocalItem, item, number, BY)
    assert code == caught.value.code
    assert 0 == await chain.value("SELECT count(*) FROM judgement")


async def test_a_second_judgement_asks_for_the_first_to_be_withdrawn(chain: TestHub) -> None:
    """And a withdrawal cannot be made twice, nor of a judgement that is not there."""
    number = await judging(chain).judge(LocalItem, ["chain-a", "A9"], SODIUM, BY)
    with pytest.raises(JudgementError, match="撤回"):
        await judging(chain).judge(LocalItem, ["chain-a", "A9"], DIGOXIN, BY)
    await judging(chain).withdraw(number, BY)
    for wrong, code in ((number, "judgement.withdrawn"), (99, "judgement.unknown")):
        with pytest.raises(JudgementError) as caught:
            await judging(chain).withdraw(wrong, BY)
        assert code == caught.value.code
