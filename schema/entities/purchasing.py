"""What institutions buy over procurement platforms: purchase lines, goods delivered and received, settlements.

Nothing of it is open. Quantities stand as received, in packs and in units; a price of a product of which the platform's
listing does not say that its price is public stands in the confidential columns.
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
from schema.entities.dimensions import by, by_date, by_medicine
from schema.entities.fact import Fact, fact_table
from schema.entities.procurement import (
    TO_INSTITUTIONS,
    confidential,
    platform_product_id,
    price_state,
    ratio,
    sender,
)
from schema.provider import Provider
from schema.reach import OwnerKind
from schema.rows import BY_INSTITUTION, BY_SENDER, OwnedBy, Through, limited
from schema.scopes import Scope

_KEY = ("id",)
_CLOSED_TO_PUBLIC = Release.RESTRICTED
_AS_LINE = Through("PurchaseLine", "purchase_line_id", "id")
_BY_DISTRIBUTOR = OwnedBy(OwnerKind.DISTRIBUTOR, "distributor_code")
_TO_PLATFORM_PRODUCT = ToOne(
    "platform_product",
    Label("平台产品", "Platform product"),
    "PlatformProduct",
    "platform_product_id",
    "id",
)
_TO_LINE = ToOne(
    "purchase_line", Label("采购明细", "Purchase line"), "PurchaseLine", "purchase_line_id", "id"
)
_PARTIES = (
    by("platform", "平台", "Platform", "sender_code"),
    by("institution", "医疗机构编码", "Institution code", "institution_code"),
    by("distributor", "配送企业编码", "Distributor code", "distributor_code"),
)


def _field(zh: str, en: str, **rest: Any) -> Any:
    return declared(zh, en, release=_CLOSED_TO_PUBLIC, **rest)


def _code(zh: str, en: str, **rest: Any) -> Any:
    return coded(zh, en, release=_CLOSED_TO_PUBLIC, **rest)


def _at(zh: str, en: str, **rest: Any) -> Any:
    return instant(zh, en, release=_CLOSED_TO_PUBLIC, **rest)


def _unit() -> Any:
    return _field("数量单位", "Unit of the quantity", note=("一如来源", "as received"))


def _basis() -> Any:
    return _code(
        "数量所计",
        "What the quantity counts",
        filled=Filled.HUB,
        filterable=True,
        note=(
            "pack 最小包装，unit 最小制剂单位，unknown 来源未说明，不作推测",
            "packs, units, or unknown: nobody said, and it is not guessed",
        ),
    )


def _purchase_line_id() -> Any:
    return identifier("采购明细标识", "Purchase line identifier", release=_CLOSED_TO_PUBLIC, filterable=True)


class PurchaseLine(Fact, table=True):
    """采购明细: one line of an institution's order."""

    __tablename__ = "purchase_line"
    __table_args__ = fact_table(
        "purchase_line",
        _KEY,
        ("platform_product_id", "id"),
        ("institution_code", "id"),
        ("sender_code", "order_number"),
    )
    about: ClassVar[Subject] = Subject(
        label=Label("采购明细", "Purchase line"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="purchase_lines",
        roots=Label("采购订单明细", "Lines of institutions' orders"),
        scope=Scope.PROCUREMENT_ORDER_READ,
        key=_KEY,
        rows=limited(*BY_INSTITUTION, _BY_DISTRIBUTOR, *BY_SENDER),
        relations=(
            _TO_PLATFORM_PRODUCT,
            ToMany(
                "delivery_lines",
                Label("配送明细", "Delivery lines"),
                "DeliveryLine",
                "id",
                "purchase_line_id",
            ),
            ToMany("settlements", Label("结算", "Settlements"), "Settlement", "id", "purchase_line_id"),
            TO_INSTITUTIONS,
        ),
        dimensions=(
            *_PARTIES,
            by("mode", "采购方式", "Way of purchase", "mode_code"),
            by("price_state", "价格状态", "State of the price", "price_state_code"),
            by("quantity_basis", "数量所计", "What the quantity counts", "quantity_basis_code"),
            *by_date("ordered", "下单时间", "Ordered", "ordered_at"),
            *by_medicine("platform_product", "product"),
        ),
        release=_CLOSED_TO_PUBLIC,
    )

    id: int = identifier(
        "采购明细标识", "Purchase line identifier", release=_CLOSED_TO_PUBLIC, sortable=True, filterable=True
    )
    sender_code: str = sender(_CLOSED_TO_PUBLIC)
    order_number: str = _code("订单号", "Order number", filterable=True, sortable=True)
    line_number: str = _code("订单明细号", "Order line number", filterable=True)
    institution_code: str = _code("医疗机构编码", "Institution code", filterable=True)
    institution_name: str | None = _field("医疗机构名称", "Institution", filterable=True, sortable=True)
    distributor_code: str | None = _code("配送企业编码", "Distributor code", filterable=True)
    distributor_name: str | None = _field("配送企业名称", "Distributor", filterable=True)
    product_code: str = _code("平台产品编码", "Platform's product code", filterable=True)
    platform_product_id: int = platform_product_id(_CLOSED_TO_PUBLIC)
    mode_code: str | None = _code("采购方式", "Way of purchase", filterable=True)
    mode_text: str | None = _field("采购方式原文", "Way of purchase as received")
    ordered_at: datetime | None = _at("下单时间", "Ordered at", filterable=True, sortable=True)
    answered_at: datetime | None = _at("响应时间", "Answered at", filterable=True, sortable=True)
    quantity_stated: Decimal | None = _field("采购数量", "Quantity as received")
    quantity_unit: str | None = _unit()
    quantity_basis_code: str = _basis()
    quantity_packs: Decimal | None = _field(
        "采购包装数", "Quantity in packs", unit="最小包装", filterable=True, sortable=True
    )
    quantity_units: Decimal | None = _field(
        "采购制剂数", "Quantity in units", unit="最小制剂单位", filterable=True, sortable=True
    )
    conversion_ratio: Decimal | None = ratio(_CLOSED_TO_PUBLIC)
    price_state_code: str = price_state(_CLOSED_TO_PUBLIC)
    price_stated_yuan: Decimal | None = _field(
        "采购单价", "Price as received", unit="元", note=("对应数量单位", "for one of the quantity's unit")
    )
    pack_price_yuan: Decimal | None = _field(
        "最小包装采购价", "Price of a pack", unit="元", filterable=True, sortable=True
    )
    unit_price_yuan: Decimal | None = _field(
        "最小制剂单位采购价", "Price of a unit", unit="元", filterable=True, sortable=True
    )
    amount_yuan: Decimal | None = _field("采购金额", "Amount", unit="元", filterable=True, sortable=True)
    confidential_price_stated_yuan: Decimal | None = confidential(
        "保密的采购单价", "Confidential price as received"
    )
    confidential_pack_price_yuan: Decimal | None = confidential(
        "保密的最小包装价", "Confidential price of a pack"
    )
    confidential_unit_price_yuan: Decimal | None = confidential(
        "保密的最小制剂单位价", "Confidential price of a unit"
    )
    confidential_amount_yuan: Decimal | None = confidential("保密的采购金额", "Confidential amount")


class DeliveryLine(Fact, table=True):
    """配送明细: goods of an order line shipped, and taken in by the institution; below zero where they go back."""

    __tablename__ = "delivery_line"
    __table_args__ = fact_table(
        "delivery_line", _KEY, ("purchase_line_id", "id"), ("platform_product_id", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("配送明细", "Delivery line"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="delivery_lines",
        roots=Label("配送与入库明细", "Goods delivered and received"),
        scope=Scope.PROCUREMENT_ORDER_READ,
        key=_KEY,
        rows=limited(_AS_LINE, _BY_DISTRIBUTOR, *BY_SENDER),
        relations=(_TO_LINE, _TO_PLATFORM_PRODUCT),
        dimensions=(
            by("platform", "平台", "Platform", "sender_code"),
            by("institution", "医疗机构编码", "Institution code", "institution_code", "purchase_line"),
            by("distributor", "配送企业编码", "Distributor code", "distributor_code"),
            by("quantity_basis", "数量所计", "What the quantity counts", "quantity_basis_code"),
            *by_date("shipped", "发货时间", "Shipped", "shipped_at"),
            *by_date("receipt", "入库时间", "Received", "receipt_at"),
            *by_medicine("platform_product", "product"),
        ),
        release=_CLOSED_TO_PUBLIC,
    )

    id: int = identifier(
        "配送明细标识", "Delivery line identifier", release=_CLOSED_TO_PUBLIC, sortable=True, filterable=True
    )
    sender_code: str = sender(_CLOSED_TO_PUBLIC)
    delivery_number: str = _code("配送单号", "Delivery number", filterable=True, sortable=True)
    order_number: str = _code("订单号", "Order number", filterable=True)
    line_number: str = _code("订单明细号", "Order line number", filterable=True)
    purchase_line_id: int = _purchase_line_id()
    product_code: str = _code("平台产品编码", "Platform's product code", filterable=True)
    platform_product_id: int = platform_product_id(_CLOSED_TO_PUBLIC)
    distributor_code: str | None = _code("配送企业编码", "Distributor code", filterable=True)
    lot_number: str | None = _code("生产批号", "Lot number", filterable=True)
    expires_on: date | None = _field("有效期至", "Expires on", filterable=True, sortable=True)
    invoice_number: str | None = _code("发票号", "Invoice number", filterable=True)
    quantity_unit: str | None = _unit()
    quantity_basis_code: str = _basis()
    conversion_ratio: Decimal | None = ratio(_CLOSED_TO_PUBLIC)
    shipped_at: datetime | None = _at("发货时间", "Shipped at", filterable=True, sortable=True)
    shipped_stated: Decimal | None = _field("配送数量", "Quantity shipped, as received")
    shipped_packs: Decimal | None = _field(
        "配送包装数", "Shipped, in packs", unit="最小包装", filterable=True, sortable=True
    )
    shipped_units: Decimal | None = _field(
        "配送制剂数", "Shipped, in units", unit="最小制剂单位", filterable=True, sortable=True
    )
    receipt_at: datetime | None = _at(
        "入库时间", "Received by the institution at", filterable=True, sortable=True
    )
    receipt_stated: Decimal | None = _field("入库数量", "Quantity taken in, as received")
    receipt_packs: Decimal | None = _field(
        "入库包装数", "Taken in, in packs", unit="最小包装", filterable=True, sortable=True
    )
    receipt_units: Decimal | None = _field(
        "入库制剂数", "Taken in, in units", unit="最小制剂单位", filterable=True, sortable=True
    )


class Settlement(Fact, table=True):
    """结算: what an institution owes for an order line, an order or an invoice, and what it has paid."""

    __tablename__ = "settlement"
    __table_args__ = fact_table(
        "settlement", _KEY, ("purchase_line_id", "id"), ("institution_code", "id"), ("sender_code", "id")
    )
    about: ClassVar[Subject] = Subject(
        label=Label("结算", "Settlement"),
        provider=Provider.HEALTHCARE_SECURITY,
        plural="settlements",
        roots=Label("结算", "Settlements"),
        scope=Scope.PROCUREMENT_SETTLEMENT_READ,
        key=_KEY,
        rows=limited(*BY_INSTITUTION, _AS_LINE, _BY_DISTRIBUTOR, *BY_SENDER),
        relations=(_TO_LINE, TO_INSTITUTIONS),
        dimensions=(
            *_PARTIES,
            *by_date("due", "应付日期", "Due", "due_on"),
            *by_date("paid", "支付时间", "Paid", "paid_at"),
        ),
        release=_CLOSED_TO_PUBLIC,
    )

    id: int = identifier(
        "结算标识", "Settlement identifier", release=_CLOSED_TO_PUBLIC, sortable=True, filterable=True
    )
    sender_code: str = sender(_CLOSED_TO_PUBLIC)
    settlement_number: str = _code("结算单号", "Settlement number", filterable=True, sortable=True)
    order_number: str | None = _code("订单号", "Order number", filterable=True)
    line_number: str | None = _code("订单明细号", "Order line number", filterable=True)
    purchase_line_id: int | None = _purchase_line_id()
    invoice_number: str | None = _code("发票号", "Invoice number", filterable=True)
    institution_code: str | None = _code("医疗机构编码", "Institution code", filterable=True)
    distributor_code: str | None = _code("配送企业编码", "Distributor code", filterable=True)
    due_yuan: Decimal | None = _field("应付金额", "Amount due", unit="元", filterable=True, sortable=True)
    paid_yuan: Decimal | None = _field("已付金额", "Amount paid", unit="元", filterable=True, sortable=True)
    confidential_due_yuan: Decimal | None = confidential("保密的应付金额", "Confidential amount due")
    confidential_paid_yuan: Decimal | None = confidential("保密的已付金额", "Confidential amount paid")
    due_on: date | None = _field("应付日期", "Due on", filterable=True, sortable=True)
    paid_at: datetime | None = _at("支付时间", "Paid at", filterable=True, sortable=True)
