"""Pharmacies' stocks: lots as counted, each change as received, and the level that follows from them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Index

from schema.declare import (
    Entity,
    Filled,
    Label,
    Release,
    Subject,
    ToOne,
    coded,
    declared,
    identifier,
    instant,
)
from schema.entities.dimensions import by, by_date, by_medicine, by_region
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import Through, limited
from schema.scopes import Scope

_KEY = ("id",)
_LEVEL_KEY = ("pharmacy_id", "item_id")
#: where and whose the store is
_AS_PHARMACY = Through("Pharmacy", "pharmacy_id", "id")
_RELATIONS = (
    ToOne("pharmacy", Label("药店", "Pharmacy"), "Pharmacy", "pharmacy_id", "id"),
    ToOne("item", Label("药店商品", "Pharmacy's item"), "LocalItem", "item_id", "id"),
)
_PLACE_AND_MEDICINE = (
    *by_region("pharmacy"),
    by("chain", "连锁企业", "Chain", "chain_name", "pharmacy"),
    *by_medicine("item", "product"),
)


def _quantity(zh: str, en: str, **rest: Any) -> Any:
    """Declare a quantity of stock: its own scope, and never open."""
    return declared(zh, en, release=Release.RESTRICTED, scope=Scope.PHARMACY_STOCK_READ, **rest)


class InventoryChange(Fact, table=True):
    """库存变动: stock went in or out, or was counted. A change states a difference and not a level."""

    __tablename__ = "inventory_change"
    __table_args__ = fact_table(
        "inventory_change",
        _KEY,
        ("pharmacy_id", "item_id", "changed_at"),
        ("pharmacy_id", "id"),
        ("item_id", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("库存变动", "Inventory change"),
        provider=Provider.PHARMACIES,
        plural="inventory_changes",
        roots=Label("库存变动，一如药店所报", "Changes of stock as pharmacies tell them"),
        scope=Scope.PHARMACY_READ,
        key=_KEY,
        rows=limited(_AS_PHARMACY),
        relations=_RELATIONS,
        dimensions=(
            by("kind", "变动类型", "Kind of change", "kind_code"),
            by("source", "来自", "Told by", "source_code"),
            by("sender", "发送方", "Sender", "sender_code"),
            *by_date("changed", "变动时间", "Changed", "changed_at"),
            *_PLACE_AND_MEDICINE,
        ),
        release=Release.RESTRICTED,
    )

    id: int = identifier(
        "变动标识", "Change identifier", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    sender_code: str = coded(
        "发送方代码", "Sender code", release=Release.RESTRICTED, filled=Filled.HUB, filterable=True
    )
    pharmacy_id: int = identifier(
        "药店标识", "Pharmacy identifier", release=Release.RESTRICTED, filterable=True
    )
    item_id: int = identifier("商品标识", "Item identifier", release=Release.RESTRICTED, filterable=True)
    source_code: str = coded(
        "来自",
        "Told by",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        note=(
            "changes 变动清单，sales 销售清单，lines 在售增量；同一笔销售可能两处都有",
            "a list of changes, of sales, or of lines; one sale may stand in both lists",
        ),
        filterable=True,
    )
    kind_code: str = coded(
        "变动类型",
        "Kind of change",
        release=Release.RESTRICTED,
        filterable=True,
        note=("count 为清点结果，数量是库存本身", "count: the quantity is the level itself"),
    )
    kind_received: str | None = declared("来源变动类型", "Kind as received", release=Release.RESTRICTED)
    quantity_received: Decimal | None = _quantity("来源数量", "Quantity as received", unit="最小销售包装")
    quantity_packs: Decimal | None = _quantity(
        "变动数量",
        "Change of stock",
        unit="最小销售包装",
        note=(
            "入库为正，出库为负；空为类型不能说明方向",
            "positive in, negative out; empty: the kind does not say which",
        ),
        filterable=True,
        sortable=True,
    )
    price_yuan: Decimal | None = declared(
        "单价", "Price", release=Release.RESTRICTED, unit="元", filterable=True, sortable=True
    )
    amount_yuan: Decimal | None = declared(
        "金额", "Amount", release=Release.RESTRICTED, unit="元", filterable=True, sortable=True
    )
    changed_at: datetime = instant(
        "变动时间", "Changed at", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    is_whole_day: bool = declared(
        "是否仅有日期",
        "A day only",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        note=(
            "来源只写日期或按日汇总，变动时间为当日零时",
            "the source says the day only, or adds a day up; the instant is its first",
        ),
        filterable=True,
    )
    document_number: str | None = coded(
        "单据号", "Document number", release=Release.RESTRICTED, filterable=True
    )
    lot_number: str | None = coded("批号", "Lot number", release=Release.RESTRICTED, filterable=True)


class StockLot(Fact, table=True):
    """批号库存: what a stock-take by lots counted of one lot of an item."""

    __tablename__ = "stock_lot"
    __table_args__ = fact_table(
        "stock_lot", _KEY, ("pharmacy_id", "item_id"), ("pharmacy_id", "id"), ("item_id", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("批号库存", "Stock of a lot"),
        provider=Provider.PHARMACIES,
        plural="stock_lots",
        roots=Label("批号库存", "Stock by lots, where stock-takes tell them"),
        scope=Scope.PHARMACY_READ,
        key=_KEY,
        rows=limited(_AS_PHARMACY),
        relations=_RELATIONS,
        dimensions=(*by_date("expires", "有效期止", "Expires", "expires_on"), *_PLACE_AND_MEDICINE),
        release=Release.RESTRICTED,
    )

    id: int = identifier(
        "批号库存标识", "Lot identifier", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    pharmacy_id: int = identifier(
        "药店标识", "Pharmacy identifier", release=Release.RESTRICTED, filterable=True
    )
    item_id: int = identifier("商品标识", "Item identifier", release=Release.RESTRICTED, filterable=True)
    lot_number: str | None = coded(
        "批号", "Lot number", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    made_on: date | None = declared(
        "生产日期", "Made on", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    expires_on: date | None = declared(
        "有效期止", "Expires on", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    counted_packs: Decimal | None = _quantity(
        "清点数量", "Counted", unit="最小销售包装", filterable=True, sortable=True
    )


class StockLevel(Entity, table=True):
    """推算库存: the last count and all changes after it. Worked out anew, never sent by anybody."""

    __tablename__ = "stock_level"
    __table_args__ = (Index("stock_level_by_item", "item_id", "pharmacy_id"),)
    about: ClassVar[Subject] = Subject(
        label=Label("推算库存", "Derived stock level"),
        provider=Provider.PHARMACIES,
        plural="stock_levels",
        roots=Label("推算库存及其依据", "Derived stock levels and what they rest on"),
        scope=Scope.PHARMACY_READ,
        key=_LEVEL_KEY,
        rows=limited(_AS_PHARMACY),
        relations=_RELATIONS,
        dimensions=(by("basis", "推算依据", "Basis", "basis_code"), *_PLACE_AND_MEDICINE),
        temporal=False,
        release=Release.RESTRICTED,
    )

    pharmacy_id: int = identifier(
        "药店标识",
        "Pharmacy identifier",
        release=Release.RESTRICTED,
        primary_key=True,
        filterable=True,
        sortable=True,
    )
    item_id: int = identifier(
        "商品标识",
        "Item identifier",
        release=Release.RESTRICTED,
        primary_key=True,
        filterable=True,
        sortable=True,
    )
    level_packs: Decimal | None = _quantity(
        "推算库存", "Derived level", filled=Filled.HUB, unit="最小销售包装", filterable=True, sortable=True
    )
    basis_code: str = coded(
        "推算依据",
        "Basis",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        note=(
            "counted 清点后无变动，changed 清点加变动，其余为不能推算的缘由（见 docs/decisions/0012）",
            "counted, changed since; the rest are reasons why no level can be told (docs/decisions/0012)",
        ),
        filterable=True,
    )
    counted_at: datetime | None = instant(
        "清点时间",
        "Counted at",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        filterable=True,
        sortable=True,
    )
    changed_at: datetime | None = instant(
        "最近变动",
        "Last changed at",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        filterable=True,
        sortable=True,
    )
    sold_at: datetime | None = instant(
        "最近售出",
        "Last sold at",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        filterable=True,
        sortable=True,
    )
