"""A few rows for the cases: medicines with a history, platforms with their prices, pharmacies in divisions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from schema.declare import Entity, fields_of
from schema.entities import (
    ENTITIES,
    Authorization,
    Batch,
    Feed,
    Listing,
    LocalItem,
    OnSale,
    Pharmacy,
    PlatformProduct,
    Product,
    Region,
    StandardCode,
    SupplyNotice,
)
from schema.entities.fact import Fact
from tests.lib.graph_rows import Row, Rows

JANUARY, MARCH, MAY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 5))
#: when the hub learned of things, and when it learned better
LEARNED, BETTER = datetime(2026, 6, 1, 8, tzinfo=UTC), datetime(2026, 6, 2, 8, 30, 0, 500000, UTC)

_FILLED: dict[type, Any] = {
    str: "",
    int: 0,
    bool: False,
    Decimal: Decimal(0),
    date: date(2026, 1, 1),
    datetime: JANUARY,
}
_FOLLOWED: dict[str, Any] = {"match_code": "linked", "sender_code": "演示平台", "price_state_code": "stated"}


def small_rows() -> Rows:
    """The rows; entities that have none are there too."""
    found: dict[type[Entity], list[Row]] = {entity: [] for entity in ENTITIES}
    for entity, row in _written():
        found[entity].append(row)
    return found


def _row(
    entity: type[Entity],
    since: datetime = JANUARY,
    until: datetime | None = None,
    learned: datetime = LEARNED,
    gone: datetime | None = None,
    **said: Any,
) -> tuple[type[Entity], Row]:
    """A row; what is not said is nothing, or as little as its column may have."""
    row = {
        field.name: None if field.nullable else _FOLLOWED.get(field.name, _FILLED[field.python_type])
        for field in fields_of(entity)
    }
    if issubclass(entity, Fact):
        row |= {"valid_from": since, "valid_to": until, "recorded_at": learned, "superseded_at": gone}
        row |= {"batch_id": 1, "row_number": 1}
    return entity, row | said


def _written() -> Iterator[tuple[type[Entity], Row]]:
    yield _row(Feed, code="registration", name_zh="药品注册", name_en="Registration", cadence="daily")
    for number, name in ((1, "first.csv"), (2, "second.csv")):
        yield _row(
            Batch,
            id=number,
            feed_code="registration",
            file_name=name,
            sha256="ab" * 32,
            state_code="promoted",
        )
    yield from _divisions()
    yield from _medicines()
    yield from _platforms()
    yield from _pharmacies()


def _divisions() -> Iterator[tuple[type[Entity], Row]]:
    for code, name, level, above in (
        ("000000", "全国", "country", None),
        ("440000", "广东省", "province", "000000"),
        ("440100", "广州市", "city", "440000"),
        ("440106", "天河区", "county", "440100"),
        ("440300", "深圳市", "city", "440000"),
        ("110000", "北京市", "province", "000000"),
    ):
        yield _row(Region, code=code, name=name, level_code=level, parent_code=above)


def _medicines() -> Iterator[tuple[type[Entity], Row]]:
    aspirin: Row = {
        "id": 1,
        "approval_number": "国药准字H20000001",
        "name_zh": "阿司匹林片",
        "dosage_form": "片剂",
        "approved_on": date(2000, 3, 31),
        "on_shortage_list": True,
    }
    holders: list[Row] = [{"holder_name": "甲演示药业"}, {"holder_name": "乙演示药业"}]
    yield _row(Product, JANUARY, MARCH, **aspirin, **holders[0], row_number=3)
    yield _row(Product, MARCH, None, LEARNED, BETTER, **aspirin, **holders[0], name_en="Aspirn", row_number=4)
    yield _row(Product, MARCH, MAY, BETTER, **aspirin, **holders[0], name_en="Aspirin", batch_id=2)
    yield _row(
        Product, MAY, None, BETTER, **aspirin, **holders[1], name_en="Aspirin", batch_id=2, row_number=5
    )
    yield _row(
        Product, id=2, approval_number="国药准字H20000002", name_zh="阿司匹林肠溶片", dosage_form="片剂"
    )
    yield _row(
        Product,
        id=3,
        approval_number="国药准字H20000003",
        name_zh="地高辛片 100%",
        holder_name='丙"演示"药业\\',
        approved_on=date(2001, 1, 2),
    )
    for code in ("86900000000011", "86900000000028"):
        yield _row(StandardCode, standard_code=code, product_id=1)
    yield _row(Authorization, id=61, product_id=1, status_code="valid")
    yield _row(SupplyNotice, id=51, product_id=3)


def _platforms() -> Iterator[tuple[type[Entity], Row]]:
    for number, product, name in ((11, 1, "阿司匹林片"), (12, 2, "阿司匹林肠溶片"), (13, None, "不明片")):
        state = "waiting" if product is None else "linked"
        yield _row(
            PlatformProduct,
            id=number,
            product_id=product,
            product_code=f"P{number}",
            name_zh=name,
            match_code=state,
        )
    price: Row = {"id": 21, "platform_product_id": 11, "mode_code": "listed", "listed_on": date(2026, 1, 15)}
    yield _row(Listing, JANUARY, MARCH, **price, pack_price_yuan=Decimal("12.50"))
    yield _row(Listing, MARCH, **price, pack_price_yuan=Decimal("13.00"), row_number=9)
    yield _row(
        Listing,
        id=22,
        platform_product_id=11,
        mode_code="direct",
        pack_price_yuan=Decimal("9.999"),
        listed_on=date(2026, 4, 1),
    )
    yield _row(Listing, id=23, platform_product_id=12, mode_code="listed", is_stopped=True)


def _pharmacies() -> Iterator[tuple[type[Entity], Row]]:
    for number, region, chain in (
        (31, "440106", "演示连锁"),
        (32, "440300", "演示连锁"),
        (33, "110000", None),
    ):
        yield _row(
            Pharmacy,
            id=number,
            sender_code="chain",
            store_code=f"S{number}",
            name=f"演示药店{number}",
            chain_name=chain,
            region_code=region,
        )
    for number, product in ((41, 1), (42, 3)):
        yield _row(LocalItem, id=number, sender_code="chain", item_code=f"I{number}", product_id=product)
    for pharmacy, item, province, price in (
        (31, 41, "44", "15.80"),
        (31, 42, "44", None),
        (32, 41, "44", "14.20"),
        (33, 41, "11", "16.00"),
    ):
        yield _row(
            OnSale,
            pharmacy_id=pharmacy,
            item_id=item,
            province_code=province,
            availability_code="in_stock",
            retail_price_yuan=None if price is None else Decimal(price),
            stock_packs=Decimal(pharmacy),
        )
