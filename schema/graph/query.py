"""The roots of the graph."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import strawberry

from schema.entities import (
    Batch,
    Consignment,
    EssentialMedicine,
    Feed,
    InsuranceEntry,
    LocalItem,
    PartnerPharmacy,
    Pharmacy,
    PostalOutlet,
    Product,
    ProductionReport,
    Pull,
    Region,
    ServiceArea,
    Substance,
    SupplyNotice,
)
from schema.graph.directives import requires
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.types import TYPES, GraphInfo, connection_field, from_row
from schema.identifiers import IdentifierError, parse_approval_number
from schema.plan.nodes import Condition, Operator
from schema.regions import code_range, complete_code

Value = TypeVar("Value")


def _everything(_root: Any, _given: dict[str, Any]) -> tuple[Condition, ...]:
    return ()


def _understood(argument: str, understand: Callable[[str], Value], given: str) -> Value:
    """A code of an argument as it is kept; BAD_ARGUMENT with the code's own hint where it is none."""
    try:
        return understand(given)
    except IdentifierError as error:
        raise graph_error(
            ErrorCode.BAD_ARGUMENT, f"{argument}：{error.hint_zh}", f"{argument}: {error.hint_en}"
        ) from error


def _in_region(_root: Any, given: dict[str, Any]) -> tuple[Condition, ...]:
    """The region and all below it."""
    if given["region"] is None:
        return ()
    return (Condition("region_code", Operator.WITHIN, _understood("region", code_range, given["region"])),)


def _agreement_on(_root: Any, given: dict[str, Any]) -> tuple[Condition, ...]:
    """Entries whose agreement holds on a day; both ends count."""
    day = given["agreement_on"]
    if day is None:
        return ()
    return (
        Condition("agreement_starts_on", Operator.LTE, day),
        Condition("agreement_ends_on", Operator.GTE, day),
    )


async def _product(root: Any, info: GraphInfo, approval_number: str) -> Any:
    number = _understood("approvalNumber", parse_approval_number, approval_number)
    row = await info.context.reader.one(Product, "approval_number", number.text)
    return row and from_row(Product, row)


async def _region(root: Any, info: GraphInfo, code: str) -> Any:
    row = await info.context.reader.one(Region, "code", _understood("code", complete_code, code))
    return row and from_row(Region, row)


@strawberry.type(description="查询入口 Where queries start.")
class Query:
    """Where queries start."""

    product: TYPES[Product] | None = strawberry.field(  # type: ignore[valid-type]
        resolver=_product,
        graphql_type=TYPES[Product] | None,
        description="按批准文号查一种药品 One medicine by its approval number",
        directives=[requires(Product.about.scope)],
    )
    region: TYPES[Region] | None = strawberry.field(  # type: ignore[valid-type]
        resolver=_region,
        graphql_type=TYPES[Region] | None,
        description="按代码查一个行政区划 One division by its code",
        directives=[requires(Region.about.scope)],
    )
    products = connection_field(Product, "药品 Medicinal products", _everything)
    substances = connection_field(
        Substance,
        "原料药登记，含与制剂共同审评审批结果 Registrations of active substances, with their status",
        _everything,
    )
    essential_medicines = connection_field(
        EssentialMedicine,
        "国家基本药物目录，一行一条 The list of essential medicines, one for each of its lines",
        _everything,
    )
    insurance_entries = connection_field(
        InsuranceEntry,
        "医保目录；可限于在某日协议有效的条目 The insurance list;"
        " `agreementOn` leaves those whose agreement holds on that day",
        _agreement_on,
        {"agreement_on": date},
    )
    pharmacies = connection_field(
        Pharmacy,
        "药店，可限于某区划及其下级 Pharmacies, of a division and all below it",
        _in_region,
        {"region": str},
    )
    local_items = connection_field(
        LocalItem, "药店商品，含尚待对应者 Pharmacies' items, those that wait for a match too", _everything
    )
    production_reports = connection_field(
        ProductionReport, "生产报告，每月一份 Production reports, one a month", _everything
    )
    supply_notices = connection_field(
        SupplyNotice, "停产、暂停、减产和复产通知 Notices of stops, pauses, cuts and resumptions", _everything
    )
    postal_outlets = connection_field(
        PostalOutlet,
        "邮政网点，可限于某区划及其下级；机构代码不唯一 Postal outlets, of a division and all below it;"
        " codes are not unique",
        _in_region,
        {"region": str},
    )
    partner_pharmacies = connection_field(
        PartnerPharmacy,
        "医邮合作药房，可限于某区划及其下级 Pharmacies that work with the post, of a division and all below it",
        _in_region,
        {"region": str},
    )
    service_areas = connection_field(
        ServiceArea,
        "邮政服务区，可限于某区划及其下级 How the post serves divisions, of a division and all below it",
        _in_region,
        {"region": str},
    )
    consignments = connection_field(
        Consignment,
        "机构之间的药品邮件及其轨迹 Consignments between institutions, with their tracking",
        _everything,
    )
    regions = connection_field(Region, "行政区划 Administrative divisions", _everything)
    feeds = connection_field(Feed, "数据源及其批次 Feeds and their batches", _everything)
    batches = connection_field(Batch, "批次 Batches", _everything)
    pulls = connection_field(Pull, "取数记录，含失败的 Pulls, those that failed too", _everything)
