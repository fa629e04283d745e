"""The state's lists of medicines: the essential ones (国家基本药物目录), those that insurance pays for (医保目录).

Both are public law. A list is whole: what a newer one no longer names has left it. Which edition a fact is of
follows from its valid time: lists are sent as of the day on which they come into force.
"""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from schema.declare import Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)


def _list_code() -> Any:
    return coded(
        "目录发布方",
        "Who issues the list",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=("发送方代码；一个发送方一份目录", "sender code; each sender has one list"),
    )


def _ordinal(zh: str, en: str) -> Any:
    return declared("次序", "Place", release=Release.OPEN, sortable=True, note=(zh, en))


def _strength(zh: str, en: str) -> Any:
    return declared(
        "规范剂量",
        "Strength, normalised",
        release=Release.OPEN,
        filterable=True,
        note=(zh, en),
    )


class EssentialMedicine(Fact, table=True):
    """基本药物."""

    __tablename__ = "essential_medicine"
    __table_args__ = fact_table("essential_medicine", _KEY, ("name_zh", "id"), ("sender_code", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("基本药物", "Essential medicine"),
        provider=Provider.HEALTH,
        plural="essential_medicines",
        roots=Label(
            "国家基本药物目录，一行一条", "The list of essential medicines, one for each of its lines"
        ),
        scope=Scope.REFERENCE_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToMany(
                "forms",
                Label("剂型与规格", "Forms and strengths"),
                "EssentialMedicineForm",
                "id",
                "medicine_id",
            ),
        ),
        dimensions=(
            by("list", "目录发布方", "Who issues the list", "sender_code"),
            by("category", "目录类别", "Part of the list", "category_name"),
            by("section", "分类", "Class", "section_name"),
            by("function", "功能", "Function", "function_name"),
            by("repeat", "是否重复列出", "Listed again", "is_repeat"),
        ),
    )

    id: int = identifier(
        "基本药物标识", "Essential medicine identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = _list_code()
    category_name: str = declared(
        "目录类别", "Part of the list", release=Release.OPEN, filterable=True, sortable=True
    )
    list_number: int = declared(
        "序号",
        "Number in the list",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=("各目录类别分别编号；换版即变", "each part counts anew; changes with each edition"),
    )
    is_repeat: bool = declared(
        "是否重复列出",
        "Listed again",
        release=Release.OPEN,
        filterable=True,
        note=("同一品种在另一分类下再次列出", "the same medicine, listed again under another class"),
    )
    section_name: str | None = declared("分类", "Class", release=Release.OPEN, filterable=True)
    function_name: str | None = declared(
        "功能", "Function (Chinese medicine)", release=Release.OPEN, filterable=True
    )
    name_zh: str = declared("通用名", "Generic name", release=Release.OPEN, filterable=True, sortable=True)
    name_en: str | None = declared("英文名称", "English name", release=Release.OPEN, filterable=True)
    forms_text: str | None = declared(
        "剂型、规格原文",
        "Forms and strengths as received",
        release=Release.OPEN,
        filterable=True,
    )
    remark: str | None = declared(
        "备注",
        "Remark",
        release=Release.OPEN,
        filterable=True,
        note=("△ 表示应在具备相应处方资质的医师指导下使用", "△: under a physician qualified for it only"),
    )


class EssentialMedicineForm(Fact, table=True):
    """基本药物剂型规格: one dosage form in one strength, cut out of the list's text."""

    __tablename__ = "essential_medicine_form"
    __table_args__ = fact_table(
        "essential_medicine_form", _KEY, ("medicine_id", "ordinal", "id"), ("sender_code", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("基本药物剂型规格", "Form and strength of an essential medicine"),
        provider=Provider.HEALTH,
        plural="essential_medicine_forms",
        scope=Scope.REFERENCE_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne(
                "medicine", Label("基本药物", "Essential medicine"), "EssentialMedicine", "medicine_id", "id"
            ),
        ),
        dimensions=(
            by("list", "目录发布方", "Who issues the list", "sender_code"),
            by("form", "剂型", "Dosage form", "dosage_form"),
            by("category", "目录类别", "Part of the list", "category_name", "medicine"),
            by("section", "分类", "Class", "section_name", "medicine"),
        ),
    )

    id: int = identifier(
        "剂型规格标识", "Form identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = _list_code()
    medicine_id: int = identifier(
        "基本药物标识", "Essential medicine identifier", release=Release.OPEN, filterable=True
    )
    ordinal: int = _ordinal("在剂型、规格原文中的次序，首项为 1", "in the list's text; the first is 1")
    dosage_form: str = declared("剂型", "Dosage form", release=Release.OPEN, filterable=True, sortable=True)
    qualifier: str | None = declared(
        "限定",
        "Qualifier",
        release=Release.OPEN,
        note=("剂型旁括号内的盐、酯或型别", "salt, ester or type in brackets beside the form"),
        filterable=True,
    )
    strength_text: str | None = declared(
        "规格",
        "Strength",
        release=Release.OPEN,
        note=("空为目录只列剂型", "empty: the list names the form alone"),
        filterable=True,
    )
    strength: str | None = _strength(
        "由规格换算；空为未能完全读懂，不作推测",
        "worked out of it; empty: not understood to the last character",
    )
    remark: str | None = declared(
        "说明",
        "Note",
        release=Release.OPEN,
        note=("目录对该剂型各规格的共同说明", "what the list says of all strengths of the form"),
    )


class InsuranceEntry(Fact, table=True):
    """医保目录药品."""

    __tablename__ = "insurance_entry"
    __table_args__ = fact_table(
        "insurance_entry", _KEY, ("name", "id"), ("class_code", "id"), ("sender_code", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("医保目录药品", "Entry of the insurance list"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="insurance_entries",
        roots=Label("医保目录", "The insurance list"),
        scope=Scope.REFERENCE_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToMany("prices", Label("支付标准", "Payment standards"), "InsurancePrice", "id", "entry_id"),
        ),
        dimensions=(
            by("list", "目录发布方", "Who issues the list", "sender_code"),
            by("part", "目录部分", "Part of the list", "part_name"),
            by("class", "药品分类", "Class", "class_code"),
            by("reimbursement_class", "甲乙类", "Reimbursement class", "reimbursement_class"),
            by("form", "剂型", "Dosage form", "dosage_form"),
            by("payment_standard", "支付标准状态", "State of the payment standard", "payment_standard_code"),
            by("repeat", "是否重复编号", "Number given before", "is_repeat"),
            *by_date("agreement_ends", "协议有效期止", "Agreement ends", "agreement_ends_on"),
        ),
    )

    id: int = identifier(
        "医保条目标识", "Entry identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = _list_code()
    part_name: str = declared("目录部分", "Part of the list", release=Release.OPEN, filterable=True)
    class_code: str = coded(
        "药品分类代码", "Class code", release=Release.OPEN, filterable=True, sortable=True
    )
    class_name: str | None = declared("药品分类", "Class", release=Release.OPEN, filterable=True)
    reimbursement_class: str = coded(
        "甲乙类",
        "Reimbursement class",
        release=Release.OPEN,
        filterable=True,
        pattern="^[甲乙]$",
        note=(
            "甲 全额纳入支付，乙 先由个人自付一部分",
            "甲: paid in full share; 乙: the patient pays a part first",
        ),
    )
    entry_number: int = declared(
        "编号",
        "Number in the list",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=("各部分分别编号；换版即变", "each part counts anew; changes with each edition"),
    )
    is_repeat: bool = declared(
        "是否重复编号",
        "Number given before",
        release=Release.OPEN,
        filterable=True,
        note=(
            "目录中标★：同一药品的又一剂型，编号为首次出现的编号",
            "marked ★ in the list: a further form of a medicine, under the number it had first",
        ),
    )
    name: str = declared("药品名称", "Name", release=Release.OPEN, filterable=True, sortable=True)
    dosage_form: str | None = declared(
        "剂型", "Dosage form", release=Release.OPEN, filterable=True, sortable=True
    )
    payment_standard_code: str = coded(
        "支付标准状态",
        "State of the payment standard",
        release=Release.OPEN,
        filterable=True,
        note=(
            "priced 已公布，confidential 保密（目录以 * 表示，不是没有，也不是零），elsewhere 见备注，none 未定",
            "published, confidential (* in the list: neither missing nor zero), stated elsewhere, or none",
        ),
    )
    payment_standard_text: str | None = declared(
        "支付标准原文", "Payment standard as received", release=Release.OPEN
    )
    remark: str | None = declared(
        "备注（限定支付范围）", "Remark (limits of payment)", release=Release.OPEN, filterable=True
    )
    agreement_starts_on: date | None = declared(
        "协议有效期起", "Agreement from", release=Release.OPEN, filterable=True, sortable=True
    )
    agreement_ends_on: date | None = declared(
        "协议有效期止",
        "Agreement to",
        release=Release.OPEN,
        filterable=True,
        note=("含当日", "inclusive"),
        sortable=True,
    )


class InsurancePrice(Fact, table=True):
    """医保支付标准: one published price and what it is for. A confidential one has no row here."""

    __tablename__ = "insurance_price"
    __table_args__ = fact_table("insurance_price", _KEY, ("entry_id", "ordinal", "id"), ("sender_code", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("医保支付标准", "Payment standard of the insurance list"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="insurance_prices",
        scope=Scope.REFERENCE_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne("entry", Label("医保目录药品", "Entry of the list"), "InsuranceEntry", "entry_id", "id"),
        ),
        dimensions=(
            by("list", "目录发布方", "Who issues the list", "sender_code"),
            by("unit", "计价单位", "Unit of the price", "unit"),
            by("part", "目录部分", "Part of the list", "part_name", "entry"),
            by("class", "药品分类", "Class", "class_code", "entry"),
            by("reimbursement_class", "甲乙类", "Reimbursement class", "reimbursement_class", "entry"),
            by("form", "剂型", "Dosage form", "dosage_form", "entry"),
        ),
    )

    id: int = identifier(
        "支付标准标识", "Price identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = _list_code()
    entry_id: int = identifier("医保条目标识", "Entry identifier", release=Release.OPEN, filterable=True)
    ordinal: int = _ordinal("在支付标准原文中的次序，首项为 1", "in the list's text; the first is 1")
    price_yuan: Decimal = declared(
        "支付标准", "Payment standard", release=Release.OPEN, unit="元", filterable=True, sortable=True
    )
    per_text: str | None = declared(
        "计价规格",
        "What the price is for",
        release=Release.OPEN,
        note=("例如 10mg/支", "such as 10mg/支, for one of 10 mg"),
        filterable=True,
    )
    strength: str | None = _strength(
        "由计价规格换算；空为未能完全读懂，不作推测",
        "worked out of what the price is for; empty: not understood to the last character",
    )
    unit: str | None = declared(
        "计价单位",
        "Unit of the price",
        release=Release.OPEN,
        note=("例如 支、片", "such as 支, 片"),
        filterable=True,
    )
    note: str | None = declared(
        "附注",
        "Note on the price",
        release=Release.OPEN,
        note=("支付标准之后括号内的约定", "terms behind it"),
    )
