"""Tables that only releases have: worked out of the hub's tables, or asked for and without a source yet.

They are declared as entities are, so that columns, headers, dictionary and data package follow in the same way.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from publish import price_history
from publish.suppression import SHOWN_PLATFORM_PRODUCTS
from schema.declare import Entity, Label, Release, Subject, coded, declared, identifier, instant
from schema.entities.fact import live_now
from schema.procurement import PriceState, PurchaseMode
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_OPEN = Release.OPEN


class PublicEntity(Entity):
    """A table of releases that is no table of the hub."""

    #: the query over the hub's tables that gives its columns; None: nothing can be said yet, and `absent` says why
    query: ClassVar[str | None] = None
    absent: ClassVar[Label | None] = None


class DirectListingPrice(PublicEntity):
    """直接挂网价格: what a medicine costs where platforms list it directly, by platform."""

    __tablename__ = "direct_listing_price"
    about: ClassVar[Subject] = Subject(
        label=Label("直接挂网药品价格", "Prices of directly listed medicines"),
        plural="direct_listing_prices",
        scope=Scope.PROCUREMENT_READ,
        provider=Provider.HEALTHCARE_SECURITY,
        key=("product_id", "sender_code"),
        temporal=False,
        rows=EVERYBODY,
    )
    query = (
        "SELECT p.product_id, l.sender_code, count(*) AS listings,"
        " min(l.unit_price_yuan) AS lowest_unit_price_yuan, max(l.unit_price_yuan) AS highest_unit_price_yuan,"
        " round(avg(l.unit_price_yuan), 4) AS mean_unit_price_yuan, max(l.listed_on) AS last_listed_on"
        " FROM listing l JOIN platform_product p ON p.id = l.platform_product_id"
        f" WHERE {live_now('l')} AND {live_now('p')} AND p.id IN ({SHOWN_PLATFORM_PRODUCTS})"
        f" AND l.mode_code = '{PurchaseMode.LISTED}' AND l.price_state_code = '{PriceState.STATED}'"
        " AND l.unit_price_yuan IS NOT NULL AND l.is_stopped IS NOT TRUE"
        " GROUP BY p.product_id, l.sender_code"
    )

    product_id: int = identifier("药品标识", "Product identifier", release=_OPEN)
    sender_code: str = coded("平台代码", "Platform (sender code)", release=_OPEN)
    listings: int = declared(
        "挂网条数",
        "Listings",
        release=_OPEN,
        unit="条",
        note=(
            "载明价格、未暂停、未保密的直接挂网",
            "direct listings that state a price, are not stopped and not confidential",
        ),
    )
    lowest_unit_price_yuan: Decimal = declared(
        "最低单位价", "Lowest price of a unit", release=_OPEN, unit="元"
    )
    highest_unit_price_yuan: Decimal = declared(
        "最高单位价", "Highest price of a unit", release=_OPEN, unit="元"
    )
    mean_unit_price_yuan: Decimal = declared(
        "平均单位价",
        "Mean price of a unit",
        release=_OPEN,
        unit="元",
        note=("各条挂网的算术平均，未按采购量加权", "of the listings, not weighted by what was bought"),
    )
    last_listed_on: date | None = declared("最近挂网日期", "Last listed on", release=_OPEN)


class ListingPrice(PublicEntity):
    """挂网价格历史: what a listing cost, and in which period."""

    __tablename__ = "listing_price"
    about: ClassVar[Subject] = Subject(
        label=Label("挂网价格历史", "History of listed prices"),
        plural="listing_prices",
        scope=Scope.PROCUREMENT_READ,
        provider=Provider.HEALTHCARE_SECURITY,
        key=("listing_id", "valid_from"),
        temporal=False,
        rows=EVERYBODY,
    )
    query = price_history.QUERY

    listing_id: int = identifier(
        "挂网标识",
        "Listing identifier",
        release=_OPEN,
        filterable=True,
        note=("同一挂网的各期同号；可能已撤网", "the same in all periods; it may have left the platform"),
    )
    product_id: int = identifier("药品标识", "Product identifier", release=_OPEN, filterable=True)
    sender_code: str = coded("平台代码", "Platform (sender code)", release=_OPEN, filterable=True)
    platform_product_id: int = identifier("平台产品标识", "Platform product identifier", release=_OPEN)
    product_code: str = coded("平台产品编码", "Platform's product code", release=_OPEN)
    mode_code: str | None = coded("采购方式", "Way of purchase", release=_OPEN)
    is_stopped: bool | None = declared("是否暂停挂网", "Listing stopped", release=_OPEN)
    pack_price_yuan: Decimal | None = declared(
        "最小包装挂网价", "Listed price of a pack", release=_OPEN, unit="元"
    )
    unit_price_yuan: Decimal | None = declared(
        "最小制剂单位价",
        "Listed price of a unit",
        release=_OPEN,
        unit="元",
        note=("来源未载明者由挂网价除以转换比", "pack price ÷ ratio where the platform does not state it"),
    )
    valid_from: datetime = instant(
        "有效起",
        "Valid from",
        release=_OPEN,
        note=(
            "平台的清单最早自何时起载明此价；此前未必不是",
            "since when the platform's lists state it; it may have been so before",
        ),
    )
    valid_to: datetime | None = instant(
        "有效止", "Valid to", release=_OPEN, note=("不含；空为仍然有效", "exclusive; empty: it still holds")
    )
    batch_id: int = declared("批次", "Batch", release=_OPEN)
    row_number: int = declared(
        "行号",
        "Row number",
        release=_OPEN,
        note=("最早载明此价的行", "of the row that stated it first"),
    )


class PriceWarning(PublicEntity):
    """价格预警公告: a warning of an unusual price that a department made public."""

    __tablename__ = "price_warning"
    about: ClassVar[Subject] = Subject(
        label=Label("价格预警公告", "Published price warning"),
        plural="price_warnings",
        scope=Scope.PROCUREMENT_READ,
        provider=Provider.HEALTHCARE_SECURITY,
        key=("id",),
        temporal=False,
        rows=EVERYBODY,
    )
    absent = Label(
        "尚无数据：还没有部门向本系统提供价格预警公告",
        "nothing yet: no department sends this hub its price warnings",
    )

    id: int = identifier("预警标识", "Warning identifier", release=_OPEN)
    product_id: int = identifier("药品标识", "Product identifier", release=_OPEN)
    region_code: str = coded("行政区划代码", "Division code", release=_OPEN)
    rule_code: str = coded(
        "预警规则",
        "Rule",
        release=_OPEN,
        note=(
            "涨幅、频次、区域价差、配送不良",
            "amplitude or frequency of rises, difference between regions, poor delivery",
        ),
    )
    warned_on: date = declared("公告日期", "Published on", release=_OPEN)
    document: str | None = declared("公告文号", "Document", release=_OPEN)


class CreditRating(PublicEntity):
    """招采信用评价公告: how a platform rates an enterprise's conduct, where the rating is public."""

    __tablename__ = "credit_rating"
    about: ClassVar[Subject] = Subject(
        label=Label("招采信用评价公告", "Published credit rating"),
        plural="credit_ratings",
        scope=Scope.PROCUREMENT_READ,
        provider=Provider.HEALTHCARE_SECURITY,
        key=("id",),
        temporal=False,
        rows=EVERYBODY,
    )
    absent = Label(
        "尚无数据：还没有平台向本系统提供信用评价结果",
        "nothing yet: no platform sends this hub its credit ratings",
    )

    id: int = identifier("评价标识", "Rating identifier", release=_OPEN)
    organization_id: int = identifier("机构标识", "Organisation identifier", release=_OPEN)
    sender_code: str = coded("平台代码", "Platform (sender code)", release=_OPEN)
    rating_code: str = coded(
        "评价等级",
        "Rating",
        release=_OPEN,
        note=("仅“严重”“特别严重”须公开", "only serious and most serious ratings are to be published"),
    )
    rated_on: date = declared("评价日期", "Rated on", release=_OPEN)
    document: str | None = declared("公告文号", "Document", release=_OPEN)


class PurchaseBan(PublicEntity):
    """禁购公告: public institutions may not buy from an enterprise for a time."""

    __tablename__ = "purchase_ban"
    about: ClassVar[Subject] = Subject(
        label=Label("禁购公告", "Published purchase ban"),
        plural="purchase_bans",
        scope=Scope.PROCUREMENT_READ,
        provider=Provider.HEALTHCARE_SECURITY,
        key=("id",),
        temporal=False,
        rows=EVERYBODY,
    )
    absent = Label(
        "尚无数据：还没有部门向本系统提供禁购公告",
        "nothing yet: no department sends this hub its purchase bans",
    )

    id: int = identifier("公告标识", "Ban identifier", release=_OPEN)
    organization_id: int = identifier("机构标识", "Organisation identifier", release=_OPEN)
    region_code: str = coded("行政区划代码", "Division code", release=_OPEN)
    from_on: date = declared("起始日期", "From", release=_OPEN)
    until_on: date = declared("截止日期", "Until", release=_OPEN)
    document: str | None = declared("公告文号", "Document", release=_OPEN)


#: all of them, in the order in which documents list them, behind the hub's own tables
PUBLIC_ENTITIES: tuple[type[PublicEntity], ...] = (
    DirectListingPrice,
    ListingPrice,
    PriceWarning,
    CreditRating,
    PurchaseBan,
)
