"""What holders report of their production each month, and their notices of stops and resumptions."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from schema.declare import Filled, Label, Release, Subject, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date, by_match, by_medicine
from schema.entities.fact import fact_table
from schema.entities.matched import TO_JUDGEMENT, TO_MATCH_CONCEPT, TO_PRODUCT, Matched
from schema.provider import Provider
from schema.reach import OwnerKind
from schema.rows import EVERYBODY, Carries, InRegion, OwnedBy, limited
from schema.scopes import Scope

_KEY = ("id",)
#: a judgement about one month's report holds for the others of the same medicine
_JUDGED_BY = ("sender_code", "uscc", "approval_number", "specification")
_OF = ToOne("organization", Label("报告机构", "Organisation that reports"), "Organization", "uscc", "uscc")
_INDEXES = (
    ("product_id", "id"),
    ("approval_number", "id"),
    ("match_code", "id"),
    ("match_concept_id", "id"),
    ("match_judgement_id",),
    ("uscc", "id"),
)
_DIMENSIONS = (
    by("sender", "发送方", "Sender", "sender_code"),
    by("organization", "统一社会信用代码", "Organisation, by social credit code", "uscc"),
    by("holder", "持有人", "Holder", "holder_name"),
    *by_match(),
    *by_medicine("product"),
)


def _quantity(zh: str, en: str, **rest: Any) -> Any:
    """Declare a quantity of production: its own scope, and never open."""
    return declared(zh, en, release=Release.RESTRICTED, scope=Scope.PRODUCTION_QUANTITY_READ, **rest)


class ProductionReport(Matched, table=True):
    """生产报告: one holder's month of one specification of an approval number. Nothing of it is open."""

    __tablename__ = "production_report"
    judged_by: ClassVar[tuple[str, ...]] = _JUDGED_BY
    __table_args__ = fact_table("production_report", _KEY, *_INDEXES, ("report_month", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("生产报告", "Production report"),
        provider=Provider.INDUSTRY,
        plural="production_reports",
        roots=Label("生产报告，每月一份", "Production reports, one a month"),
        scope=Scope.PRODUCTION_READ,
        key=_KEY,
        rows=limited(
            InRegion("uscc", Carries.COMPANY),
            OwnedBy(OwnerKind.COMPANY, "uscc"),
            OwnedBy(OwnerKind.SENDER, "sender_code"),
        ),
        relations=(TO_PRODUCT, TO_MATCH_CONCEPT, TO_JUDGEMENT, _OF),
        dimensions=(
            *by_date("report", "报告期", "Reported month", "report_month"),
            by("supply_status", "供应状态", "Supply status", "supply_status_code"),
            by("unit", "折算单位", "Unit", "unit"),
            *_DIMENSIONS,
        ),
        release=Release.RESTRICTED,
    )

    id: int = identifier(
        "报告标识", "Report identifier", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    sender_code: str = coded(
        "发送方代码", "Sender code", release=Release.RESTRICTED, filled=Filled.HUB, filterable=True
    )
    uscc: str = coded(
        "统一社会信用代码", "Unified social credit code", release=Release.RESTRICTED, filterable=True
    )
    holder_name: str | None = declared(
        "持有人",
        "Holder",
        release=Release.RESTRICTED,
        filterable=True,
        note=("一如来源", "as received"),
        sortable=True,
    )
    approval_number: str = coded(
        "批准文号", "Approval number", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    name_zh: str | None = declared(
        "通用名", "Generic name", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    specification: str = declared("规格", "Specification", release=Release.RESTRICTED, filterable=True)
    packaging: str | None = declared("包装", "Packaging", release=Release.RESTRICTED)
    report_month: date = declared(
        "报告期",
        "Reported month",
        release=Release.RESTRICTED,
        filterable=True,
        sortable=True,
        note=("以当月首日表示", "as the first day of the month"),
    )
    supply_status_code: str | None = coded(
        "供应状态", "Supply status", release=Release.RESTRICTED, filterable=True
    )
    unit_received: str | None = _quantity("来源单位", "Unit as received")
    planned_received: Decimal | None = _quantity("来源计划产量", "Planned output as received")
    actual_received: Decimal | None = _quantity("来源实际产量", "Actual output as received")
    stock_received: Decimal | None = _quantity("来源期末库存", "Closing stock as received")
    unit: str | None = _quantity(
        "折算单位",
        "Unit",
        note=("如“万片”折算为“片”", "the unit of the quantities: 万片 becomes 片"),
        filterable=True,
    )
    unit_factor: Decimal | None = _quantity(
        "折算系数", "Factor", note=("一个来源单位等于多少折算单位", "units in one unit as received")
    )
    planned_quantity: Decimal | None = _quantity(
        "计划产量", "Planned output", unit="折算单位", filterable=True, sortable=True
    )
    actual_quantity: Decimal | None = _quantity(
        "实际产量", "Actual output", unit="折算单位", filterable=True, sortable=True
    )
    stock_quantity: Decimal | None = _quantity(
        "期末库存", "Closing stock", unit="折算单位", filterable=True, sortable=True
    )
    substance_supplier: str | None = declared(
        "原料药供应商", "Supplier of the active substance", release=Release.RESTRICTED, filterable=True
    )


class SupplyNotice(Matched, table=True):
    """停复产通知: a holder stops, pauses, shrinks or takes up the production of a medicine."""

    __tablename__ = "supply_notice"
    judged_by: ClassVar[tuple[str, ...]] = _JUDGED_BY
    __table_args__ = fact_table("supply_notice", _KEY, *_INDEXES)
    about: ClassVar[Subject] = Subject(
        label=Label("停复产通知", "Supply notice"),
        provider=Provider.INDUSTRY,
        plural="supply_notices",
        roots=Label("停产、暂停、减产和复产通知", "Notices of stops, pauses, cuts and resumptions"),
        scope=Scope.PRODUCTION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(TO_PRODUCT, TO_MATCH_CONCEPT, TO_JUDGEMENT, _OF),
        dimensions=(
            by("kind", "通知类型", "Kind of notice", "notice_kind_code"),
            by("planning", "计划或非计划", "Planned or not", "planning_code"),
            by("cause", "原因类别", "Class of the cause", "cause_code"),
            *by_date("stop", "停产日期", "Stops", "stop_on"),
            *by_date("expected_return", "预计恢复日期", "Expected to return", "expected_return_on"),
            *by_date("resumed", "复产日期", "Resumes", "resumed_on"),
            *_DIMENSIONS,
        ),
    )

    id: int = identifier(
        "通知标识", "Notice identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = coded(
        "发送方代码", "Sender code", release=Release.OPEN, filled=Filled.HUB, filterable=True
    )
    uscc: str = coded(
        "统一社会信用代码", "Unified social credit code", release=Release.RESTRICTED, filterable=True
    )
    holder_name: str | None = declared(
        "持有人", "Holder", release=Release.RESTRICTED, filterable=True, note=("一如来源", "as received")
    )
    approval_number: str = coded(
        "批准文号", "Approval number", release=Release.OPEN, filterable=True, sortable=True
    )
    name_zh: str | None = declared("通用名", "Generic name", release=Release.RESTRICTED, filterable=True)
    specification: str = declared("规格", "Specification", release=Release.OPEN, filterable=True)
    notice_kind_code: str = coded("通知类型", "Kind of notice", release=Release.OPEN, filterable=True)
    planning_code: str | None = coded("计划或非计划", "Planned or not", release=Release.OPEN, filterable=True)
    cause_code: str | None = coded(
        "原因类别",
        "Class of the cause",
        release=Release.OPEN,
        filterable=True,
        note=("由原文按关键词归类", "by words found in the text as received"),
    )
    cause_text: str | None = declared("原因原文", "Cause as received", release=Release.RESTRICTED)
    stop_on: date | None = declared(
        "停产日期", "Stops on", release=Release.OPEN, filterable=True, sortable=True
    )
    expected_return_on: date | None = declared(
        "预计恢复日期", "Expected to return on", release=Release.OPEN, filterable=True, sortable=True
    )
    resumed_on: date | None = declared(
        "复产日期", "Resumes on", release=Release.OPEN, filterable=True, sortable=True
    )
    substance_supplier: str | None = declared(
        "原料药供应商", "Supplier of the active substance", release=Release.RESTRICTED, filterable=True
    )
