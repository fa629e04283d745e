"""Versions of lists: what comes in, what leaves and why; corrections, late versions, and those still to come."""

from datetime import UTC, datetime

from hub.ingest.batches import BatchState, Books
from schema.entities.fact import held_now, live_now
from tests.lib.drug_lists import DIGOXIN, line, reserve, substitutions, version
from tests.lib.hub import TestHub

LIVE = live_now()
CHANGES = (
    "SELECT name_zh, effective_on::text, direction_code, reason_code FROM list_change"
    f" WHERE {LIVE} ORDER BY effective_on, name_zh"
)
ON_THE_LIST = f"SELECT name_zh FROM drug_list_entry WHERE {LIVE} ORDER BY 1"
FIRST, SECOND, THIRD = "2026-01-01", "2026-02-01", "2026-03-01"


def begins(day: str) -> datetime:
    """The first moment of a day in China."""
    return datetime.fromisoformat(f"{day}T00:00:00+08:00").astimezone(UTC)


async def test_a_version_becomes_a_list_its_version_and_entries(hub: TestHub) -> None:
    """One list, one version, and an entry for each row, since the first moment of its day in China."""
    outcome = await hub.take("drug_lists", version(["地高辛|片剂", "硝普钠"]), sender="gd")
    assert Books(read=2, promoted=2, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("gd", "shortage", "440000", "province", True)] == await hub.rows(
        "SELECT l.sender_code, l.kind_code, l.region_code, l.level_code, l.version_id = v.id FROM drug_list l"
        " JOIN drug_list_version v ON v.list_id = l.id"
    )
    assert [
        ("地高辛", "concept_form", begins(FIRST)),
        ("硝普钠", "substance", begins(FIRST)),
    ] == await hub.rows("SELECT name_zh, scope_level_code, valid_from FROM drug_list_entry ORDER BY 1")


async def test_levels_follow_from_what_is_filled(hub: TestHub) -> None:
    """Name; form, in its cell or in the name; strength; approval number."""
    words = ["硝普钠", "地高辛片", "青霉胺|片剂|0.125g", f"地高辛|片剂|0.25mg|{DIGOXIN}"]
    await hub.take("drug_lists", version(words), sender="gd")
    assert [
        ("product", "地高辛"),
        ("concept_form", "地高辛片"),
        ("substance", "硝普钠"),
        ("concept_strength", "青霉胺"),
    ] == await hub.rows("SELECT scope_level_code, name_zh FROM drug_list_entry ORDER BY name_zh")


async def test_what_the_next_version_no_longer_names_has_left(hub: TestHub) -> None:
    """With the reason that the file states, or with none stated."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠", "青霉胺", "甲硫酸新斯的明"]), sender="gd")
    out = line("硝普钠", "调出|市场供应充足、能够形成有效竞争", day=SECOND)
    outcome = await hub.take(
        "drug_lists", version(["地高辛", "甲硫酸新斯的明", "鱼精蛋白"], SECOND, out), sender="gd"
    )
    assert Books(read=4, promoted=3, unchanged=1, quarantined=0, skipped=0, closed=2) == outcome.books
    assert [
        ("硝普钠", SECOND, "out", "market_supplied"),
        ("青霉胺", SECOND, "out", "not_stated"),
        ("鱼精蛋白", SECOND, "in", "not_stated"),
    ] == (await hub.rows(CHANGES))[4:]
    assert [("地高辛",), ("甲硫酸新斯的明",), ("鱼精蛋白",)] == await hub.rows(ON_THE_LIST)


async def test_several_reasons_stay_in_the_words_of_the_file(hub: TestHub) -> None:
    """The first is the code, all are the text."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    out = line("硝普钠", "调出|市场供应充足、能够形成有效竞争", day=SECOND)
    await hub.take("drug_lists", version(["地高辛"], SECOND, out), sender="gd")
    assert [("market_supplied", "市场供应充足、能够形成有效竞争")] == await hub.rows(
        "SELECT reason_code, reason_text FROM list_change WHERE direction_code = 'out'"
    )


async def test_an_entry_keeps_the_reason_for_which_it_came_in(hub: TestHub) -> None:
    """A later version need not say it again."""
    await hub.take("drug_lists", version(["地高辛"], FIRST, line("硝普钠", "调入|临床必需")), sender="gd")
    outcome = await hub.take("drug_lists", version(["地高辛", "硝普钠"], SECOND), sender="gd")
    assert outcome.books is not None
    assert [("clinically_necessary", begins(FIRST))] == await hub.rows(
        f"SELECT reason_code, valid_from FROM drug_list_entry WHERE name_zh = '硝普钠' AND {LIVE}"
    )


async def test_what_was_on_the_list_on_a_day_as_known_then(hub: TestHub) -> None:
    """Two axes: a correction of today changes what is believed of that day, not what was believed then."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    then = hub.clock.now
    hub.clock.turn(days=10)
    await hub.take("drug_lists", version(["地高辛"]), sender="gd")
    asked = (
        "SELECT name_zh FROM drug_list_entry WHERE valid_from <= $1 AND valid_to > $1 AND recorded_at <= $2"
        " AND superseded_at > $2 ORDER BY 1"
    )
    assert [("地高辛",), ("硝普钠",)] == await hub.rows(asked, begins("2026-01-15"), then)
    assert [("地高辛",)] == await hub.rows(asked, begins("2026-01-15"), hub.clock.now)


async def test_a_corrected_version_corrects_its_changes(hub: TestHub) -> None:
    """What it says otherwise was never so; what was believed stays on record, superseded."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    await hub.take("drug_lists", version(["地高辛", "鱼精蛋白"], SECOND), sender="gd")
    await hub.take("drug_lists", version(["地高辛", "硝普钠", "鱼精蛋白"], SECOND), sender="gd")
    assert [("鱼精蛋白", SECOND, "in", "not_stated")] == (await hub.rows(CHANGES))[2:]
    assert [("硝普钠", "out")] == await hub.rows(
        "SELECT name_zh, direction_code FROM list_change WHERE superseded_at < 'infinity'"
    )
    assert [("地高辛",), ("硝普钠",), ("鱼精蛋白",)] == await hub.rows(ON_THE_LIST)


async def test_a_late_version_fits_between_others(hub: TestHub) -> None:
    """Changes of the version after it come out as if all had come in order; each version is in force in its time."""
    files = {
        FIRST: version(["地高辛", "硝普钠"], FIRST),
        SECOND: version(["地高辛", "鱼精蛋白"], SECOND),
        THIRD: version(["地高辛", "鱼精蛋白", "青霉胺"], THIRD),
    }
    for day in (FIRST, THIRD, SECOND):
        await hub.take("drug_lists", files[day], sender="gd")
    assert [
        ("硝普钠", SECOND, "out", "not_stated"),
        ("鱼精蛋白", SECOND, "in", "not_stated"),
        ("青霉胺", THIRD, "in", "not_stated"),
    ] == (await hub.rows(CHANGES))[2:]
    assert [(begins(day), day) for day in (FIRST, SECOND, THIRD)] == await hub.rows(
        "SELECT l.valid_from, v.effective_on::text FROM drug_list l JOIN drug_list_version v"
        " ON v.id = l.version_id AND v.superseded_at = 'infinity' WHERE l.superseded_at = 'infinity' ORDER BY 1"
    )


async def test_a_version_to_come_changes_nothing_before_its_day(hub: TestHub) -> None:
    """By the clock the list is what it was; what is announced can be asked for."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    await hub.take("drug_lists", version(["地高辛", "鱼精蛋白"], "2999-01-01"), sender="gd")
    assert [("地高辛",), ("硝普钠",)] == await hub.rows(
        f"SELECT name_zh FROM drug_list_entry WHERE {held_now()} ORDER BY 1"
    )
    assert [(FIRST,)] == await hub.rows(
        "SELECT v.effective_on::text FROM drug_list l JOIN drug_list_version v ON v.id = l.version_id"
        f" WHERE {held_now('l')}"
    )
    assert ("鱼精蛋白", "2999-01-01", "in", "not_stated") in await hub.rows(CHANGES)


async def test_lists_of_a_sender_do_not_end_each_other(hub: TestHub) -> None:
    """A file is the whole of its own list."""
    await hub.take("drug_lists", version(["地高辛"], region="440000"), sender="gd")
    outcome = await hub.take("drug_lists", version(["硝普钠"], region="440100"), sender="gd")
    assert Books(read=1, promoted=1, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("province",), ("city",)] == await hub.rows(
        "SELECT level_code FROM drug_list ORDER BY region_code"
    )


async def test_a_row_that_is_not_understood_keeps_absence_from_meaning_anything(hub: TestHub) -> None:
    """Only what the file says has left leaves; the hub tells so."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠", "青霉胺"]), sender="gd")
    bad = line("鱼精蛋白", "调入|某种原因", day=SECOND)
    out = line("硝普钠", "调出|可被更优品种替代", day=SECOND)
    outcome = await hub.take("drug_lists", version(["地高辛"], SECOND, bad, out), sender="gd")
    assert Books(read=3, promoted=2, unchanged=0, quarantined=1, skipped=0, closed=0) == outcome.books
    assert [("地高辛",), ("青霉胺",)] == await hub.rows(ON_THE_LIST)
    assert [("硝普钠", SECOND, "out", "replaceable")] == (await hub.rows(CHANGES))[3:]
    assert {("cell.word",), ("batch.nothing_closed",)} == set(await hub.rows("SELECT code FROM fault"))


async def test_planted_faults_are_named(hub: TestHub) -> None:
    """A reason of the other way, another day, another document, a division that is none."""
    faulty = [
        line("甲", "调出|临床必需"),
        line("乙", day="2026-01-02"),
        line("丙", document="演示另一公告"),
        line("丁", region="44"),
        line("戊", region="4"),
    ]
    outcome = await hub.take("drug_lists", version(["地高辛", "硝普钠"], FIRST, *faulty), sender="gd")
    assert outcome.books is not None
    assert 4 == outcome.books.quarantined
    assert [
        (4, "list.reason"),
        (5, "list.other_date"),
        (6, "list.other_version"),
        (8, "region_code.digits"),
    ] == await hub.rows("SELECT row_number, code FROM fault WHERE NOT is_notice ORDER BY 1")


async def test_leaving_a_list_that_it_was_not_on_is_told_of(hub: TestHub) -> None:
    """A notice: it changes nothing."""
    outcome = await hub.take("drug_lists", version(["地高辛"], FIRST, line("硝普钠", "调出")), sender="gd")
    assert Books(read=2, promoted=1, unchanged=1, quarantined=0, skipped=0, closed=0) == outcome.books
    assert [("list.not_on_it", "硝普钠")] == await hub.rows("SELECT code, found_text FROM fault")


async def test_a_list_that_loses_most_of_itself_is_held(hub: TestHub) -> None:
    """A person has to look."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠", "青霉胺"]), sender="gd")
    outcome = await hub.take("drug_lists", version(["地高辛"], SECOND), sender="gd")
    assert BatchState.HELD is outcome.state


async def test_the_same_version_again_changes_nothing(hub: TestHub) -> None:
    """Other bytes, the same words: no row is written."""
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    outcome = await hub.take("drug_lists", version(["硝普钠", "地高辛"]), sender="gd")
    assert Books(read=2, promoted=0, unchanged=2, quarantined=0, skipped=0, closed=0) == outcome.books


async def test_a_guide_is_whole(hub: TestHub) -> None:
    """What a sender's newest guide no longer names may no longer be given instead."""
    words = ["硝普钠|注射剂|硝酸甘油|注射剂", "地高辛||去乙酰毛花苷|", "青霉胺|片剂|青霉胺|胶囊剂"]
    await hub.take("drug_lists", substitutions(*words), sender="guide")
    outcome = await hub.take("drug_lists", substitutions(*words[1:]), sender="guide")
    assert Books(read=2, promoted=0, unchanged=2, quarantined=0, skipped=0, closed=1) == outcome.books
    assert [("地高辛",), ("青霉胺",)] == await hub.rows(
        f"SELECT from_name FROM substitution WHERE {LIVE} ORDER BY 1"
    )


async def test_reserves_have_tables_of_their_own(hub: TestHub) -> None:
    """Nothing of them is among the published lists; a cell that is not understood is not repeated in its fault."""
    await hub.take("reserve_lists", reserve("硝普钠", quantity="机密"), sender="gd-reserve")
    await hub.take("reserve_lists", reserve("硝普钠", "地高辛"), sender="gd-reserve")
    assert 2 == await hub.value(f"SELECT count(*) FROM reserve_entry WHERE {LIVE}")
    assert 0 == await hub.value("SELECT count(*) FROM drug_list_entry")
    assert [("cell.number", None)] == await hub.rows("SELECT code, found_text FROM fault WHERE NOT is_notice")
