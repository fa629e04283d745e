"""Who knows a code: medicines, and items of senders with how sure they are; and what a label's medicine is."""

import pytest

from hub.ingest.inspection import inspect
from tests.lib.hub import TestHub
from tests.lib.samples import APPROVALS, stock_take, stores

SODIUM = "国药准字H20059001"


@pytest.fixture
async def chain(hub: TestHub) -> TestHub:
    """A hub with two approvals, and a store that sells one of them."""
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    await hub.take("pharmacy", stock_take(f"S1,A1,注射用硝普钠,50mg,{SODIUM},12.50,3"), sender="chain-a")
    return hub


async def test_a_number_is_told_with_its_medicine_and_items(chain: TestHub) -> None:
    """The item of the chain with method and score; also where O stands for 0."""
    for text in (SODIUM, "国药准字H2OO59001"):
        [found] = (await inspect(chain.connection, text))["codes"]
        assert ["注射用硝普钠"] == [row["name_zh"] for row in found["products"]]
        [item] = found["items"]
        assert ("chain-a", "linked", "approval_number") == (
            item["sender_code"],
            item["match_code"],
            item["match_method_code"],
        )


async def test_a_senders_own_code_is_told(chain: TestHub) -> None:
    """Whose it is and what it was found to be."""
    [item] = (await inspect(chain.connection, "A1"))["item_codes"]
    assert ("chain-a", SODIUM) == (item["sender_code"], item["approval_number"])


async def test_a_label_is_told_with_what_it_may_be_and_why_not(chain: TestHub) -> None:
    """The name is right, the strength is another."""
    label = (await inspect(chain.connection, "注射用硝普钠 25mg*1支"))["label"]
    assert (["25mg"], 1, "waiting") == (label["strengths"], label["pack_count"], label["finding"]["state"])
    [candidate] = label["candidates"]
    assert (SODIUM, False) == (candidate["approval_number"], candidate["is_found"])
    assert "differ" in candidate["compared"]


async def test_a_division_is_told(chain: TestHub) -> None:
    """By its code."""
    found = (await inspect(chain.connection, "440106"))["codes"]
    assert [["天河区"]] == [[row["name"] for row in each["regions"]] for each in found if "regions" in each]
