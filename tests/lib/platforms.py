"""Files of procurement platforms that several tests send."""

import csv
import io
import json
from typing import Any

PROVINCE, GUANGZHOU = "gd-province", "gz-city"
SODIUM, DIGOXIN = "国药准字H20059001", "国药准字H11029007"
HOLDER_NAME = "演示制药（甲）有限公司"
APPROVALS = (
    "批准文号,产品名称,规格,上市许可持有人\n"
    f"{SODIUM},注射用硝普钠,50mg,{HOLDER_NAME}\n"
    f"{DIGOXIN},地高辛片,0.25mg,{HOLDER_NAME}\n"
)


def guangdong(**cells: Any) -> dict[str, Any]:
    """A good record of the province's list, with some cells otherwise."""
    return {
        "drugId": "GD001",
        "drugCode": "XC01AAD053A001010100101",
        "genname": "地高辛片",
        "regDosformName": "片剂",
        "regSpecName": "0.25mg",
        "pacmatl": "铝塑包装",
        "listingLicenseHolder": HOLDER_NAME,
        "aprvno": DIGOXIN,
        "convrat": 30,
        "minuntName": "片",
        "minpacName": "盒",
        "minPacPubonlnPric": 28.5,
        "hiddenPriceFlag": 0,
        "formationMode": "挂网",
        "pubonlnTime": "2025-07-01 00:00:00",
        "stopPubonln": 0,
        "isShortageDrug": 1,
    } | cells


def guangzhou(**cells: Any) -> dict[str, Any]:
    """A good record of Guangzhou's list, with some cells otherwise."""
    return {
        "goodsId": "7001",
        "procurecatalogId": "C1",
        "productName": "地高辛片",
        "outlook": "0.25mg",
        "approvalNumber": DIGOXIN,
        "holderName": HOLDER_NAME,
        "factor": 30,
        "minUnit": "片",
        "unit": "盒",
        "bidPrice": "28.50",
        "minUnitPrice": "0.95",
        "hiddenPriceFlag": "0",
    } | cells


def order(**cells: Any) -> dict[str, Any]:
    """A good order line, with some cells otherwise."""
    return {
        "订单号": "D1",
        "订单明细号": "1",
        "医疗机构编码": "H44010600001",
        "配送企业编码": "P1",
        "药品编码": "GD001",
        "采购数量": 10,
        "单位": "盒",
        "采购单价": 28.5,
        "采购金额": 285,
        "采购方式": "挂网",
        "下单时间": "2026-02-20 08:30:00",
    } | cells


def delivery(**cells: Any) -> dict[str, Any]:
    """A good delivery line, with some cells otherwise."""
    return {
        "配送单号": "P1",
        "订单号": "D1",
        "订单明细号": "1",
        "药品编码": "GD001",
        "单位": "盒",
        "配送数量": 10,
        "发货时间": "2026-02-21 09:00",
        "入库数量": 9,
        "入库时间": "2026-02-22",
        "发票号": "FP1",
    } | cells


def settlement(**cells: Any) -> dict[str, Any]:
    """A good settlement of an order line, with some cells otherwise."""
    return {
        "结算单号": "J1",
        "订单号": "D1",
        "订单明细号": "1",
        "应付金额": "285.00",
        "支付时间": None,
    } | cells


def filing(**cells: Any) -> dict[str, Any]:
    """A good filed purchase, with some cells otherwise."""
    return {
        "备案编号": "B1",
        "医疗机构编码": "H44010600001",
        "通用名": "注射用硝普钠",
        "规格": "50mg",
        "批准文号": SODIUM,
        "上市许可持有人": HOLDER_NAME,
        "供应商": "演示医药有限公司",
        "备案原因": "平台无挂网",
        "转换比": 1,
        "备案价格": 46,
        "备案日期": "2026-02-01",
    } | cells


def document(*rows: dict[str, Any]) -> str:
    """The rows as one JSON document."""
    return json.dumps({"records": rows}, ensure_ascii=False)


def table(*rows: dict[str, Any]) -> str:
    """The rows as CSV; the first row's keys are the header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
