"""Samples of what institutions buy over the sample platforms: orders, deliveries, settlements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.common import csv_bytes, draw
from connectors.sandbox.procurement_offers import CENT, INSTITUTIONS, TITLE, Offer

CHINA = ZoneInfo("Asia/Shanghai")
ORDER_HEADER = (
    "订单号,订单明细号,医疗机构编码,医疗机构名称,配送企业编码,药品编码,"
    "采购数量,单位,采购单价,采购金额,采购方式,下单时间"
)
DELIVERY_HEADER = (
    "配送单号,订单号,订单明细号,药品编码,生产批号,有效期至,单位,配送数量,发货时间,入库数量,入库时间,发票号"
)
SETTLEMENT_HEADER = "结算单号,订单号,订单明细号,发票号,医疗机构编码,应付金额,应付日期,已付金额,支付时间"


@dataclass(frozen=True, slots=True)
class Bought:
    """One line of an invented order."""

    offer: Offer
    number: int
    #: in packs
    quantity: int
    ordered_at: datetime

    @property
    def order(self) -> str:
        """The order's number: three lines each."""
        return f"DD202512{self.number // 3:05d}"

    @property
    def line(self) -> str:
        """The line's number in its order."""
        return str(self.number % 3 + 1)

    @property
    def institution(self) -> tuple[str, str]:
        """Code and name."""
        return INSTITUTIONS[self.number // 3 % len(INSTITUTIONS)]

    @property
    def is_by_the_unit(self) -> bool:
        """Whether the institution counts units where others count packs."""
        return self.number % 4 == 1 and self.offer.pack != self.offer.unit

    @property
    def counted(self) -> tuple[int, str, Decimal]:
        """Quantity, unit and price for one of it, as written."""
        offer = self.offer
        if self.is_by_the_unit:
            return self.quantity * offer.ratio, offer.unit, offer.unit_price
        return self.quantity, offer.pack, offer.price


def bought(listed: Sequence[Offer]) -> Iterator[Bought]:
    """Thirty order lines over the list."""
    for number in range(30):
        offer = listed[draw(len(listed), "bought", number, listed[0].code)]
        day = datetime(2025, 12, 1 + number % 20, 8 + number % 9, 30, tzinfo=CHINA)
        yield Bought(offer, number, 5 + draw(200, "quantity", number, offer.code), day)


def orders_csv(listed: Sequence[Offer]) -> bytes:
    """`orders.csv`: GB18030, packs here and units there, three planted faults, a row of totals."""
    rows = [_order_row(line) for line in bought(listed)]
    rows[6][7] = "件"
    rows[13][6] = f"-{rows[13][6]}"
    rows[20][11] = "2099-12-01 08:00"
    rows[24][7] = ""
    rows[26][5] = "GD999999"
    totals = ["合计", *[""] * 8, f"{len(rows)} 行"]
    return _csv(TITLE, ORDER_HEADER, [*rows, totals])


def _order_row(line: Bought) -> list[str]:
    quantity, unit, price = line.counted
    code, name = line.institution
    amount = (quantity * price).quantize(CENT)
    return [
        *(line.order, line.line, code, name, "PS440001", line.offer.code),
        *(f"{quantity:,}" if line.number % 5 == 0 else str(quantity), unit, str(price), str(amount)),
        *(line.offer.mode, _written(line.ordered_at, line.number)),
    ]


def order_records(listed: Sequence[Offer]) -> list[dict[str, Any]]:
    """Order lines as a platform's interface gives them, with when each changed last."""
    records = []
    for line in bought(listed):
        quantity, unit, price = line.counted
        records.append(
            {
                "orderCode": line.order,
                "orderDetailCode": line.line,
                "hospitalCode": line.institution[0],
                "distributorCode": "PS440001",
                "drugId": line.offer.code,
                "purchaseCount": quantity,
                "countUnit": unit,
                "purchasePrice": float(price),
                "purchaseMode": line.offer.mode,
                "orderTime": line.ordered_at.strftime("%Y-%m-%d %H:%M:%S"),
                "updateTime": line.ordered_at.isoformat(),
            }
        )
    return records


def deliveries_csv(listed: Sequence[Offer]) -> bytes:
    """`deliveries.csv`: most of each line arrives; some goods go back, which counts below zero."""
    rows = []
    for line in bought(listed):
        if line.number % 7 == 5:
            continue
        quantity, unit, _ = line.counted
        shipped = line.ordered_at + timedelta(days=1)
        taken_in = shipped + timedelta(hours=20)
        about = [line.order, line.line, line.offer.code, f"L{line.number:04d}", "2027-12-31", unit]
        rows.append(
            [
                *(f"PS{line.number:05d}", *about, str(quantity), _written(shipped, line.number)),
                *(str(quantity - line.number % 3), _written(taken_in, line.number), f"FP{line.number:06d}"),
            ]
        )
        if line.number % 9 == 4:
            back = _written(taken_in + timedelta(days=3), line.number)
            rows.append([f"PS{line.number:05d}R", *about, "-2", back, "-2", back, f"FP{line.number:06d}R"])
    return _csv(TITLE, DELIVERY_HEADER, rows)


def settlements_csv(listed: Sequence[Offer]) -> bytes:
    """`settlements.csv`: a line each, half of them paid; one for a whole invoice."""
    rows = []
    for line in bought(listed):
        quantity, _, price = line.counted
        due = str((quantity * price).quantize(CENT))
        due_on = (line.ordered_at + timedelta(days=30)).date().isoformat()
        paid = [due, _written(line.ordered_at + timedelta(days=20), 0)] if line.number % 2 else ["", ""]
        rows.append(
            [
                *(f"JS{line.number:05d}", line.order, line.line, f"FP{line.number:06d}"),
                *(line.institution[0], due, due_on, *paid),
            ]
        )
    rows.append(["JS99999", "", "", "FP999999", INSTITUTIONS[0][0], "1234.50", "2026-01-31", "", ""])
    return _csv(TITLE, SETTLEMENT_HEADER, rows)


def _written(when: datetime, place: int) -> str:
    """An instant as one of several systems writes it."""
    forms = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S")
    return when.strftime(forms[place % 3])


def _csv(title: str, header: str, rows: Sequence[Sequence[str]]) -> bytes:
    return csv_bytes([title], header, rows, "gb18030")
