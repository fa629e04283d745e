"""What of medical institutions a release has: what public ones keep, in bands; of private ones no byte."""

import sqlite3

import pytest

from hub.db.snapshot import open_snapshot
from publish.release import Release, build_release
from tests.lib.hub import TestHub
from tests.lib.release_files import everything
from tests.lib.samples import formulary, institutions

APPROVALS = "批准文号,产品名称,规格\n国药准字H20059001,注射用硝普钠,50mg\n国药准字H11029007,盐酸吗啡片,10mg\n"
CANARY_STOCK = "8765432109"
PUBLIC = (
    f"Y1,P1,注射用硝普钠,50mg,国药准字H20059001,3,{CANARY_STOCK}",
    f"Y1,P2,盐酸吗啡片,10mg,国药准字H11029007,1,{CANARY_STOCK}",
    "Y1,P3,某保健品,1盒,,1,5",
    "Y2,P1,注射用硝普钠,50mg,国药准字H20059001,,4",
)
#: an institution that is private, and one of which nobody has said what it is
PRIVATE = ("Y8,P8,注射用硝普钠,50mg,国药准字H20059001,1,5", "Y9,P9,注射用硝普钠,50mg,国药准字H20059001,1,5")


@pytest.fixture
async def released(hub: TestHub) -> tuple[TestHub, Release]:
    """A release of a platform with two public institutions and two that are not."""
    await hub.take("registration", APPROVALS)
    for register in (
        institutions("Y1", "Y2"),
        institutions("Y8", public="否"),
        institutions("Y9", public="-"),
    ):
        await hub.take("hospital", register, sender="health-gd")
    await hub.take("hospital", formulary(*PUBLIC, *PRIVATE), sender="health-gd")
    async with open_snapshot(hub.connection) as snapshot:
        return hub, await build_release(snapshot, hub.settings.release_dir)


def rows(hub: TestHub, statement: str, file: str = "baogong.sqlite") -> list[tuple[object, ...]]:
    """Rows of the current release."""
    path = hub.settings.release_dir / "current" / file
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


async def test_public_institutions_are_shown_with_what_they_keep(released: tuple[TestHub, Release]) -> None:
    """In bands: short by the institution's own word, few by the count where it says nothing."""
    hub, _ = released
    shown = (
        "SELECT n.name, i.item_code, m.stock_band_code, m.availability_code FROM institution_medicine m"
        " JOIN institution n ON n.id = m.institution_id JOIN institution_item i ON i.id = m.item_id ORDER BY 1, 2"
    )
    expected = [("演示医院Y1", "P1", "few", "few"), ("演示医院Y2", "P1", "few", "in_stock")]
    assert (expected, expected) == (rows(hub, shown), rows(hub, shown, "sqlite/44.sqlite"))
    assert 2 == len(rows(hub, "SELECT * FROM formulary_confirmation"))


async def test_each_province_has_what_is_kept_there_in_files_of_its_own(
    released: tuple[TestHub, Release],
) -> None:
    """As of what is on sale; and the province says how many rows it has."""
    hub, release = released
    assert [("44", 2)] == [(province.code, province.rows) for province in release.provinces]
    assert 2 == release.row_counts["institution_medicine"]
    assert (hub.settings.release_dir / release.id / "parquet/institution_medicine/44.parquet").exists()


async def test_private_institutions_are_in_no_byte(released: tuple[TestHub, Release]) -> None:
    """Neither they nor what they keep, nor their names among organisations; nor one that nobody calls public."""
    hub, release = released
    content = everything(hub.settings.release_dir / release.id)
    for text in ("演示医院Y8", "演示医院Y9"):
        assert text.encode() not in content
    assert [("P1",)] == rows(hub, "SELECT item_code FROM institution_item")
    assert [("演示医院Y1",), ("演示医院Y2",)] == rows(hub, "SELECT name FROM organization_name ORDER BY 1")


async def test_counts_and_what_is_said_of_supply_are_in_no_byte(released: tuple[TestHub, Release]) -> None:
    """Nor where a narcotic is kept."""
    hub, release = released
    content = everything(hub.settings.release_dir / release.id)
    assert CANARY_STOCK.encode() not in content
    columns = {row[1] for row in rows(hub, "PRAGMA table_info(institution_medicine)")}
    assert {"sufficiency_code", "stock_packs", "own_code"}.isdisjoint(columns)
    assert [] == rows(hub, "SELECT 1 FROM institution_item WHERE item_code = 'P2'")
