"""Pharmacies, the medicines as each chain names them, and what each pharmacy has on sale."""

from decimal import Decimal
from typing import ClassVar

from schema.declare import Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date, by_match, by_medicine, by_region
from schema.entities.fact import Fact, fact_table
from schema.entities.item import DescribedItem, item_table
from schema.entities.kept import Confirmation, province
from schema.entities.matched import TO_JUDGEMENT, TO_MATCH_CONCEPT, TO_PRODUCT
from schema.entities.pack import TO_PACK
from schema.provider import Provider
from schema.reach import OwnerKind
from schema.rows import InRegion, OwnedBy, Through, limited
from schema.scopes import Scope

_KEY = ("id",)
_ON_SALE_KEY = ("pharmacy_id", "item_id", "province_code")
#: where and whose the store is
_AS_PHARMACY = Through("Pharmacy", "pharmacy_id", "id")


class Pharmacy(Fact, table=True):
    """药店."""

    __tablename__ = "pharmacy"
    __table_args__ = fact_table(
        "pharmacy", _KEY, ("sender_code", "store_code"), ("region_code", "id"), ("name", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("药店", "Pharmacy"),
        provider=Provider.PHARMACIES,
        plural="pharmacies",
        roots=Label("药店", "Pharmacies"),
        scope=Scope.PHARMACY_READ,
        key=_KEY,
        rows=limited(InRegion("region_code"), OwnedBy(OwnerKind.SENDER, "sender_code")),
        relations=(
            ToOne("region", Label("所在区划", "Division it stands in"), "Region", "region_code", "code"),
            ToMany(
                "on_sale",
                Label("在售药品", "Medicines on sale"),
                "OnSale",
                "id",
                "pharmacy_id",
                province_of="region_code",
            ),
            ToOne("stock_take", Label("最近盘点", "Latest stock-take"), "StockTake", "id", "pharmacy_id"),
            ToMany(
                "postal_partnerships",
                Label("医邮合作", "Works with the post as"),
                "PartnerPharmacy",
                "id",
                "pharmacy_id",
            ),
            ToMany(
                "inventory_changes",
                Label("库存变动", "Inventory changes"),
                "InventoryChange",
                "id",
                "pharmacy_id",
            ),
            ToMany("stock_lots", Label("批号库存", "Stock by lots"), "StockLot", "id", "pharmacy_id"),
            ToMany(
                "stock_levels", Label("推算库存", "Derived stock levels"), "StockLevel", "id", "pharmacy_id"
            ),
        ),
        dimensions=(
            *by_region(),
            by("sender", "发送方", "Sender", "sender_code"),
            by("chain", "连锁企业", "Chain", "chain_name"),
        ),
    )

    id: int = identifier(
        "药店标识", "Pharmacy identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = coded(
        "发送方代码", "Sender code", release=Release.OPEN, filled=Filled.HUB, filterable=True
    )
    store_code: str = coded("门店编码", "Store code", release=Release.OPEN, filterable=True, sortable=True)
    name: str = declared("门店名称", "Store name", release=Release.OPEN, filterable=True, sortable=True)
    chain_name: str | None = declared(
        "连锁企业", "Chain", release=Release.OPEN, filterable=True, sortable=True
    )
    region_code: str = coded(
        "行政区划代码",
        "Division code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        pattern=r"^\d{6}$",
    )
    address: str | None = declared("门店地址", "Address", release=Release.OPEN, filterable=True)
    longitude: Decimal | None = declared("经度", "Longitude", release=Release.OPEN, unit="°", measured=False)
    latitude: Decimal | None = declared("纬度", "Latitude", release=Release.OPEN, unit="°", measured=False)
    licence_number: str | None = coded(
        "药品经营许可证号", "Pharmacy licence number", release=Release.OPEN, filterable=True
    )
    opening_hours: str | None = declared("营业时间", "Opening hours", release=Release.OPEN)


class LocalItem(DescribedItem, table=True):
    """药店商品: a chain's own item, and the registered medicine it was recognised as."""

    __tablename__ = "local_item"
    judged_by: ClassVar[tuple[str, ...]] = ("sender_code", "item_code")
    __table_args__ = item_table("local_item")
    about: ClassVar[Subject] = Subject(
        label=Label("药店商品", "Pharmacy's item"),
        provider=Provider.PHARMACIES,
        plural="local_items",
        roots=Label("药店商品，含尚待对应者", "Pharmacies' items, those that wait for a match too"),
        scope=Scope.PHARMACY_READ,
        key=_KEY,
        rows=limited(OwnedBy(OwnerKind.SENDER, "sender_code"), of_every_region=True),
        relations=(
            TO_PRODUCT,
            TO_MATCH_CONCEPT,
            TO_JUDGEMENT,
            TO_PACK,
            ToMany("on_sale", Label("在售记录", "Where on sale"), "OnSale", "id", "item_id"),
            ToMany(
                "inventory_changes",
                Label("库存变动", "Inventory changes"),
                "InventoryChange",
                "id",
                "item_id",
            ),
            ToMany("stock_lots", Label("批号库存", "Stock by lots"), "StockLot", "id", "item_id"),
            ToMany("stock_levels", Label("推算库存", "Derived stock levels"), "StockLevel", "id", "item_id"),
        ),
        dimensions=(
            by("sender", "发送方", "Sender", "sender_code"),
            by("manufacturer", "生产厂家", "Manufacturer", "manufacturer_name"),
            *by_match(),
            *by_medicine("product"),
        ),
    )

    id: int = identifier("商品标识", "Item identifier", release=Release.OPEN, sortable=True, filterable=True)
    item_code: str = coded("商品编码", "Item code", release=Release.OPEN, filterable=True, sortable=True)
    barcode: str | None = coded("条码", "Barcode (EAN-13)", release=Release.OPEN, filterable=True)
    trace_prefix: str | None = coded(
        "追溯码标识",
        "Trace prefix",
        release=Release.OPEN,
        note=(
            "药品追溯码的前 7 位；单品序号不收",
            "the first 7 digits of a trace code; serial numbers of single packs are not taken in",
        ),
        filterable=True,
    )


class OnSale(Fact, table=True):
    """在售: a pharmacy has an item on sale. The largest table by far, kept in one partition a province."""

    __tablename__ = "on_sale"
    __table_args__ = fact_table(
        "on_sale",
        _ON_SALE_KEY,
        ("item_id", "pharmacy_id"),
        postgresql_partition_by="LIST (province_code)",
    )
    about: ClassVar[Subject] = Subject(
        label=Label("在售药品", "Medicine on sale"),
        provider=Provider.PHARMACIES,
        plural="on_sale",
        roots=Label("药店在售", "What pharmacies have on sale"),
        scope=Scope.PHARMACY_READ,
        key=_ON_SALE_KEY,
        rows=limited(_AS_PHARMACY),
        relations=(
            ToOne("pharmacy", Label("药店", "Pharmacy"), "Pharmacy", "pharmacy_id", "id"),
            ToOne("item", Label("药店商品", "Pharmacy's item"), "LocalItem", "item_id", "id"),
        ),
        dimensions=(
            by("availability", "有货情况", "Availability", "availability_code"),
            *by_region("pharmacy"),
            by("sender", "发送方", "Sender", "sender_code", "pharmacy"),
            by("chain", "连锁企业", "Chain", "chain_name", "pharmacy"),
            *by_match("item"),
            *by_medicine("item", "product"),
        ),
    )

    province_code: str = province()
    pharmacy_id: int = identifier(
        "药店标识", "Pharmacy identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    item_id: int = identifier(
        "商品标识", "Item identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    availability_code: str = coded(
        "有货情况",
        "Availability",
        release=Release.OPEN,
        filterable=True,
        note=("in_stock 有货，out_of_stock 无货，unknown 不详", "in stock, out of stock, or not stated"),
    )
    retail_price_yuan: Decimal | None = declared(
        "零售价", "Retail price", release=Release.RESTRICTED, unit="元", filterable=True, sortable=True
    )
    stock_packs: Decimal | None = declared(
        "库存",
        "Stock",
        release=Release.RESTRICTED,
        scope=Scope.PHARMACY_STOCK_READ,
        unit="最小销售包装",
        filterable=True,
        sortable=True,
    )


class StockTake(Confirmation, table=True):
    """盘点: when a pharmacy last confirmed all it has on sale."""

    __tablename__ = "stock_take"
    about: ClassVar[Subject] = Subject(
        label=Label("最近盘点", "Latest stock-take"),
        provider=Provider.PHARMACIES,
        plural="stock_takes",
        roots=Label("各药店最近一次盘点", "The latest stock-take of each pharmacy"),
        scope=Scope.PHARMACY_READ,
        key=("pharmacy_id",),
        rows=limited(_AS_PHARMACY),
        relations=(
            ToOne("pharmacy", Label("药店", "Pharmacy"), "Pharmacy", "pharmacy_id", "id"),
            ToOne("batch", Label("批次", "Batch"), "Batch", "batch_id", "id"),
        ),
        dimensions=(
            *by_region("pharmacy"),
            *by_date("confirmed", "最近确认", "Last confirmed", "confirmed_at"),
        ),
        temporal=False,
    )

    pharmacy_id: int = identifier(
        "药店标识",
        "Pharmacy identifier",
        release=Release.OPEN,
        primary_key=True,
        filterable=True,
    )
