"""What procurement platforms list, each under its own codes: products, their listings and prices, filed purchases.

A price that a platform keeps confidential stands in columns of its own, with a scope of its own, and never beside the
others: no filter, order or release of ordinary prices can touch it.
"""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from schema.declare import Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date, by_match, by_medicine
from schema.entities.fact import Fact, fact_table
from schema.entities.matched import TO_JUDGEMENT, TO_MATCH_CONCEPT, TO_PRODUCT, Matched
from schema.entities.pack import TO_PACK
from schema.provider import Provider
from schema.rows import BY_INSTITUTION, BY_SENDER, EVERYBODY, limited
from schema.scopes import Scope

_KEY = ("id",)
#: who bought, as the registers of institutions have it: two registers may each have it once
TO_INSTITUTIONS = ToMany(
    "institutions",
    Label("医疗机构登记", "Institution, as registers have it"),
    "Institution",
    "institution_code",
    "insurance_code",
)
_STATES = (
    "stated 已载明，zero 标为零，confidential 保密（不是没有，也不是零），missing 未载明",
    "stated, zero, confidential (neither missing nor zero), or missing",
)


def sender(release: Release) -> Any:
    """Declare whose platform it is: codes are its own."""
    return coded("平台代码", "Platform (sender code)", release=release, filled=Filled.HUB, filterable=True)


def confidential(zh: str, en: str) -> Any:
    """Declare a confidential amount of money: its own scope, and never open."""
    return declared(
        zh,
        en,
        release=Release.RESTRICTED,
        scope=Scope.PROCUREMENT_PRICE_CONFIDENTIAL_READ,
        unit="元",
    )


def price_state(release: Release) -> Any:
    """Declare what is said of a price."""
    return coded("价格状态", "State of the price", release=release, filterable=True, note=_STATES)


def ratio(release: Release) -> Any:
    """Declare how many units a pack holds."""
    return declared(
        "转换比",
        "Conversion ratio",
        release=release,
        note=("一个最小包装所含最小制剂单位数", "smallest preparation units in one smallest pack"),
    )


def platform_product_id(release: Release) -> Any:
    """Declare the product of the platform that a row is about."""
    return identifier("平台产品标识", "Platform product identifier", release=release, filterable=True)


class PlatformProduct(Matched, table=True):
    """平台产品: a medicine as one platform codes it, and the registered medicine it was recognised as."""

    __tablename__ = "platform_product"
    judged_by: ClassVar[tuple[str, ...]] = ("sender_code", "product_code")
    __table_args__ = fact_table(
        "platform_product",
        _KEY,
        ("sender_code", "product_code"),
        ("product_id", "id"),
        ("match_code", "id"),
        ("match_concept_id", "id"),
        ("match_judgement_id",),
        ("nhsa_code", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("平台产品", "Platform product"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="platform_products",
        roots=Label("采购平台产品，含尚待对应者", "Platforms' products, those that wait for a match too"),
        scope=Scope.PROCUREMENT_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            TO_PRODUCT,
            TO_MATCH_CONCEPT,
            TO_JUDGEMENT,
            TO_PACK,
            ToMany("listings", Label("挂网", "Listings"), "Listing", "id", "platform_product_id"),
            ToMany(
                "purchase_lines",
                Label("采购明细", "Purchase lines"),
                "PurchaseLine",
                "id",
                "platform_product_id",
            ),
            ToMany(
                "delivery_lines",
                Label("配送明细", "Delivery lines"),
                "DeliveryLine",
                "id",
                "platform_product_id",
            ),
        ),
        dimensions=(
            by("platform", "平台", "Platform", "sender_code"),
            by("form", "剂型", "Dosage form", "dosage_form"),
            by("holder", "上市许可持有人", "Holder, as the platform has it", "holder_name"),
            by("manufacturer", "生产企业", "Manufacturer, as the platform has it", "manufacturer_name"),
            *by_match(),
            *by_medicine("product"),
        ),
    )

    id: int = identifier(
        "平台产品标识", "Platform product identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = sender(Release.OPEN)
    product_code: str = coded(
        "平台产品编码", "Platform's product code", release=Release.OPEN, filterable=True, sortable=True
    )
    nhsa_code: str | None = coded(
        "医保药品代码",
        "NHSA code",
        release=Release.OPEN,
        filterable=True,
        note=("一如来源；格式不符者另有提示", "as received; one of another format is told of"),
    )
    name_zh: str = declared("通用名", "Generic name", release=Release.OPEN, filterable=True, sortable=True)
    trade_name_zh: str | None = declared("商品名", "Trade name", release=Release.OPEN, filterable=True)
    dosage_form: str | None = declared("剂型", "Dosage form", release=Release.OPEN, filterable=True)
    specification: str | None = declared("规格", "Specification", release=Release.OPEN, filterable=True)
    packaging: str | None = declared("包装", "Packaging", release=Release.OPEN)
    conversion_ratio: Decimal | None = ratio(Release.OPEN)
    pack_name: str | None = declared("最小包装单位", "What a pack is called", release=Release.OPEN)
    unit_name: str | None = declared("最小制剂单位", "What a unit is called", release=Release.OPEN)
    holder_name: str | None = declared(
        "上市许可持有人",
        "Marketing authorisation holder",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
    )
    manufacturer_name: str | None = declared(
        "生产企业", "Manufacturer", release=Release.OPEN, filterable=True, sortable=True
    )
    approval_number: str | None = coded("批准文号", "Approval number", release=Release.OPEN, filterable=True)


class Listing(Fact, table=True):
    """挂网: a platform lists one of its products, in one way of purchase, at one price."""

    __tablename__ = "listing"
    __table_args__ = fact_table("listing", _KEY, ("platform_product_id", "id"), ("sender_code", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("挂网", "Listing"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="listings",
        roots=Label("挂网及价格", "Listings, with mode and price"),
        scope=Scope.PROCUREMENT_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne(
                "platform_product",
                Label("平台产品", "Platform product"),
                "PlatformProduct",
                "platform_product_id",
                "id",
            ),
        ),
        dimensions=(
            by("platform", "平台", "Platform", "sender_code"),
            by("mode", "采购方式", "Way of purchase", "mode_code"),
            by("price_state", "价格状态", "State of the price", "price_state_code"),
            by("stopped", "是否暂停挂网", "Listing stopped", "is_stopped"),
            by("shortage", "是否短缺药品", "Marked as in shortage", "is_shortage"),
            by("out_of_stock", "是否缺货", "Marked as out of stock", "is_out_of_stock"),
            *by_date("listed", "挂网日期", "Listed", "listed_on"),
            *by_match("platform_product"),
            *by_medicine("platform_product", "product"),
        ),
    )

    id: int = identifier(
        "挂网标识", "Listing identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = sender(Release.OPEN)
    platform_product_id: int = platform_product_id(Release.OPEN)
    catalogue_code: str | None = coded(
        "采购目录编码",
        "Catalogue code",
        release=Release.OPEN,
        note=("同一产品可在几个目录挂网", "one product may be listed in several catalogues"),
        filterable=True,
    )
    mode_code: str | None = coded(
        "采购方式",
        "Way of purchase",
        release=Release.OPEN,
        filterable=True,
        note=("空为未载明或不认识的用词", "empty: not stated, or a word that is not known"),
    )
    mode_text: str | None = declared(
        "采购方式原文", "Way of purchase as received", release=Release.RESTRICTED
    )
    price_state_code: str = price_state(Release.OPEN)
    pack_price_yuan: Decimal | None = declared(
        "最小包装挂网价",
        "Listed price of a pack",
        release=Release.OPEN,
        unit="元",
        filterable=True,
        sortable=True,
    )
    unit_price_yuan: Decimal | None = declared(
        "最小制剂单位价",
        "Listed price of a unit",
        release=Release.OPEN,
        unit="元",
        filterable=True,
        note=("来源未载明者由挂网价除以转换比", "pack price ÷ ratio where the platform does not state it"),
        sortable=True,
    )
    confidential_pack_price_yuan: Decimal | None = confidential(
        "保密的最小包装价", "Confidential price of a pack"
    )
    confidential_unit_price_yuan: Decimal | None = confidential(
        "保密的最小制剂单位价", "Confidential price of a unit"
    )
    listed_on: date | None = declared(
        "挂网日期", "Listed on", release=Release.OPEN, filterable=True, sortable=True
    )
    ends_on: date | None = declared(
        "挂网截止日期",
        "Listed until",
        release=Release.OPEN,
        filterable=True,
        note=("含当日", "inclusive"),
        sortable=True,
    )
    is_stopped: bool | None = declared(
        "是否暂停挂网", "Listing stopped", release=Release.OPEN, filterable=True
    )
    is_shortage: bool | None = declared(
        "是否短缺药品", "Marked as in shortage", release=Release.OPEN, filterable=True
    )
    is_out_of_stock: bool | None = declared(
        "是否缺货", "Marked as out of stock", release=Release.OPEN, filterable=True
    )


class FiledPurchase(Matched, table=True):
    """备案采购: an institution buys what the platform does not list, and files why. Nothing of it is open."""

    __tablename__ = "filed_purchase"
    judged_by: ClassVar[tuple[str, ...]] = ("sender_code", "filing_number")
    __table_args__ = fact_table(
        "filed_purchase",
        _KEY,
        ("product_id", "id"),
        ("institution_code", "id"),
        ("match_code", "id"),
        ("match_concept_id", "id"),
        ("match_judgement_id",),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("备案采购", "Filed purchase"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="filed_purchases",
        roots=Label("备案采购", "Purchases of what platforms do not list, as filed"),
        scope=Scope.PROCUREMENT_ORDER_READ,
        key=_KEY,
        rows=limited(*BY_INSTITUTION, *BY_SENDER),
        relations=(TO_PRODUCT, TO_MATCH_CONCEPT, TO_JUDGEMENT, TO_INSTITUTIONS),
        dimensions=(
            by("platform", "平台", "Platform", "sender_code"),
            by("institution", "医疗机构编码", "Institution code", "institution_code"),
            by("supplier", "供应商", "Supplier", "supplier_name"),
            by("price_state", "价格状态", "State of the price", "price_state_code"),
            *by_date("filed", "备案日期", "Filed", "filed_on"),
            *by_match(),
            *by_medicine("product"),
        ),
        release=Release.RESTRICTED,
    )

    id: int = identifier(
        "备案标识", "Filing identifier", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    sender_code: str = sender(Release.RESTRICTED)
    filing_number: str = coded(
        "备案编号", "Filing number", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    institution_code: str = coded(
        "医疗机构编码", "Institution code", release=Release.RESTRICTED, filterable=True
    )
    institution_name: str | None = declared(
        "医疗机构名称", "Institution", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    name_zh: str = declared(
        "通用名", "Generic name", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    dosage_form: str | None = declared("剂型", "Dosage form", release=Release.RESTRICTED, filterable=True)
    specification: str | None = declared("规格", "Specification", release=Release.RESTRICTED, filterable=True)
    packaging: str | None = declared("包装", "Packaging", release=Release.RESTRICTED)
    approval_number: str | None = coded(
        "批准文号", "Approval number", release=Release.RESTRICTED, filterable=True
    )
    holder_name: str | None = declared(
        "上市许可持有人", "Marketing authorisation holder", release=Release.RESTRICTED, filterable=True
    )
    manufacturer_name: str | None = declared(
        "生产企业", "Manufacturer", release=Release.RESTRICTED, filterable=True
    )
    supplier_name: str | None = declared("供应商", "Supplier", release=Release.RESTRICTED, filterable=True)
    reason_text: str | None = declared("备案原因", "Reason", release=Release.RESTRICTED, filterable=True)
    conversion_ratio: Decimal | None = ratio(Release.RESTRICTED)
    price_state_code: str = price_state(Release.RESTRICTED)
    pack_price_yuan: Decimal | None = declared(
        "最小包装备案价",
        "Filed price of a pack",
        release=Release.RESTRICTED,
        unit="元",
        filterable=True,
        sortable=True,
    )
    unit_price_yuan: Decimal | None = declared(
        "最小制剂单位备案价",
        "Filed price of a unit",
        release=Release.RESTRICTED,
        unit="元",
        filterable=True,
        sortable=True,
    )
    confidential_pack_price_yuan: Decimal | None = confidential(
        "保密的最小包装价", "Confidential price of a pack"
    )
    confidential_unit_price_yuan: Decimal | None = confidential(
        "保密的最小制剂单位价", "Confidential price of a unit"
    )
    filed_on: date | None = declared(
        "备案日期", "Filed on", release=Release.RESTRICTED, filterable=True, sortable=True
    )
