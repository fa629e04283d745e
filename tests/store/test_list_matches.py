"""Matches of lists are stored, follow whatever changes them in its transaction, and keep what was believed."""

from schema.entities.fact import live_now
from tests.lib.drug_lists import (
    DIGOXIN,
    EPINEPHRINE,
    NITROPRUSSIDE,
    PROTAMINE,
    register,
    reserve,
    substitutions,
    version,
)
from tests.lib.hub import TestHub

LIVE = live_now()
MATCHES = (
    "SELECT e.name_zh, m.approval_number, m.method_code FROM list_match m JOIN drug_list_entry e ON e.id = m.entry_id"
    f" AND {live_now('e')} WHERE {live_now('m')} ORDER BY 1, 2"
)


async def test_a_version_finds_the_medicines_that_it_means(hub: TestHub) -> None:
    """By name and form, by name without salt, by number."""
    await hub.take("registration", register())
    await hub.take(
        "drug_lists", version(["地高辛|片剂", "肾上腺素", f"硝普钠|||{NITROPRUSSIDE}", "青霉胺"]), sender="gd"
    )
    assert [
        ("地高辛", DIGOXIN, "name"),
        ("硝普钠", NITROPRUSSIDE, "approval_number"),
        ("肾上腺素", EPINEPHRINE, "base_name"),
    ] == await hub.rows(MATCHES)


async def test_medicines_registered_later_are_found(hub: TestHub) -> None:
    """In the batch that registers them; it makes no difference which came first."""
    await hub.take("drug_lists", version(["地高辛|片剂", "鱼精蛋白"]), sender="gd")
    assert [] == await hub.rows(MATCHES)
    await hub.take("registration", register())
    assert [("地高辛", DIGOXIN, "name"), ("鱼精蛋白", PROTAMINE, "base_name")] == await hub.rows(MATCHES)


async def test_a_medicine_that_is_called_otherwise_is_meant_no_longer(hub: TestHub) -> None:
    """The match is superseded; what was believed stays on record."""
    await hub.take("registration", register())
    await hub.take("drug_lists", version(["地高辛|片剂"]), sender="gd")
    then = hub.clock.now
    await hub.take("registration", register(f"{DIGOXIN},地高辛口服溶液,口服溶液剂,0.05mg/ml,演示甲"))
    assert [] == await hub.rows(MATCHES)
    assert [(DIGOXIN,)] == await hub.rows(
        "SELECT approval_number FROM list_match WHERE recorded_at <= $1 AND superseded_at > $1", then
    )


async def test_a_former_number_is_followed(hub: TestHub) -> None:
    """A list may name a number that has been replaced since."""
    old = "国药准字H10949005"
    await hub.take("drug_lists", version([f"硝普钠|||{old}"]), sender="gd")
    table = (
        register()
        .replace("上市许可持有人", "上市许可持有人,原批准文号")
        .replace("演示乙\n国药准字H44029003", f"演示乙,{old}\n国药准字H44029003")
    )
    await hub.take("registration", table)
    assert [("硝普钠", NITROPRUSSIDE, "former_number")] == await hub.rows(MATCHES)


async def test_what_left_a_list_keeps_its_matches(hub: TestHub) -> None:
    """So that a medicine shows which lists it was ever on."""
    await hub.take("registration", register())
    await hub.take("drug_lists", version(["地高辛", "硝普钠"]), sender="gd")
    await hub.take("drug_lists", version(["地高辛"], "2026-02-01"), sender="gd")
    assert [("in", "2026-01-01"), ("out", "2026-02-01")] == await hub.rows(
        "SELECT c.direction_code, c.effective_on::text FROM list_change c JOIN list_match m ON m.entry_id = c.entry_id"
        f" WHERE m.approval_number = $1 AND {live_now('m')} AND {live_now('c')} ORDER BY 2",
        NITROPRUSSIDE,
    )


async def test_a_match_leads_to_the_line_of_the_list(hub: TestHub) -> None:
    """Its batch and row are those of the entry, whatever batch made it be found."""
    taken = await hub.take("drug_lists", version(["青霉胺", "地高辛|片剂"]), sender="gd")
    await hub.take("registration", register())
    assert [(taken.batch.id, 3)] == await hub.rows("SELECT batch_id, row_number FROM list_match")


async def test_both_sides_of_a_substitution_and_reserves_are_matched(hub: TestHub) -> None:
    """Each in a table of its own."""
    await hub.take("registration", register())
    await hub.take("drug_lists", substitutions("硝普钠|注射剂|地高辛|片剂"), sender="guide")
    await hub.take("reserve_lists", reserve("硝普钠"), sender="gd-reserve")
    assert [("from", NITROPRUSSIDE), ("to", DIGOXIN)] == await hub.rows(
        f"SELECT side_code, approval_number FROM substitution_match WHERE {LIVE} ORDER BY 1"
    )
    assert [(NITROPRUSSIDE,)] == await hub.rows(f"SELECT approval_number FROM reserve_match WHERE {LIVE}")


async def test_a_version_that_is_taken_back_takes_its_matches_along(hub: TestHub) -> None:
    """A corrected file no longer names the entry: it never was."""
    await hub.take("registration", register())
    await hub.take("drug_lists", version(["地高辛|片剂", "硝普钠"]), sender="gd")
    await hub.take("drug_lists", version(["地高辛|片剂"]), sender="gd")
    assert [("地高辛", DIGOXIN, "name")] == await hub.rows(MATCHES)
    assert 0 == await hub.value(
        "SELECT count(*) FROM list_match WHERE approval_number = $1 AND superseded_at = 'infinity'",
        NITROPRUSSIDE,
    )
