"""The post: outlets, pharmacies that work with it, the areas it serves, and consignments between institutions.

No field here is of a person: names, telephones and addresses of persons are dropped before a file is kept.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from schema.declare import (
    Filled,
    Label,
    Release,
    Subject,
    ToMany,
    ToOne,
    coded,
    declared,
    identifier,
    instant,
)
from schema.entities.dimensions import by, by_date, by_region
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import BY_SENDER, EVERYBODY, InRegion, Through, limited
from schema.scopes import Scope

_KEY = ("id",)
_REGION = ToOne("region", Label("行政区划", "Division"), "Region", "region_code", "code")
#: where the mail was taken in; outlets themselves are open
_FROM_OUTLET = Through("PostalOutlet", "accepting_outlet_id", "id", (InRegion("region_code"),))
_LINK_NOTE = (
    "linked 已对应，ambiguous 代码对应不止一个网点，unknown 没有此代码的网点",
    "linked, ambiguous (the code names more than one outlet), unknown (it names none)",
)


def _sender_code(release: Release) -> Any:
    return coded("发送方代码", "Sender code", release=release, filled=Filled.HUB, filterable=True)


def _region_code(zh: str = "行政区划代码", en: str = "Division code") -> Any:
    return coded(zh, en, release=Release.OPEN, filterable=True, sortable=True, pattern=r"^\d{6}$")


class PostalOutlet(Fact, table=True):
    """邮政网点. Outlet codes are not unique: an outlet is known by its code, its name and its division."""

    __tablename__ = "postal_outlet"
    __table_args__ = fact_table(
        "postal_outlet", _KEY, ("outlet_code", "id"), ("region_code", "id"), ("partner_pharmacy_id", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("邮政网点", "Postal outlet"),
        provider=Provider.POST,
        plural="postal_outlets",
        roots=Label("邮政网点；机构代码不唯一", "Postal outlets; codes are not unique"),
        scope=Scope.POSTAL_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            _REGION,
            ToOne(
                "partner_pharmacy",
                Label("医邮合作药房", "Partner pharmacy"),
                "PartnerPharmacy",
                "partner_pharmacy_id",
                "id",
            ),
            ToMany(
                "accepted_consignments",
                Label("在此收寄的邮件", "Consignments accepted here"),
                "Consignment",
                "id",
                "accepting_outlet_id",
            ),
            ToMany(
                "tracking_events",
                Label("在此处理的轨迹", "Tracking events here"),
                "TrackingEvent",
                "id",
                "outlet_id",
            ),
        ),
        dimensions=(
            *by_region(),
            by("sender", "发送方", "Sender", "sender_code"),
            by("partnership", "医邮合作", "Works with a pharmacy", "partnership_code"),
        ),
    )

    id: int = identifier(
        "网点标识", "Outlet identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = _sender_code(Release.OPEN)
    outlet_code: str = coded(
        "机构代码",
        "Outlet code",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=("来源中有重复，不能单独用来识别网点", "not unique at the source: it alone names no outlet"),
    )
    name: str = declared("网点名称", "Outlet name", release=Release.OPEN, filterable=True, sortable=True)
    region_code: str = _region_code()
    address: str | None = declared("网点地址", "Address", release=Release.OPEN, filterable=True)
    longitude: Decimal | None = declared("经度", "Longitude", release=Release.OPEN, unit="°", measured=False)
    latitude: Decimal | None = declared("纬度", "Latitude", release=Release.OPEN, unit="°", measured=False)
    postcode: str | None = coded("邮编", "Postcode", release=Release.OPEN, filterable=True)
    opening_hours: str | None = declared("营业时间", "Opening hours", release=Release.OPEN)
    partnership_code: str = coded(
        "医邮合作",
        "Works with a pharmacy",
        release=Release.OPEN,
        filterable=True,
        note=("yes 是，no 否，unknown 未写明", "yes, no, or not stated"),
    )
    partner_pharmacy_id: int | None = identifier(
        "合作药房标识", "Partner pharmacy identifier", release=Release.OPEN, filterable=True
    )


class PartnerPharmacy(Fact, table=True):
    """医邮合作药房: a pharmacy that works with the post, and which pharmacy of a chain it is, where that is certain."""

    __tablename__ = "partner_pharmacy"
    __table_args__ = fact_table("partner_pharmacy", _KEY, ("region_code", "id"), ("pharmacy_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("医邮合作药房", "Partner pharmacy of the post"),
        provider=Provider.POST,
        plural="partner_pharmacies",
        roots=Label("医邮合作药房", "Pharmacies that work with the post"),
        scope=Scope.POSTAL_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            _REGION,
            ToOne("pharmacy", Label("对应药店", "Recognised pharmacy"), "Pharmacy", "pharmacy_id", "id"),
            ToMany("outlets", Label("合作网点", "Outlets"), "PostalOutlet", "id", "partner_pharmacy_id"),
        ),
        dimensions=(
            *by_region(),
            by("pharmacy_link", "药店对应状态", "Link to a pharmacy", "pharmacy_link_code"),
            *by_date("cooperates_since", "合作起始日期", "Works with the post since", "cooperates_since_on"),
        ),
    )

    id: int = identifier(
        "合作药房标识", "Partner pharmacy identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = _sender_code(Release.OPEN)
    name: str = declared(
        "合作药房名称", "Name of the pharmacy", release=Release.OPEN, filterable=True, sortable=True
    )
    region_code: str = _region_code()
    licence_number: str | None = coded(
        "药品经营许可证号", "Pharmacy licence number", release=Release.OPEN, filterable=True
    )
    address: str | None = declared("药房地址", "Address", release=Release.OPEN)
    cooperates_since_on: date | None = declared(
        "合作起始日期", "Works with the post since", release=Release.OPEN, filterable=True, sortable=True
    )
    pharmacy_id: int | None = identifier(
        "对应药店标识", "Pharmacy identifier", release=Release.OPEN, filterable=True
    )
    pharmacy_link_code: str = coded(
        "药店对应状态",
        "Link to a pharmacy",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=(
            "licence 许可证号一致，name 同区划名称一致，ambiguous 不止一家，conflict 二者不一致，unlinked 未找到",
            "by licence number, by name within the division, ambiguous, conflict of both, or not found",
        ),
    )


class ServiceArea(Fact, table=True):
    """邮政服务区: how often, how fast and in which way the post serves a division."""

    __tablename__ = "service_area"
    __table_args__ = fact_table("service_area", _KEY, ("region_code", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("邮政服务区", "Postal service area"),
        provider=Provider.POST,
        plural="service_areas",
        roots=Label("邮政服务区", "How the post serves divisions"),
        scope=Scope.POSTAL_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(_REGION,),
        dimensions=(*by_region(), by("mode", "投递方式", "Mode of service", "service_mode_code")),
    )

    id: int = identifier(
        "服务区标识", "Service area identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    sender_code: str = _sender_code(Release.OPEN)
    region_code: str = _region_code()
    service_mode_code: str = coded("投递方式", "Mode of service", release=Release.OPEN, filterable=True)
    frequency_text: str | None = declared(
        "频次", "Frequency", release=Release.OPEN, note=("一如来源", "as received")
    )
    visits_per_week: Decimal | None = declared(
        "每周频次", "Visits a week", release=Release.OPEN, unit="次/周", filterable=True, sortable=True
    )
    limit_text: str | None = declared(
        "时限", "Time limit", release=Release.OPEN, note=("一如来源", "as received")
    )
    limit_hours: int | None = declared(
        "时限小时数", "Time limit in hours", release=Release.OPEN, unit="小时", filterable=True, sortable=True
    )


class Consignment(Fact, table=True):
    """邮件: a consignment from institution to institution. What became of it is told by its tracking events."""

    __tablename__ = "consignment"
    __table_args__ = fact_table("consignment", _KEY, ("mail_number", "id"), ("accepting_outlet_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("药品邮件", "Consignment"),
        provider=Provider.POST,
        plural="consignments",
        roots=Label("机构之间的药品邮件及其轨迹", "Consignments between institutions, with their tracking"),
        scope=Scope.POSTAL_CONSIGNMENT_READ,
        key=_KEY,
        rows=limited(_FROM_OUTLET, *BY_SENDER),
        relations=(
            ToOne(
                "accepting_outlet",
                Label("收寄网点", "Accepting outlet"),
                "PostalOutlet",
                "accepting_outlet_id",
                "id",
            ),
            ToMany(
                "tracking_events", Label("轨迹", "Tracking events"), "TrackingEvent", "id", "consignment_id"
            ),
        ),
        dimensions=(
            *by_date("accepted", "收寄时间", "Accepted", "accepted_at"),
            *by_region("accepting_outlet"),
            by("consignor", "寄件单位", "Consignor", "consignor_name"),
            by("consignee", "收件机构", "Consignee", "consignee_name"),
            by(
                "outlet_link",
                "收寄网点对应状态",
                "Link to the accepting outlet",
                "accepting_outlet_link_code",
            ),
        ),
        release=Release.RESTRICTED,
    )

    id: int = identifier(
        "邮件标识", "Consignment identifier", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    sender_code: str = _sender_code(Release.RESTRICTED)
    mail_number: str = coded(
        "邮件号", "Mail number", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    accepting_outlet_code: str | None = coded(
        "收寄机构代码", "Code of the accepting outlet", release=Release.RESTRICTED, filterable=True
    )
    accepting_outlet_id: int | None = identifier(
        "收寄网点标识", "Accepting outlet identifier", release=Release.RESTRICTED, filterable=True
    )
    accepting_outlet_link_code: str | None = coded(
        "收寄网点对应状态",
        "Link to the accepting outlet",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        filterable=True,
        note=_LINK_NOTE,
    )
    accepted_at: datetime = instant(
        "收寄时间", "Accepted at", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    consignor_name: str = declared(
        "寄件单位", "Consignor", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    consignee_name: str = declared(
        "收件机构", "Consignee", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    goods_text: str | None = declared(
        "内件名称",
        "Goods",
        release=Release.RESTRICTED,
        note=(
            "疑似电话、证件号、人名已遮盖",
            "numbers and names of persons masked as far as they can be told",
        ),
    )
    weight_kilograms: Decimal | None = declared(
        "重量", "Weight", release=Release.RESTRICTED, unit="kg", filterable=True, sortable=True
    )


class TrackingEvent(Fact, table=True):
    """邮件轨迹: what happened to a consignment, when and at which outlet."""

    __tablename__ = "tracking_event"
    __table_args__ = fact_table("tracking_event", _KEY, ("consignment_id", "id"), ("outlet_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("邮件轨迹", "Tracking event"),
        provider=Provider.POST,
        plural="tracking_events",
        roots=Label("邮件轨迹，一步一条", "Steps of consignments on their way"),
        scope=Scope.POSTAL_CONSIGNMENT_READ,
        key=_KEY,
        rows=limited(Through("Consignment", "consignment_id", "id"), *BY_SENDER),
        relations=(
            ToOne("consignment", Label("邮件", "Consignment"), "Consignment", "consignment_id", "id"),
            ToOne("outlet", Label("处理网点", "Outlet"), "PostalOutlet", "outlet_id", "id"),
        ),
        dimensions=(
            by("status", "邮件状态", "Status", "mail_status_code"),
            *by_date("happened", "状态时间", "Happened", "happened_at"),
            *by_region("outlet"),
        ),
        release=Release.RESTRICTED,
    )

    id: int = identifier(
        "轨迹标识", "Event identifier", release=Release.RESTRICTED, sortable=True, filterable=True
    )
    sender_code: str = _sender_code(Release.RESTRICTED)
    consignment_id: int = identifier(
        "邮件标识", "Consignment identifier", release=Release.RESTRICTED, filterable=True
    )
    mail_status_code: str = coded("邮件状态", "Status", release=Release.RESTRICTED, filterable=True)
    happened_at: datetime = instant(
        "状态时间", "Happened at", release=Release.RESTRICTED, filterable=True, sortable=True
    )
    outlet_code: str | None = coded(
        "处理机构代码", "Outlet code", release=Release.RESTRICTED, filterable=True
    )
    outlet_id: int | None = identifier(
        "处理网点标识", "Outlet identifier", release=Release.RESTRICTED, filterable=True
    )
    outlet_link_code: str | None = coded(
        "处理网点对应状态",
        "Link to the outlet",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        note=_LINK_NOTE,
        filterable=True,
    )
