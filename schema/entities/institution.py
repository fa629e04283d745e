"""Medical institutions, medicines as their platform names them, and which each institution keeps (配备使用)."""

from decimal import Decimal
from typing import Any, ClassVar

from schema.declare import Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date, by_match, by_medicine, by_region
from schema.entities.fact import Fact, fact_table
from schema.entities.item import DescribedItem, item_table
from schema.entities.kept import Confirmation, province
from schema.entities.matched import TO_JUDGEMENT, TO_MATCH_CONCEPT, TO_PRODUCT
from schema.entities.pack import TO_PACK
from schema.provider import Provider
from schema.reach import OwnerKind
from schema.rows import EVERYBODY, InRegion, OwnedBy, Through, limited
from schema.scopes import Scope

_KEY = ("id",)
_KEPT_KEY = ("institution_id", "item_id", "province_code")
#: where and whose the institution is
_AS_INSTITUTION = Through("Institution", "institution_id", "id")
_TO_INSTITUTION = ToOne(
    "institution", Label("医疗机构", "Institution"), "Institution", "institution_id", "id"
)


def _id(zh: str, en: str) -> Any:
    return identifier(zh, en, release=Release.OPEN, sortable=True, filterable=True)


def _bought(name: str, zh: str, en: str, target: str) -> ToMany:
    """What it buys over procurement platforms, which know it by its code of health insurance."""
    return ToMany(name, Label(zh, en), target, "insurance_code", "institution_code")


class Institution(Fact, table=True):
    """医疗机构."""

    __tablename__ = "institution"
    __table_args__ = fact_table(
        "institution",
        _KEY,
        ("sender_code", "institution_code"),
        ("region_code", "id"),
        ("name", "id"),
        ("uscc", "id"),
        ("insurance_code", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("医疗机构", "Medical institution"),
        provider=Provider.HEALTH,
        plural="institutions",
        roots=Label("医疗机构", "Medical institutions"),
        scope=Scope.INSTITUTION_READ,
        key=_KEY,
        rows=limited(
            InRegion("region_code"),
            OwnedBy(OwnerKind.SENDER, "sender_code"),
            OwnedBy(OwnerKind.COMPANY, "uscc"),
            OwnedBy(OwnerKind.INSTITUTION, "insurance_code"),
        ),
        relations=(
            ToOne("region", Label("所在区划", "Division it stands in"), "Region", "region_code", "code"),
            ToOne("organization", Label("机构", "Organisation"), "Organization", "uscc", "uscc"),
            ToMany(
                "medicines",
                Label("配备药品", "Medicines that it keeps"),
                "InstitutionMedicine",
                "id",
                "institution_id",
                province_of="region_code",
            ),
            ToOne(
                "confirmation",
                Label("最近确认", "Latest confirmation"),
                "FormularyConfirmation",
                "id",
                "institution_id",
            ),
            _bought("purchase_lines", "采购明细", "Purchase lines", "PurchaseLine"),
            _bought("settlements", "结算", "Settlements", "Settlement"),
            _bought("filed_purchases", "备案采购", "Filed purchases", "FiledPurchase"),
        ),
        dimensions=(
            *by_region(),
            by("tier", "医疗机构级别", "Tier", "tier_code"),
            by("is_public", "是否公立", "Public", "is_public"),
            by("sender", "发送方", "Sender", "sender_code"),
        ),
    )

    id: int = _id("医疗机构标识", "Institution identifier")
    sender_code: str = coded(
        "发送方代码", "Sender code", release=Release.OPEN, filled=Filled.HUB, filterable=True
    )
    institution_code: str = coded(
        "医疗机构代码",
        "Institution code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=("发送方所用的医疗机构代码或组织机构代码", "the code by which its sender knows it"),
    )
    name: str = declared("医疗机构名称", "Name", release=Release.OPEN, filterable=True, sortable=True)
    uscc: str | None = coded(
        "统一社会信用代码", "Unified social credit code", release=Release.OPEN, filterable=True
    )
    insurance_code: str | None = coded(
        "定点医药机构代码",
        "Code of health insurance",
        release=Release.OPEN,
        filterable=True,
        note=("采购平台也以此相称", "procurement platforms know it by this code too"),
    )
    tier_code: str | None = coded(
        "医疗机构级别",
        "Tier",
        release=Release.OPEN,
        filterable=True,
        note=(
            "primary 一级，secondary 二级，tertiary 三级，unrated 未定级；空为未写明",
            "primary, secondary, tertiary or unrated; empty: not stated",
        ),
    )
    is_public: bool | None = declared(
        "是否公立",
        "Public",
        release=Release.OPEN,
        filterable=True,
        note=(
            "空为未写明；只有写明公立的机构才对外发布",
            "empty: not stated; only what is stated to be public is published",
        ),
    )
    region_code: str = coded(
        "行政区划代码",
        "Division code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        pattern=r"^\d{6}$",
    )
    address: str | None = declared("地址", "Address", release=Release.OPEN, filterable=True)
    longitude: Decimal | None = declared("经度", "Longitude", release=Release.OPEN, unit="°", measured=False)
    latitude: Decimal | None = declared("纬度", "Latitude", release=Release.OPEN, unit="°", measured=False)


class InstitutionItem(DescribedItem, table=True):
    """医疗机构药品: a medicine as a sender codes it for all its institutions, and what it was recognised as."""

    __tablename__ = "institution_item"
    judged_by: ClassVar[tuple[str, ...]] = ("sender_code", "item_code")
    __table_args__ = item_table("institution_item")
    about: ClassVar[Subject] = Subject(
        label=Label("医疗机构药品", "Institutions' item"),
        provider=Provider.HEALTH,
        plural="institution_items",
        roots=Label("医疗机构药品，含尚待对应者", "Institutions' items, those that wait for a match too"),
        scope=Scope.INSTITUTION_READ,
        key=_KEY,
        # a platform's codes are the same for all its institutions, as those of procurement platforms are
        rows=EVERYBODY,
        relations=(
            TO_PRODUCT,
            TO_MATCH_CONCEPT,
            TO_JUDGEMENT,
            TO_PACK,
            ToMany("kept", Label("配备记录", "Where kept"), "InstitutionMedicine", "id", "item_id"),
        ),
        dimensions=(
            by("sender", "发送方", "Sender", "sender_code"),
            by("manufacturer", "生产厂家", "Manufacturer", "manufacturer_name"),
            *by_match(),
            *by_medicine("product"),
        ),
    )

    id: int = _id("药品条目标识", "Item identifier")
    item_code: str = coded(
        "药品编码",
        "Item code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=(
            "发送方的药品统一编码、平台药品编码或 YPID",
            "the sender's own code of the medicine, or its YPID",
        ),
    )


class InstitutionMedicine(Fact, table=True):
    """配备: an institution keeps an item. Kept in one partition a province."""

    __tablename__ = "institution_medicine"
    __table_args__ = fact_table(
        "institution_medicine",
        _KEPT_KEY,
        ("item_id", "institution_id"),
        postgresql_partition_by="LIST (province_code)",
    )
    about: ClassVar[Subject] = Subject(
        label=Label("配备药品", "Medicine kept"),
        provider=Provider.HEALTH,
        plural="institution_medicines",
        roots=Label("医疗机构配备药品", "What institutions keep"),
        scope=Scope.INSTITUTION_READ,
        key=_KEPT_KEY,
        rows=limited(_AS_INSTITUTION),
        relations=(
            _TO_INSTITUTION,
            ToOne("item", Label("医疗机构药品", "Institutions' item"), "InstitutionItem", "item_id", "id"),
        ),
        dimensions=(
            by("availability", "有货情况", "Availability", "availability_code"),
            by("sufficiency", "供应情况", "How well supplied", "sufficiency_code"),
            *by_region("institution"),
            by("tier", "医疗机构级别", "Tier", "tier_code", "institution"),
            by("sender", "发送方", "Sender", "sender_code", "institution"),
            *by_match("item"),
            *by_medicine("item", "product"),
        ),
    )

    province_code: str = province()
    institution_id: int = _id("医疗机构标识", "Institution identifier")
    item_id: int = _id("药品条目标识", "Item identifier")
    own_code: str | None = coded(
        "院内药品唯一码",
        "Institution's own code",
        release=Release.RESTRICTED,
        filterable=True,
    )
    availability_code: str = coded(
        "有货情况",
        "Availability",
        release=Release.OPEN,
        filterable=True,
        note=(
            "in_stock 有货，few 少量（机构自报短缺），out_of_stock 无货，unknown 不详",
            "in stock, few (the institution says it is short), out of stock, or not stated",
        ),
    )
    sufficiency_code: str | None = coded(
        "供应情况",
        "How well supplied",
        release=Release.RESTRICTED,
        scope=Scope.INSTITUTION_STOCK_READ,
        filterable=True,
        note=(
            "sufficient 充足，fairly_sufficient 较充足，short 短缺，severely_short 严重短缺；空为未写明",
            "sufficient, fairly sufficient, short, severely short; empty: not stated",
        ),
    )
    stock_packs: Decimal | None = declared(
        "库存",
        "Stock",
        release=Release.RESTRICTED,
        scope=Scope.INSTITUTION_STOCK_READ,
        unit="最小销售包装",
        filterable=True,
        sortable=True,
    )


class FormularyConfirmation(Confirmation, table=True):
    """配备目录确认: when an institution last confirmed all that it keeps."""

    __tablename__ = "formulary_confirmation"
    about: ClassVar[Subject] = Subject(
        label=Label("配备目录确认", "Confirmation of a formulary"),
        provider=Provider.HEALTH,
        plural="formulary_confirmations",
        roots=Label("各医疗机构最近一次确认配备目录", "When each institution last confirmed what it keeps"),
        scope=Scope.INSTITUTION_READ,
        key=("institution_id",),
        rows=limited(_AS_INSTITUTION),
        relations=(
            _TO_INSTITUTION,
            ToOne("batch", Label("批次", "Batch"), "Batch", "batch_id", "id"),
        ),
        dimensions=(
            *by_region("institution"),
            *by_date("confirmed", "最近确认", "Last confirmed", "confirmed_at"),
        ),
        temporal=False,
    )

    institution_id: int = identifier(
        "医疗机构标识",
        "Institution identifier",
        release=Release.OPEN,
        primary_key=True,
        filterable=True,
    )
