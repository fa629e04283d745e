"""A person proposes a version, a second one publishes or rejects it; nothing is overwritten or done by halves."""

import io

import pytest

from hub.errors import RefusedActError
from hub.ingest.batches import BatchState
from hub.lists import store
from hub.lists.proposing import Proposing
from hub.lists.store import Actor
from schema.entities.fact import live_now
from schema.list_refusals import ListFileFaulty
from tests.lib.drug_lists import line, substitutions, version
from tests.lib.hub import TestHub

FIRST, SECOND = "2026-01-01", "2026-02-01"
ON_THE_LIST = f"SELECT name_zh FROM drug_list_entry WHERE {live_now()} ORDER BY 1"
ZHANG, LI = Actor("张演示", "按会商意见", None), Actor("李演示", "已复核", None)


def proposing(hub: TestHub) -> Proposing:
    """Proposals of a hub."""
    hub.clock.turn(minutes=1)
    return Proposing(hub.connection, hub.landing, hub.clock)


async def propose(hub: TestHub, content: str, who: Actor = ZHANG) -> int:
    """Propose a version; gives its number."""
    number, _ = await proposing(hub).propose("gd", "拟议.csv", io.BytesIO(content.encode()), who)
    return number


async def refused(act: object) -> str:
    """The code of why an act is refused."""
    with pytest.raises(RefusedActError) as error:
        await act  # type: ignore[misc]
    return error.value.refusal.code


async def test_a_proposal_changes_nothing_until_a_second_person_publishes_it(hub: TestHub) -> None:
    """Then it comes in as any file, and its facts lead to its rows."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    number = await propose(hub, version(["地高辛", "鱼精蛋白"], SECOND))
    assert [("地高辛",), ("硝普钠",)] == await hub.rows(ON_THE_LIST)
    outcome = await proposing(hub).approve(number, LI)
    assert BatchState.PROMOTED is outcome.state
    assert [("地高辛",), ("鱼精蛋白",)] == await hub.rows(ON_THE_LIST)
    assert [(outcome.batch.id, "proposal", 3)] == await hub.rows(
        "SELECT e.batch_id, d.transport_code, e.row_number FROM drug_list_entry e JOIN delivery d"
        " ON d.batch_id = e.batch_id WHERE e.name_zh = '鱼精蛋白'"
    )


async def test_a_proposal_says_what_it_would_change(hub: TestHub) -> None:
    """What comes in, what leaves, and what is said otherwise."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    text = version(["鱼精蛋白"], SECOND, line("地高辛", "在列|临床必需", day=SECOND))
    _, found = await proposing(hub).propose("gd", "a.csv", io.BytesIO(text.encode()), ZHANG)
    assert ["鱼精蛋白"] == [each.name_zh for each in found.added]
    assert ["硝普钠"] == [each.name_zh for each in found.removed]
    assert [("not_stated", "clinically_necessary")] == [
        (a.reason_code, b.reason_code) for a, b in found.changed
    ]


@pytest.mark.parametrize(
    "same",
    [
        Actor("张演示", "我再看过", None),
        Actor(" 张演示（客户端 abc）", "换了入口", "abc"),
        Actor("王演示", "换了名字", "subject-1"),
    ],
)
async def test_whoever_proposes_cannot_publish(hub: TestHub, same: Actor) -> None:
    """Known by name, however it came in, or by the subject of the token."""
    number = await propose(hub, version(["地高辛"]), Actor("张演示", "按会商意见", "subject-1"))
    assert "list.same_person" == await refused(proposing(hub).approve(number, same))
    assert [] == await hub.rows(ON_THE_LIST)


async def test_whoever_proposes_may_take_it_back(hub: TestHub) -> None:
    """A rejection needs no second person; a decided proposal stays decided."""
    number = await propose(hub, version(["地高辛"]))
    await proposing(hub).reject(number, ZHANG)
    assert "list.decided" == await refused(proposing(hub).approve(number, LI))
    assert "list.decided" == await refused(proposing(hub).reject(number, LI))
    assert [("reject", None)] == await hub.rows("SELECT verdict_code, batch_id FROM list_decision")


async def test_a_proposal_that_nobody_made_cannot_be_decided(hub: TestHub) -> None:
    """It is told so."""
    assert "list.unknown_proposal" == await refused(proposing(hub).approve(7, LI))


async def test_a_list_that_changed_since_is_not_published_over(hub: TestHub) -> None:
    """What the second person saw would not be what happens."""
    number = await propose(hub, version(["地高辛"], SECOND))
    await hub.take("drug_lists", version(["硝普钠"]), sender="gd")
    assert "list.base_changed" == await refused(proposing(hub).approve(number, LI))
    assert [("硝普钠",)] == await hub.rows(ON_THE_LIST)


async def test_the_same_version_twice_is_published_once(hub: TestHub) -> None:
    """The second finds a list that has changed; proposed anew it says nothing new."""
    one, two = [await propose(hub, version(["地高辛"])) for _ in range(2)]
    await proposing(hub).approve(one, LI)
    assert "list.base_changed" == await refused(proposing(hub).approve(two, LI))
    assert "list.nothing_new" == await refused(propose(hub, version(["地高辛"])))


async def test_what_a_person_approved_is_not_held(hub: TestHub) -> None:
    """A version that takes most of a list away: the guard asks for a person, and there was one."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠", "青霉胺"]), sender="gd")
    number = await propose(hub, version(["地高辛"], SECOND))
    assert BatchState.PROMOTED is (await proposing(hub).approve(number, LI)).state
    assert [("地高辛",)] == await hub.rows(ON_THE_LIST)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (version(["地高辛"], FIRST, line("硝普钠", "调入|某种原因")), ["cell.word"]),
        (version(["地高辛"], FIRST, line("硝普钠", region="110000")), ["list.other_version"]),
        (version(["地高辛", "地高辛"]), ["row.contradiction", "row.contradiction"]),
        (substitutions("地高辛|片剂|硝普钠|"), ["list.no_version"]),
        ("药品名称,剂型\n地高辛,片剂\n", ["file.no_header"]),
        ("", ["file.empty"]),
    ],
)
async def test_a_file_that_is_not_understood_is_no_proposal(
    hub: TestHub, content: str, codes: list[str]
) -> None:
    """All that is wrong is told; nothing is kept."""
    with pytest.raises(RefusedActError) as error:
        await propose(hub, content)
    refusal = error.value.refusal
    assert isinstance(refusal, ListFileFaulty)
    assert codes == [fault.code for fault in refusal.faults]
    assert [] == await store.proposals(hub.connection, pending=False)


async def test_the_next_version_shows_in_the_lists_of_the_command_line(hub: TestHub) -> None:
    """Lists, versions and what waits, as they are printed."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    number = await propose(hub, version(["地高辛"], SECOND))
    assert [number] == [each["id"] for each in await store.proposals(hub.connection, pending=True)]
    await proposing(hub).approve(number, LI)
    [each] = await store.lists(hub.connection)
    versions = await store.versions(hub.connection, each["id"])
    assert [(2, 0), (0, 1)] == [(one["came_in"], one["went_out"]) for one in versions]
    assert [] == await store.proposals(hub.connection, pending=True)
