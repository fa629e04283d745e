"""Approvals of medicines (批准文号) as legal acts: who holds one, how it stands, what befell it, what it was before."""

from datetime import date
from typing import ClassVar

from schema.declare import Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date, by_medicine
from schema.entities.fact import Fact, fact_table
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)
_FORMER_KEY = ("former_number", "product_id")
_STATUS_NOTE = (
    "valid 有效，expired 已过期，suspended 暂停，cancelled 注销，revoked 撤销；空为来源未写明",
    "valid, expired, suspended, cancelled or revoked; empty: the source does not say",
)


class Authorization(Fact, table=True):
    """药品批准: the approval of one medicine, as the register or the last event states it."""

    __tablename__ = "product_authorization"
    __table_args__ = fact_table(
        "product_authorization", _KEY, ("product_id",), ("holder_name_id", "id"), ("approval_number", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("药品批准", "Marketing authorisation"),
        provider=Provider.DRUG_REGULATOR,
        plural="authorizations",
        roots=Label(
            "药品批准：持有人、有效期、状态", "Approvals: who holds them, until when, how they stand"
        ),
        scope=Scope.REGISTRATION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne("product", Label("药品", "Medicinal product"), "Product", "product_id", "id"),
            ToOne(
                "holder",
                Label("持有人名称", "Name of the holder"),
                "OrganizationName",
                "holder_name_id",
                "id",
            ),
            ToMany("events", Label("批准事项", "Events"), "AuthorizationEvent", "id", "authorization_id"),
            ToMany(
                "former_numbers",
                Label("原批准文号", "Former numbers"),
                "FormerNumber",
                "product_id",
                "product_id",
            ),
        ),
        dimensions=(
            by("status", "批准状态", "Status", "status_code"),
            by("holder", "持有人", "Holder", "holder_name"),
            by("organization", "机构标识", "Organisation, by identifier", "organization_id", "holder"),
            *by_date("approved", "批准日期", "Approved", "approved_on"),
            *by_date("valid_until", "有效期至", "Valid until", "valid_until_on"),
            *by_medicine("product"),
        ),
    )

    id: int = identifier(
        "批准标识", "Authorisation identifier", release=Release.OPEN, sortable=True, filterable=True
    )
    product_id: int = identifier("药品标识", "Product identifier", release=Release.OPEN, filterable=True)
    approval_number: str = coded(
        "批准文号", "Approval number", release=Release.OPEN, filterable=True, sortable=True
    )
    holder_name: str | None = declared(
        "上市许可持有人",
        "Marketing authorisation holder",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
    )
    holder_name_id: int | None = identifier(
        "持有人名称标识", "Identifier of the holder's name", release=Release.OPEN, filterable=True
    )
    approved_on: date | None = declared(
        "批准日期", "Approved on", release=Release.OPEN, filterable=True, sortable=True
    )
    valid_until_on: date | None = declared(
        "有效期至",
        "Valid until",
        release=Release.OPEN,
        filterable=True,
        note=("含当日", "inclusive"),
        sortable=True,
    )
    status_code: str | None = coded(
        "批准状态", "Status", release=Release.OPEN, filterable=True, note=_STATUS_NOTE
    )


class AuthorizationEvent(Fact, table=True):
    """批准事项: something that the regulator did to an approval, by a document of a day."""

    __tablename__ = "authorization_event"
    __table_args__ = fact_table(
        "authorization_event",
        _KEY,
        ("authorization_id", "id"),
        ("approval_number", "id"),
        ("event_on", "id"),
        ("holder_name_id", "id"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("批准事项", "Event of an authorisation"),
        provider=Provider.DRUG_REGULATOR,
        plural="authorization_events",
        roots=Label(
            "批准事项，含批准尚未见于注册数据者",
            "Events of approvals, also of those that are not registered here yet",
        ),
        scope=Scope.REGISTRATION_READ,
        key=_KEY,
        rows=EVERYBODY,
        relations=(
            # nothing where the approval is not registered here (yet): the event is kept all the same
            ToOne(
                "authorization", Label("药品批准", "Authorisation"), "Authorization", "authorization_id", "id"
            ),
            ToOne(
                "holder",
                Label("新持有人名称", "Name of the new holder"),
                "OrganizationName",
                "holder_name_id",
                "id",
            ),
        ),
        dimensions=(
            by("kind", "事项类型", "Kind of event", "event_kind_code"),
            by("holder", "持有人", "Holder after it", "holder_name"),
            by("organization", "机构标识", "Organisation, by identifier", "organization_id", "holder"),
            *by_date("event", "事项日期", "Event", "event_on"),
        ),
    )

    id: int = identifier("事项标识", "Event identifier", release=Release.OPEN, sortable=True, filterable=True)
    authorization_id: int = identifier(
        "批准标识", "Authorisation identifier", release=Release.OPEN, filterable=True
    )
    approval_number: str = coded(
        "批准文号", "Approval number", release=Release.OPEN, filterable=True, sortable=True
    )
    event_kind_code: str = coded("事项类型", "Kind of event", release=Release.OPEN, filterable=True)
    event_on: date = declared(
        "事项日期", "Date of the event", release=Release.OPEN, filterable=True, sortable=True
    )
    document_number: str | None = coded("批件号", "Document number", release=Release.OPEN, filterable=True)
    name_zh: str | None = declared(
        "产品名称",
        "Product name",
        release=Release.OPEN,
        note=("一如事项文件", "as the document has it"),
        filterable=True,
    )
    holder_name: str | None = declared("持有人", "Holder after it", release=Release.OPEN, filterable=True)
    holder_name_id: int | None = identifier(
        "持有人名称标识", "Identifier of the holder's name", release=Release.OPEN, filterable=True
    )
    former_holder_name: str | None = declared(
        "原持有人", "Holder before it", release=Release.OPEN, filterable=True
    )
    former_approval_number: str | None = coded(
        "原批准文号", "Former approval number", release=Release.OPEN, filterable=True
    )
    valid_until_on: date | None = declared(
        "有效期至", "Valid until", release=Release.OPEN, filterable=True, sortable=True
    )
    content: str | None = declared("事项内容", "What was decided", release=Release.OPEN)


class FormerNumber(Fact, table=True):
    """原批准文号: a number that a medicine had before, linked to the medicine it is now."""

    __tablename__ = "former_number"
    __table_args__ = fact_table("former_number", _FORMER_KEY, ("product_id",))
    about: ClassVar[Subject] = Subject(
        label=Label("原批准文号", "Former approval number"),
        provider=Provider.DRUG_REGULATOR,
        plural="former_numbers",
        roots=Label("原批准文号及其现药品", "Former approval numbers and the medicines they became"),
        scope=Scope.REGISTRATION_READ,
        key=_FORMER_KEY,
        rows=EVERYBODY,
        relations=(
            ToOne("product", Label("现药品", "Medicine it is now"), "Product", "product_id", "id"),
            ToOne(
                "authorization",
                Label("现批准", "Authorisation it is now"),
                "Authorization",
                "product_id",
                "product_id",
            ),
        ),
    )

    former_number: str = coded(
        "原批准文号",
        "Former approval number",
        release=Release.OPEN,
        filterable=True,
        sortable=True,
        note=(
            "能读懂者为规范写法，更早的（如 卫药准字）去空白后照录",
            "in normal form where it is understood; older ones (卫药准字 …) as written, without blanks",
        ),
    )
    product_id: int = identifier(
        "药品标识", "Product identifier", release=Release.OPEN, filterable=True, sortable=True
    )
    approval_number: str = coded(
        "现批准文号", "Approval number now", release=Release.OPEN, filterable=True, sortable=True
    )
