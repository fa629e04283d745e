"""Authorised medicines, one for each approval number (批准文号), and the standard codes of their packs."""

from datetime import date
from typing import ClassVar

from schema.declare import Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date
from schema.entities.fact import Fact, fact_table
from schema.entities.pack import TO_CONCEPT
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)
_CODE_KEY = ("standard_code",)
_UNKNOWN = ("空为来源未写明，不是“否”", "empty: the source does not say, which is not no")


class Product(Fact, table=True):
    """药品."""

    __tablename__ = "product"
    __table_args__ = fact_table(
        "product", _KEY, ("approval_number",), ("name_zh", "id"), ("concept_id", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("药品", "Medicinal product"),
        provider=Provider.DRUG_REGULATOR,
        plural="products",
        scope=Scope.REGISTRATION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToMany("standard_codes", Label("本位码", "Standard codes"), "StandardCode", "id", "product_id"),
            TO_CONCEPT,
            ToMany("packs", Label("包装", "Packs"), "PackagedProduct", "id", "product_id"),
            ToOne(
                "authorization",
                Label("药品批准", "Marketing authorisation"),
                "Authorization",
                "id",
                "product_id",
            ),
            ToMany(
                "former_numbers",
                Label("原批准文号", "Former approval numbers"),
                "FormerNumber",
                "id",
                "product_id",
            ),
            ToMany("sites", Label("生产场地", "Manufacturing sites"), "ProductSite", "id", "product_id"),
            ToMany(
                "substances",
                Label("所含原料药登记", "Registrations of its active substances"),
                "SubstanceProduct",
                "id",
                "product_id",
            ),
            ToMany("local_items", Label("药店商品", "Pharmacies' items"), "LocalItem", "id", "product_id"),
            ToMany(
                "institution_items",
                Label("医疗机构药品", "Institutions' items"),
                "InstitutionItem",
                "id",
                "product_id",
            ),
            ToMany(
                "production_reports",
                Label("生产报告", "Production reports"),
                "ProductionReport",
                "id",
                "product_id",
            ),
            ToMany(
                "supply_notices", Label("停复产通知", "Supply notices"), "SupplyNotice", "id", "product_id"
            ),
            ToMany(
                "platform_products",
                Label("平台产品", "Platforms' products"),
                "PlatformProduct",
                "id",
                "product_id",
            ),
            ToMany(
                "filed_purchases", Label("备案采购", "Filed purchases"), "FiledPurchase", "id", "product_id"
            ),
            ToMany(
                "list_matches",
                Label("所在清单的条目", "Entries of lists that mean it"),
                "ListMatch",
                "id",
                "product_id",
            ),
            ToMany(
                "reserve_matches",
                Label("所属储备品种", "Reserves that are of it"),
                "ReserveMatch",
                "id",
                "product_id",
            ),
            ToMany(
                "substitution_matches",
                Label("所涉替代用药", "Substitutions that mean it"),
                "SubstitutionMatch",
                "id",
                "product_id",
            ),
            ToMany(
                "judgements", Label("人工判定", "Judgements that name it"), "Judgement", "id", "product_id"
            ),
            ToMany(
                "pack_codes",
                Label("载明其批准文号的条码与追溯码", "Codes on packs that name its approval number"),
                "PackCode",
                "approval_number",
                "approval_number",
            ),
        ),
        dimensions=(
            by("kind", "药品类别", "Kind of medicine", "approval_kind_code"),
            by("origin", "境内外来源", "Origin", "approval_origin_code"),
            by("form", "剂型", "Dosage form", "dosage_form"),
            by("category", "产品类别", "Category", "category_name"),
            by("holder", "持有人", "Holder", "holder_name"),
            by("manufacturer", "生产单位", "Manufacturer", "manufacturer_name"),
            by("concept", "药品概念标识", "Concept, by identifier", "concept_id"),
            by("consistency_evaluated", "通过一致性评价", "Consistency evaluated", "consistency_evaluated"),
            by("on_shortage_list", "是否短缺清单药品", "On the shortage list", "on_shortage_list"),
            by("priority_review", "优先审评", "Priority review", "priority_review"),
            by("special_control", "特殊管理", "Special control", "special_control_code"),
            by(
                "authorization_status",
                "批准状态",
                "Status of the authorisation",
                "status_code",
                "authorization",
            ),
            *by_date("approved", "批准日期", "Approved", "approved_on"),
        ),
    )

    id: int = identifier(
        "药品标识", "Product identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    approval_number: str = coded(
        "批准文号",
        "Approval number",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=("含进口药品注册证号", "or the registration number of an imported medicine"),
    )
    approval_kind_code: str = coded("药品类别", "Kind of medicine", release=Release.OPEN, filterable=True)
    approval_origin_code: str = coded("境内外来源", "Origin", release=Release.OPEN, filterable=True)
    name_zh: str = declared("产品名称", "Product name", release=Release.OPEN, filterable=True, sortable=True)
    name_en: str | None = declared("英文名称", "English name", release=Release.OPEN, filterable=True)
    trade_name_zh: str | None = declared("商品名", "Trade name", release=Release.OPEN, filterable=True)
    trade_name_en: str | None = declared(
        "英文商品名", "Trade name in English", release=Release.OPEN, filterable=True
    )
    dosage_form: str | None = declared(
        "剂型", "Dosage form", release=Release.OPEN, filterable=True, sortable=True
    )
    specification: str | None = declared("规格", "Specification", release=Release.OPEN, filterable=True)
    holder_name: str | None = declared(
        "上市许可持有人",
        "Marketing authorisation holder",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
    )
    manufacturer_name: str | None = declared(
        "生产单位", "Manufacturer", release=Release.OPEN, filterable=True, sortable=True
    )
    manufacturing_address: str | None = declared(
        "生产地址", "Manufacturing address", release=Release.OPEN, filterable=True
    )
    category_name: str | None = declared(
        "产品类别", "Product category", release=Release.OPEN, filterable=True
    )
    approved_on: date | None = declared(
        "批准日期", "Approved on", release=Release.OPEN, filterable=True, sortable=True
    )
    former_approval_number: str | None = coded(
        "原批准文号", "Former approval number", release=Release.OPEN, filterable=True
    )
    consistency_evaluated: bool | None = declared(
        "是否通过一致性评价",
        "Passed the consistency evaluation",
        release=Release.OPEN,
        filterable=True,
        note=_UNKNOWN,
    )
    consistency_evaluated_on: date | None = declared(
        "一致性评价通过日期",
        "Consistency evaluation passed on",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
    )
    on_shortage_list: bool | None = declared(
        "是否国家清单药品",
        "On the national shortage list",
        release=Release.OPEN,
        filterable=True,
        note=_UNKNOWN,
    )
    priority_review: bool | None = declared(
        "是否优先审评", "Priority review", release=Release.OPEN, filterable=True, note=_UNKNOWN
    )
    special_control_code: str | None = coded(
        "特殊管理类别",
        "Special control",
        release=Release.OPEN,
        filterable=True,
        note=(
            "由药品名称推定；特殊管理药品的在售地点不公开",
            "derived from the name; where such medicines are on sale is never published",
        ),
    )
    concept_id: int | None = identifier(
        "概念标识",
        "Concept identifier",
        release=Release.OPEN,
        filterable=True,
        note=(
            "由名称、剂型、规格推出；空为不能完全读懂",
            "from name, form and strength; empty: they were not wholly understood",
        ),
    )


class StandardCode(Fact, table=True):
    """药品本位码."""

    __tablename__ = "standard_code"
    __table_args__ = fact_table("standard_code", _CODE_KEY, ("product_id",))
    about: ClassVar[Subject] = Subject(
        label=Label("药品本位码", "Drug standard code"),
        provider=Provider.DRUG_REGULATOR,
        plural="standard_codes",
        scope=Scope.REGISTRATION_READ,
        key=_CODE_KEY,
        rows=EVERYBODY,
        relations=(ToOne("product", Label("药品", "Medicinal product"), "Product", "product_id", "id"),),
    )

    standard_code: str = coded(
        "药品本位码",
        "Drug standard code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        pattern=r"^\d{14}$",
    )
    product_id: int = identifier("药品标识", "Product identifier", release=Release.OPEN, filterable=True)
    note: str | None = declared("药品本位码备注", "Note on the standard code", release=Release.OPEN)
