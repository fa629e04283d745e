"""Releases: the same data gives the same bytes, and what is not open is in none of them."""

import sqlite3
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from hub.db.snapshot import open_snapshot
from publish.release import EmptySnapshotError, Release, build_release, read_release
from publish.tables import public_tables
from tests.lib.hub import TestHub
from tests.lib.platforms import PROVINCE, document, filing, guangdong, order, settlement
from tests.lib.release_files import everything
from tests.lib.samples import HOLDER, monthly_report, stock_take, stores

CANARY_PRICE, CANARY_STOCK = "9876543201.43", "8765432109"
APPROVALS = "批准文号,产品名称,规格\n国药准字H20059001,注射用硝普钠,50mg\n国药准字H11029007,盐酸吗啡片,10mg\n"
SODIUM = f"S1,A1,注射用硝普钠,50mg,国药准字H20059001,{CANARY_PRICE},{CANARY_STOCK}"
MORPHINE = "S1,A2,盐酸吗啡片,10mg,国药准字H11029007,5,5"
CANARY_WORDS, CANARY_SUPPLIER, CANARY_OUTPUT = "与某某纠纷停货", "演示原料药（寅）厂", "7654321098.21"
UNKNOWN = "S1,A3,某保健品,1盒,,5,5"


@pytest.fixture
async def filled(hub: TestHub) -> TestHub:
    """A hub with a store that sells an ordinary medicine, a narcotic, and something nobody knows."""
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores("S1"), sender="chain-a")
    await hub.take("pharmacy", stock_take(SODIUM, MORPHINE, UNKNOWN), sender="chain-a")
    return hub


async def release_of(hub: TestHub, folder: Path | None = None) -> Release:
    """A release of what the hub knows."""
    async with open_snapshot(hub.connection) as snapshot:
        return await build_release(snapshot, folder or hub.settings.release_dir)


def rows(hub: TestHub, statement: str) -> list[tuple[object, ...]]:
    """Rows of the current release."""
    path = hub.settings.release_dir / "current" / "baogong.sqlite"
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def files(folder: Path) -> list[Path]:
    """All files of a release."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_the_same_data_gives_the_same_bytes(filled: TestHub, tmp_path: Path) -> None:
    """Built twice, in two places: file by file the same."""
    first, second = await release_of(filled, tmp_path / "a"), await release_of(filled, tmp_path / "b")
    assert first == second
    names = {path.relative_to(tmp_path / "a") for path in files(tmp_path / "a" / first.id)}
    assert names == {path.relative_to(tmp_path / "b") for path in files(tmp_path / "b" / first.id)}
    assert [] == [
        name for name in names if (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()
    ]


async def test_a_release_is_sealed_and_current_points_to_it(filled: TestHub) -> None:
    """Checksums fit, nothing can be written, `current` is the newest."""
    release = await release_of(filled)
    folder = filled.settings.release_dir / "current"
    assert release == read_release(folder)
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert digest == sha256((folder / name).read_bytes()).hexdigest()
        assert 0o444 == (folder / name).stat().st_mode & 0o777


async def test_new_data_makes_a_new_release_and_keeps_the_old(filled: TestHub) -> None:
    """The old one stays at its address."""
    old = await release_of(filled)
    await filled.take("registration", APPROVALS.replace("50mg", "25mg"))
    new = await release_of(filled)
    assert old.id != new.id
    assert old == read_release(filled.settings.release_dir / old.id)
    assert new == read_release(filled.settings.release_dir / "current")


async def test_ordinary_medicines_are_shown_on_sale(filled: TestHub) -> None:
    """Store, item and availability, without number or price."""
    await release_of(filled)
    assert [("演示药店S1", "注射用硝普钠", "in_stock")] == rows(
        filled,
        "SELECT p.name, i.name_zh, o.availability_code FROM on_sale o JOIN pharmacy p ON p.id = o.pharmacy_id"
        " JOIN local_item i ON i.id = o.item_id",
    )


async def test_where_narcotics_are_kept_is_in_no_table(filled: TestHub) -> None:
    """The medicine itself is public, the item and its whereabouts are not."""
    await release_of(filled)
    assert [("narcotic",)] == rows(
        filled, "SELECT special_control_code FROM product WHERE name_zh = '盐酸吗啡片'"
    )
    assert [] == rows(filled, "SELECT * FROM local_item WHERE item_code <> 'A1'")


async def test_prices_and_stock_counts_are_in_no_byte(filled: TestHub) -> None:
    """A canary price and a canary stock count, looked for in every file of the release."""
    release = await release_of(filled)
    content = everything(filled.settings.release_dir / release.id)
    assert CANARY_PRICE.encode() not in content
    assert CANARY_STOCK.encode() not in content


def report(number: str, name: str, specification: str) -> dict[str, str]:
    """A month in which production stopped."""
    return {
        "统一社会信用代码": HOLDER, "持有人": "演示持有人（卯）", "批准文号": number, "通用名": name,
        "规格": specification, "报告期": "2026-01", "计划产量": CANARY_OUTPUT, "实际产量": CANARY_OUTPUT,
        "单位": "盒", "期末库存": CANARY_OUTPUT, "供应状态": "停产", "停产日期": "2026-01-10", "停产原因": CANARY_WORDS,
        "原料药供应商": CANARY_SUPPLIER,
    }  # fmt: skip


async def test_a_notice_is_shown_by_its_days_and_the_class_of_its_cause(filled: TestHub) -> None:
    """That of a narcotic is not, nor one whose medicine nobody knows; monthly reports have no table at all."""
    sodium, morphine = (
        ("国药准字H20059001", "注射用硝普钠", "50mg"),
        ("国药准字H11029007", "盐酸吗啡片", "10mg"),
    )
    unknown = ("国药准字H20059009", "某药片", "5mg")
    await filled.take("production", monthly_report(report(*sodium), report(*morphine), report(*unknown)))
    await release_of(filled)
    assert [("国药准字H20059001", "stop", "2026-01-10", "other")] == rows(
        filled, "SELECT approval_number, notice_kind_code, stop_on, cause_code FROM supply_notice"
    )
    assert [] == rows(filled, "SELECT name FROM sqlite_master WHERE name LIKE 'production%'")
    assert [] == rows(filled, "SELECT 1 FROM dictionary WHERE table_name = 'production_report'")


async def test_what_a_holder_says_in_confidence_is_in_no_byte(filled: TestHub) -> None:
    """Output, stock, the words about the cause, the supplier, and the holder as sent."""
    await filled.take("production", monthly_report(report("国药准字H20059001", "注射用硝普钠", "50mg")))
    release = await release_of(filled)
    content = everything(filled.settings.release_dir / release.id)
    said = (CANARY_WORDS, CANARY_SUPPLIER, CANARY_OUTPUT, "7654321098", HOLDER, "演示持有人（卯）")
    assert [] == [text for text in said if text.encode() in content]
    assert b"2026-01-10" in content


async def test_a_listed_price_is_open_and_a_confidential_one_is_in_no_byte(filled: TestHub) -> None:
    """Not from the list, from orders, settlements, filings or faults; nor what a narcotic is bought for."""
    open_one = guangdong(genname="注射用硝普钠", aprvno="国药准字H20059001", regSpecName="50mg", convrat=1)
    open_one |= {"listingLicenseHolder": None, "minPacPubonlnPric": "41.5"}
    secret = {"minPacPubonlnPric": CANARY_PRICE, "hiddenPriceFlag": 1}
    narcotic = {"aprvno": "国药准字H11029007", "genname": "盐酸吗啡片", "regSpecName": "10mg"}
    listed = (
        open_one,
        open_one | secret | {"drugId": "GD2"},
        open_one | narcotic | {"drugId": "GD3", "minPacPubonlnPric": "43.25"},
        open_one | secret | {"drugId": "GD4", "minUntPubonlnPric": "1"},
    )
    bought = [
        order(药品编码=code, 订单明细号=code, 单位="盒", 采购单价=CANARY_PRICE) for code in ("GD2", "GD9")
    ]
    owed = [settlement(结算单号=code, 订单明细号=code, 应付金额=CANARY_PRICE) for code in ("GD2", "GD9")]
    for rows_sent in (listed, bought, owed, [filing(备案价格=CANARY_PRICE)]):
        await filled.take("procurement", document(*rows_sent), sender=PROVINCE)
    release = await release_of(filled)
    content = everything(filled.settings.release_dir / release.id)
    assert CANARY_PRICE.encode() not in content
    assert b"9876543201" not in content
    assert [("GD001", "stated", 41.5), ("GD2", "confidential", None)] == rows(
        filled,
        "SELECT p.product_code, l.price_state_code, l.pack_price_yuan FROM listing l"
        " JOIN platform_product p ON p.id = l.platform_product_id ORDER BY 1",
    )
    assert [] == rows(filled, "SELECT name FROM sqlite_master WHERE name IN ('purchase_line', 'settlement')")
    assert [(1, 41.5, 41.5)] == rows(
        filled,
        "SELECT listings, lowest_unit_price_yuan, mean_unit_price_yuan FROM direct_listing_price d"
        " JOIN product p ON p.id = d.product_id WHERE p.approval_number = '国药准字H20059001'",
    )


async def test_prices_are_told_by_period_and_not_from_before_they_were_confidential(filled: TestHub) -> None:
    """Lists in the wrong order, one corrected; a product that leaves the platform keeps its history."""
    plain = guangdong(genname="注射用硝普钠", aprvno="国药准字H20059001", regSpecName="50mg", convrat=2)
    plain |= {"listingLicenseHolder": None}
    open_one, secret, leaving = ({**plain, "drugId": code} for code in ("GD1", "GD2", "GD3"))
    lists = {
        20: (
            open_one | {"minPacPubonlnPric": 12},
            secret | {"hiddenPriceFlag": 1, "minPacPubonlnPric": CANARY_PRICE},
        ),
        1: (open_one | {"minPacPubonlnPric": 99}, secret | {"minPacPubonlnPric": CANARY_PRICE}, leaving),
        10: (open_one | {"minPacPubonlnPric": 10}, secret | {"minPacPubonlnPric": CANARY_PRICE}, leaving),
    }
    for day, listed in [*lists.items(), (1, (open_one | {"minPacPubonlnPric": 10}, *lists[1][1:]))]:
        as_of = datetime(2026, 1, day, tzinfo=UTC)
        await filled.take("procurement", document(*listed), sender=PROVINCE, as_of=as_of)
    release = await release_of(filled)
    assert [
        ("GD1", 10, 5, "2026-01-01T00:00:00Z", "2026-01-20T00:00:00Z"),
        ("GD1", 12, 6, "2026-01-20T00:00:00Z", None),
        ("GD3", 28.5, 14.25, "2026-01-01T00:00:00Z", "2026-01-20T00:00:00Z"),
    ] == rows(
        filled,
        "SELECT product_code, pack_price_yuan, unit_price_yuan, valid_from, valid_to FROM listing_price ORDER BY 1, 4",
    )
    assert CANARY_PRICE.encode() not in everything(filled.settings.release_dir / release.id)


async def test_the_tables_have_the_open_columns_and_no_others(filled: TestHub) -> None:
    """Column by column as declared."""
    await release_of(filled)
    for table in public_tables():
        columns = [row[1] for row in rows(filled, f"PRAGMA table_info({table.name})")]
        assert [column.name for column in table.columns] == columns


async def test_no_medicine_is_nothing_to_release(hub: TestHub) -> None:
    """A store that knows the divisions only makes no release and leaves no folder behind."""
    with pytest.raises(EmptySnapshotError):
        await release_of(hub)
    assert [".lock"] == [path.name for path in hub.settings.release_dir.iterdir()]
