"""Packs of medicines under their insurance codes, the codes printed on them, and the concepts they belong to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from schema.declare import Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_match, by_medicine
from schema.entities.fact import Fact, fact_table
from schema.entities.matched import TO_JUDGEMENT, TO_MATCH_CONCEPT, TO_PRODUCT, Matched
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)


def _sender_code() -> Any:
    return coded("发送方代码", "Sender code", release=Release.OPEN, filled=Filled.HUB, filterable=True)


def _recognised(name: str, zh: str, en: str, target: str) -> ToMany:
    """Items of which the concept alone is recognised, and not which medicine they are."""
    return ToMany(
        name,
        Label(f"只知品种的{zh}", f"{en} of which the concept alone is known"),
        target,
        "id",
        "match_concept_id",
    )


#: the relation of whatever belongs to a concept
TO_CONCEPT = ToOne("concept", Label("药品概念", "Concept"), "DrugConcept", "concept_id", "id")


#: the relation of whatever names a pack by its insurance code
TO_PACK = ToOne(
    "pack", Label("药品包装", "Pack of its insurance code"), "PackagedProduct", "nhsa_code", "nhsa_code"
)


class DrugConcept(Fact, table=True):
    """药品概念: what products and packs of one generic name, group of forms and strength have in common."""

    __tablename__ = "drug_concept"
    __table_args__ = fact_table("drug_concept", _KEY, ("generic_name", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("药品概念", "Concept of a medicine"),
        provider=Provider.DRUG_REGULATOR,
        plural="concepts",
        roots=Label("药品概念：通用名、剂型组、剂量", "Concepts: generic name, group of forms, strength"),
        scope=Scope.REGISTRATION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToMany("products", Label("药品", "Medicinal products"), "Product", "id", "concept_id"),
            ToMany("packs", Label("包装", "Packs"), "PackagedProduct", "id", "concept_id"),
            ToMany(
                "list_entries", Label("清单条目", "Entries of lists"), "DrugListEntry", "id", "concept_id"
            ),
            ToMany("reserve_entries", Label("储备品种", "Reserves"), "ReserveEntry", "id", "concept_id"),
            _recognised("recognised_packs", "包装", "Packs", "PackagedProduct"),
            _recognised("recognised_local_items", "药店商品", "Pharmacies' items", "LocalItem"),
            _recognised(
                "recognised_institution_items", "医疗机构药品", "Institutions' items", "InstitutionItem"
            ),
            _recognised("recognised_platform_products", "平台产品", "Platforms' products", "PlatformProduct"),
            _recognised("recognised_filed_purchases", "备案采购", "Filed purchases", "FiledPurchase"),
            _recognised(
                "recognised_production_reports", "生产报告", "Production reports", "ProductionReport"
            ),
            _recognised("recognised_supply_notices", "停复产通知", "Supply notices", "SupplyNotice"),
        ),
        dimensions=(
            by("generic_name", "通用名", "Generic name", "generic_name"),
            by("form_group", "剂型组", "Group of forms", "form_group"),
            by("strength", "规范剂量", "Strength", "strength"),
        ),
        of_many_feeds=True,
    )

    id: int = identifier(
        "概念标识", "Concept identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    generic_name: str = declared(
        "通用名",
        "Generic name",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        sortable=True,
        note=(
            "规范写法，去掉剂型；盐基、酸根和罗马数字保留",
            "normalised, without its form; salts and Roman numerals stay",
        ),
    )
    form_group: str = coded(
        "剂型组", "Group of forms", release=Release.OPEN, filled=Filled.HUB, filterable=True
    )
    strength: str = coded(
        "规范剂量",
        "Strength, normalised",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        sortable=True,
    )


class PackagedProduct(Matched, table=True):
    """包装: a pack of a medicine under its insurance code (国家医保药品代码)."""

    __tablename__ = "packaged_product"
    judged_by: ClassVar[tuple[str, ...]] = ("sender_code", "nhsa_code")
    said_in: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "name_zh": ("name_zh", "generic_name"),
        "nhsa_code": (),
        "trace_prefix": (),
    }
    __table_args__ = fact_table(
        "packaged_product",
        _KEY,
        ("nhsa_code",),
        ("product_id", "id"),
        ("concept_id", "id"),
        ("approval_number", "id"),
        ("generic_name", "id"),
        ("match_code", "id"),
        ("match_concept_id", "id"),
        ("match_judgement_id",),
        ("sender_code", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("药品包装", "Pack of a medicine"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="packs",
        roots=Label("药品包装，每个医保药品代码一个", "Packs, one for each NHSA code"),
        scope=Scope.REFERENCE_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            TO_PRODUCT,
            TO_MATCH_CONCEPT,
            TO_JUDGEMENT,
            TO_CONCEPT,
            ToMany("codes", Label("条码与追溯码", "Codes on the pack"), "PackCode", "nhsa_code", "nhsa_code"),
            ToMany(
                "platform_products",
                Label("平台产品", "Platforms' products under its code"),
                "PlatformProduct",
                "nhsa_code",
                "nhsa_code",
            ),
            ToMany(
                "local_items",
                Label("药店商品", "Pharmacies' items under its code"),
                "LocalItem",
                "nhsa_code",
                "nhsa_code",
            ),
            ToMany(
                "institution_items",
                Label("医疗机构药品", "Institutions' items under its code"),
                "InstitutionItem",
                "nhsa_code",
                "nhsa_code",
            ),
        ),
        dimensions=(
            by("sender", "发送方", "Sender", "sender_code"),
            by("generic_name", "通用名", "Generic name", "generic_name"),
            by("form", "剂型", "Dosage form", "dosage_form"),
            by("company", "药品企业", "Company", "holder_name"),
            *by_match(),
            *by_medicine("product"),
        ),
    )

    id: int = identifier("包装标识", "Pack identifier", release=Release.OPEN, sortable=True, filterable=True)
    sender_code: str = _sender_code()
    nhsa_code: str = coded(
        "医保药品代码",
        "NHSA code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=("西药 23 位、中成药 20 位", "23 characters western, 20 Chinese patent medicine"),
    )
    generic_name: str = declared(
        "通用名", "Generic name", release=Release.OPEN, filterable=True, sortable=True
    )
    name_zh: str | None = declared(
        "注册名称", "Registered name", release=Release.OPEN, filterable=True, sortable=True
    )
    trade_name_zh: str | None = declared("商品名", "Trade name", release=Release.OPEN, filterable=True)
    dosage_form: str | None = declared(
        "剂型", "Dosage form", release=Release.OPEN, filterable=True, sortable=True
    )
    specification: str | None = declared("规格", "Specification", release=Release.OPEN, filterable=True)
    conversion_ratio: Decimal | None = declared(
        "转换比",
        "Units in a pack",
        release=Release.OPEN,
        note=("一个最小包装含多少最小制剂单位", "smallest units of the medicine in one smallest pack"),
        filterable=True,
        sortable=True,
    )
    min_unit: str | None = declared("最小制剂单位", "Smallest unit", release=Release.OPEN, filterable=True)
    pack_unit: str | None = declared(
        "最小包装单位", "Unit of the pack", release=Release.OPEN, filterable=True
    )
    holder_name: str | None = declared(
        "药品企业", "Company", release=Release.OPEN, filterable=True, sortable=True
    )
    approval_number: str | None = coded(
        "批准文号",
        "Approval number",
        release=Release.OPEN,
        filterable=True,
        note=("能读懂的写成规范形式，其余一如来源", "normalised where it can be read, else as received"),
    )
    standard_code: str | None = coded(
        "药品本位码", "Drug standard code", release=Release.OPEN, filterable=True
    )
    ean13: str | None = coded(
        "条码（69 码）",
        "Bar code (EAN-13)",
        release=Release.OPEN,
        filterable=True,
        note=(
            "目录本身所载；按条码查请用“条码与追溯码”",
            "as the list itself has it; PackCode is where to look a bar code up",
        ),
    )
    trace_prefix: str | None = coded(
        "追溯码标识",
        "Trace prefix",
        release=Release.OPEN,
        filterable=True,
        note=("药品追溯码的前 7 位", "the first 7 digits of a trace code"),
    )
    concept_id: int | None = identifier(
        "概念标识", "Concept identifier", release=Release.OPEN, filterable=True
    )


class PackCode(Fact, table=True):
    """条码与追溯码: a code printed on a pack and what a register says it stands for.

    Codes are used again, so one may stand here several times. Whoever resolves one must find a single pack
    (or approval number) under it; a code of several resolves to none.
    """

    __tablename__ = "pack_code"
    __table_args__ = fact_table(
        "pack_code", _KEY, ("code", "kind_code"), ("nhsa_code", "id"), ("approval_number", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("条码与追溯码", "Code on a pack"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="pack_codes",
        roots=Label(
            "条码与追溯码标识；同一码可能属几种包装", "Codes on packs; one code may stand for several"
        ),
        scope=Scope.REFERENCE_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne("pack", Label("药品包装", "Pack"), "PackagedProduct", "nhsa_code", "nhsa_code"),
            ToOne("product", Label("药品", "Medicine"), "Product", "approval_number", "approval_number"),
        ),
        dimensions=(
            by("kind", "码的种类", "Kind of code", "kind_code"),
            by("sender", "发送方", "Sender", "sender_code"),
        ),
    )

    id: int = identifier("标识", "Identifier", release=Release.OPEN, sortable=True, filterable=True)
    sender_code: str = _sender_code()
    kind_code: str = coded(
        "码的种类",
        "Kind of code",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=(
            "ean13 条码，trace_prefix 追溯码前 7 位",
            "ean13: bar code; trace_prefix: start of a trace code",
        ),
    )
    code: str = coded("码", "Code", release=Release.OPEN, filled=Filled.HUB, filterable=True, sortable=True)
    nhsa_code: str | None = coded("医保药品代码", "NHSA code", release=Release.OPEN, filterable=True)
    approval_number: str | None = coded("批准文号", "Approval number", release=Release.OPEN, filterable=True)
