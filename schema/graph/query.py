"""The roots of the graph."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import strawberry

from schema.entities import (
    Authorization,
    AuthorizationEvent,
    Batch,
    Consignment,
    DeliveryLine,
    DrugConcept,
    EssentialMedicine,
    Feed,
    FiledPurchase,
    FormerNumber,
    InsuranceEntry,
    InventoryChange,
    Judgement,
    Listing,
    LocalItem,
    ManufacturingSite,
    Organization,
    OrganizationName,
    PackagedProduct,
    PackCode,
    PartnerPharmacy,
    Pharmacy,
    PlatformProduct,
    PostalOutlet,
    Product,
    ProductionReport,
    Pull,
    PurchaseLine,
    Region,
    ServiceArea,
    Settlement,
    StockLevel,
    StockLot,
    Substance,
    SupplyNotice,
)
from schema.graph.directives import requires
from schema.graph.errors import ErrorCode, graph_error
from schema.graph.identify import identify_field
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
    concepts = connection_field(
        DrugConcept,
        "药品概念：通用名、剂型组、剂量 Concepts: generic name, group of forms, strength",
        _everything,
    )
    packs = connection_field(
        PackagedProduct, "药品包装，每个医保药品代码一个 Packs, one for each NHSA code", _everything
    )
    pack_codes = connection_field(
        PackCode,
        "条码与追溯码标识；同一码可能属几种包装 Codes on packs; one code may stand for several",
        _everything,
    )
    authorizations = connection_field(
        Authorization,
        "药品批准：持有人、有效期、状态 Approvals: who holds them, until when, how they stand",
        _everything,
    )
    authorization_events = connection_field(
        AuthorizationEvent,
        "批准事项，含批准尚未见于注册数据者 Events of approvals, also of those that are not registered here yet",
        _everything,
    )
    former_numbers = connection_field(
        FormerNumber,
        "原批准文号及其现药品 Former approval numbers and the medicines they became",
        _everything,
    )
    manufacturing_sites = connection_field(
        ManufacturingSite,
        "生产场地，可限于某区划及其下级 Manufacturing sites, of a division and all below it",
        _in_region,
        {"region": str},
    )
    organizations = connection_field(
        Organization,
        "机构：持有人、生产单位、药店连锁等 Organisations: holders, makers, chains …",
        _everything,
    )
    organization_names = connection_field(
        OrganizationName,
        "机构名称，含尚无代码或有矛盾者 Names, those without a code or in conflict too",
        _everything,
    )
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
    inventory_changes = connection_field(
        InventoryChange, "库存变动，一如药店所报 Changes of stock as pharmacies tell them", _everything
    )
    stock_lots = connection_field(
        StockLot, "批号库存 Stock by lots, where stock-takes tell them", _everything
    )
    stock_levels = connection_field(
        StockLevel, "推算库存及其依据 Derived stock levels and what they rest on", _everything
    )
    production_reports = connection_field(
        ProductionReport, "生产报告，每月一份 Production reports, one a month", _everything
    )
    supply_notices = connection_field(
        SupplyNotice, "停产、暂停、减产和复产通知 Notices of stops, pauses, cuts and resumptions", _everything
    )
    platform_products = connection_field(
        PlatformProduct,
        "采购平台产品，含尚待对应者 Platforms' products, those that wait for a match too",
        _everything,
    )
    listings = connection_field(Listing, "挂网及价格 Listings, with mode and price", _everything)
    purchase_lines = connection_field(PurchaseLine, "采购订单明细 Lines of institutions' orders", _everything)
    delivery_lines = connection_field(
        DeliveryLine, "配送与入库明细 Goods delivered and received", _everything
    )
    settlements = connection_field(Settlement, "结算 Settlements", _everything)
    filed_purchases = connection_field(
        FiledPurchase, "备案采购 Purchases of what platforms do not list, as filed", _everything
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
    judgements = connection_field(
        Judgement, "人工判定，含已撤回的 Judgements of items by people, withdrawn ones too", _everything
    )
    pulls = connection_field(Pull, "取数记录，含失败的 Pulls, those that failed too", _everything)
    identify = identify_field
