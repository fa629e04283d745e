"""The roots of the graph."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema.declare import Entity
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
from schema.graph.changes import changes_field
from schema.graph.directives import Public, requires
from schema.graph.identify import identify_field
from schema.graph.resolve import GraphInfo, one, other_time
from schema.graph.search import search_field
from schema.graph.signatures import give_signature, parameter
from schema.graph.types import TYPES, connection_field
from schema.identifiers import parse_approval_number
from schema.plan.conditions import understood
from schema.plan.meaning import Found, Past, means
from schema.regions import complete_code


def _found(
    entity: type[Entity], argument: str, column: str, understand: Callable[[str], str], description: str
) -> Any:
    """A field that gives the one row whose column has the value of the argument."""

    async def get(root: Any, info: GraphInfo, **given: str) -> Any:
        value = understood(to_camel_case(argument), understand, given[argument])
        return await one(root, info, entity, column, value)

    give_signature(get, [parameter(argument, str)], TYPES[entity] | None)
    return strawberry.field(
        resolver=get,
        description=description,
        directives=[requires(entity.about.scope)],
        metadata=means(Found(entity, to_camel_case(argument), column, understand)),
    )


def _approval_number(text: str) -> str:
    return parse_approval_number(text).text


def _past_field() -> Any:
    async def get(root: Any, info: GraphInfo, **given: datetime | None) -> Any:
        return await other_time(root, **given)

    give_signature(
        get,
        [parameter("as_of", datetime | None, None), parameter("known_at", datetime | None, None)],
        Annotated["Query", strawberry.lazy("schema.graph.query")],
    )
    return strawberry.field(
        resolver=get,
        description="另一时刻的全图：asOf 世界上的时刻，knownAt 本系统所知的时刻；没有时段的表（机构、批次等）总是现状"
        " The whole graph at other instants: asOf of the world, knownAt of what the hub knew; what has no periods"
        " (organisations, batches …) is always as it is now",
        directives=[Public()],
        metadata=means(Past()),
    )


@strawberry.type(description="查询入口 Where queries start.")
class Query:
    """Where queries start."""

    at = _past_field()
    product = _found(
        Product,
        "approval_number",
        "approval_number",
        _approval_number,
        "按批准文号查一种药品 One medicine by its approval number",
    )
    region = _found(Region, "code", "code", complete_code, "按代码查一个行政区划 One division by its code")
    products = connection_field(Product, "药品 Medicinal products")
    concepts = connection_field(
        DrugConcept,
        "药品概念：通用名、剂型组、剂量 Concepts: generic name, group of forms, strength",
    )
    packs = connection_field(PackagedProduct, "药品包装，每个医保药品代码一个 Packs, one for each NHSA code")
    pack_codes = connection_field(
        PackCode,
        "条码与追溯码标识；同一码可能属几种包装 Codes on packs; one code may stand for several",
    )
    authorizations = connection_field(
        Authorization,
        "药品批准：持有人、有效期、状态 Approvals: who holds them, until when, how they stand",
    )
    authorization_events = connection_field(
        AuthorizationEvent,
        "批准事项，含批准尚未见于注册数据者 Events of approvals, also of those that are not registered here yet",
    )
    former_numbers = connection_field(
        FormerNumber,
        "原批准文号及其现药品 Former approval numbers and the medicines they became",
    )
    manufacturing_sites = connection_field(
        ManufacturingSite,
        "生产场地 Manufacturing sites",
    )
    organizations = connection_field(
        Organization,
        "机构：持有人、生产单位、药店连锁等 Organisations: holders, makers, chains …",
    )
    organization_names = connection_field(
        OrganizationName,
        "机构名称，含尚无代码或有矛盾者 Names, those without a code or in conflict too",
    )
    substances = connection_field(
        Substance,
        "原料药登记，含与制剂共同审评审批结果 Registrations of active substances, with their status",
    )
    essential_medicines = connection_field(
        EssentialMedicine,
        "国家基本药物目录，一行一条 The list of essential medicines, one for each of its lines",
    )
    insurance_entries = connection_field(
        InsuranceEntry,
        "医保目录 The insurance list",
    )
    pharmacies = connection_field(
        Pharmacy,
        "药店 Pharmacies",
    )
    local_items = connection_field(
        LocalItem, "药店商品，含尚待对应者 Pharmacies' items, those that wait for a match too"
    )
    inventory_changes = connection_field(
        InventoryChange, "库存变动，一如药店所报 Changes of stock as pharmacies tell them"
    )
    stock_lots = connection_field(StockLot, "批号库存 Stock by lots, where stock-takes tell them")
    stock_levels = connection_field(StockLevel, "推算库存及其依据 Derived stock levels and what they rest on")
    production_reports = connection_field(
        ProductionReport, "生产报告，每月一份 Production reports, one a month"
    )
    supply_notices = connection_field(
        SupplyNotice, "停产、暂停、减产和复产通知 Notices of stops, pauses, cuts and resumptions"
    )
    platform_products = connection_field(
        PlatformProduct,
        "采购平台产品，含尚待对应者 Platforms' products, those that wait for a match too",
    )
    listings = connection_field(Listing, "挂网及价格 Listings, with mode and price")
    purchase_lines = connection_field(PurchaseLine, "采购订单明细 Lines of institutions' orders")
    delivery_lines = connection_field(DeliveryLine, "配送与入库明细 Goods delivered and received")
    settlements = connection_field(Settlement, "结算 Settlements")
    filed_purchases = connection_field(
        FiledPurchase, "备案采购 Purchases of what platforms do not list, as filed"
    )
    postal_outlets = connection_field(
        PostalOutlet,
        "邮政网点；机构代码不唯一 Postal outlets; codes are not unique",
    )
    partner_pharmacies = connection_field(
        PartnerPharmacy,
        "医邮合作药房 Pharmacies that work with the post",
    )
    service_areas = connection_field(
        ServiceArea,
        "邮政服务区 How the post serves divisions",
    )
    consignments = connection_field(
        Consignment,
        "机构之间的药品邮件及其轨迹 Consignments between institutions, with their tracking",
    )
    regions = connection_field(Region, "行政区划 Administrative divisions")
    feeds = connection_field(Feed, "数据源及其批次 Feeds and their batches")
    batches = connection_field(Batch, "批次 Batches")
    judgements = connection_field(
        Judgement, "人工判定，含已撤回的 Judgements of items by people, withdrawn ones too"
    )
    changes = changes_field()
    pulls = connection_field(Pull, "取数记录，含失败的 Pulls, those that failed too")
    search = search_field()
    identify = identify_field
