"""The samples of the procurement feed: four platforms that code the same medicines each in its own way.

What is wrong in them is planted: each mistake is one that real files have been seen to have.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.sandbox.common import (
    MAKERS,
    Medicine,
    add_titles,
    draw,
    full_width,
    holder_of,
    new_sheet,
    xlsx_bytes,
)
from connectors.sandbox.procurement_offers import (
    CENT,
    GUANGZHOU,
    INSTITUTIONS,
    MODES,
    PACKED,
    PROVINCE,
    PUBLIC,
    SHENZHEN,
    TITLE,
    Offer,
    offers,
)
from connectors.sandbox.purchase_samples import deliveries_csv, order_records, orders_csv, settlements_csv

PUBLIC_HEADER = (
    "序号,产品名称,商品名,药品统一编码,剂型,规格,包装,转换比,生产企业,批准文号(注册证编号),"
    "是否集采中选药品,是否国家谈判药品,是否价格保密,最小包装医保平台挂网价,最小制剂价格"
)
FILED_HEADER = (
    "备案编号,医疗机构编码,医疗机构名称,通用名,剂型,规格,批准文号,上市许可持有人,"
    "供应商,备案原因,转换比,备案价格,备案日期"
)


#: days of earlier lists, by platform: prices were others then
EARLIER = {
    PROVINCE: ("20250315", "20250901"),
    GUANGZHOU: ("20250601",),
    SHENZHEN: ("20250415", "20251001"),
}
#: fewer were listed then, and samples are small
_LISTED_EARLIER = 10


def procurement_files(medicines: Sequence[Medicine]) -> dict[str, bytes]:
    """Every file of the feed: its path under `connectors/` and its bytes."""
    province = offers(PROVINCE, medicines)
    city, other = offers(GUANGZHOU, medicines), offers(SHENZHEN, medicines)
    files = {
        f"{PROVINCE}/listings.json": document(province_records(province)),
        f"{PROVINCE}/orders.csv": orders_csv(province),
        f"{PROVINCE}/deliveries.csv": deliveries_csv(province),
        f"{PROVINCE}/settlements.csv": settlements_csv(province),
        f"{PROVINCE}/filed_purchases.xlsx": filed_xlsx(medicines),
        f"{GUANGZHOU}/listings.jsonl": lines(city_records(city)),
        f"{GUANGZHOU}/orders.jsonl": lines(order_records(city)),
        f"{SHENZHEN}/listings.jsonl": lines(province_records(other, is_messy=False)),
        f"{SHENZHEN}/orders.jsonl": lines(order_records(other)),
        f"{PUBLIC}/listings_2026q1.xlsx": public_xlsx(offers(PUBLIC, medicines)),
    }
    for day in EARLIER[PROVINCE]:
        records = province_records(earlier(province, day), is_messy=False)
        files[f"{PROVINCE}/listings_{day}.json"] = document(records)
    for day in EARLIER[GUANGZHOU]:
        files[f"{GUANGZHOU}/listings_{day}.jsonl"] = lines(city_records(earlier(city, day)))
    for day in EARLIER[SHENZHEN]:
        records = province_records(earlier(other, day), is_messy=False)
        files[f"{SHENZHEN}/listings_{day}.jsonl"] = lines(records)
    return {f"procurement/samples/{path}": content for path, content in files.items()}


def earlier(listed: Sequence[Offer], day: str) -> list[Offer]:
    """Some of it as listed on an earlier day: half at other prices; what is negotiated now not yet on the first one."""
    is_first = day in {days[0] for days in EARLIER.values()}
    return [
        replace(
            offer,
            price=(offer.price * _share(offer, day) / 100).quantize(CENT),
            mode="挂网" if is_first and offer.is_secret else offer.mode,
        )
        for offer in listed[:_LISTED_EARLIER]
    ]


def _share(offer: Offer, day: str) -> int:
    """The price of that day in per cent of today's."""
    return 88 + draw(34, "share", offer.code, day) if draw(2, "moved", offer.code, day) else 100


def province_records(listed: Sequence[Offer], *, is_messy: bool = True) -> list[dict[str, Any]]:
    """Records under Guangdong's field names; three rows with planted faults where messy."""
    records: list[dict[str, Any]] = [
        {
            "drugId": offer.code,
            "drugCode": offer.nhsa_code,
            "genname": offer.medicine.name_zh,
            "tradeName": offer.medicine.trade_name_zh or None,
            "regDosformName": offer.medicine.dosage_form,
            "regSpecName": _spelt(offer.strength, offer.place if is_messy else 0),
            "pacmatl": "演示包材",
            "listingLicenseHolder": holder_of(offer.medicine),
            "prodentpName": MAKERS[offer.medicine.maker][0],
            "aprvno": offer.medicine.approval_number,
            "convrat": offer.ratio,
            "minuntName": offer.unit,
            "minpacName": offer.pack,
            "minPacPubonlnPric": 0 if offer.is_secret else float(offer.price),
            "minUntPubonlnPric": None if offer.is_secret else float(offer.unit_price),
            "hiddenPriceFlag": int(offer.is_secret),
            "pubonlnTime": f"{offer.listed_on} 00:00:00",
            "stopPubonln": int(draw(12, "stopped", offer.code) == 0),
            "isShortageDrug": int(offer.medicine.trait == "scarce"),
            "formationMode": offer.mode,
        }
        for offer in listed
    ]
    if is_messy:
        # the price of a unit put for that of a pack; a digit of the number lost; a ratio that cannot be
        priced = [record for record in records if not record["hiddenPriceFlag"]]
        priced[2]["minPacPubonlnPric"] = priced[2]["minUntPubonlnPric"]
        priced[4]["aprvno"] = priced[4]["aprvno"][:-1]
        priced[6]["convrat"] = 0
        # an O for a zero: told, and taken as it is
        priced[8]["drugCode"] = priced[8]["drugCode"].replace("00", "O0", 1)
    return records


def city_records(listed: Sequence[Offer]) -> list[dict[str, Any]]:
    """Records under Guangzhou's field names; one product in two catalogues; a confidential price written as *."""
    records = []
    for offer in listed:
        record = {
            "goodsId": offer.code,
            "procurecatalogId": f"{100 + MODES.index(offer.mode)}",
            "nationalDrugCode": offer.nhsa_code,
            "productName": offer.medicine.name_zh,
            "medicinemodel": offer.medicine.dosage_form,
            "outlook": offer.strength,
            "holderName": holder_of(offer.medicine),
            "companyName": MAKERS[offer.medicine.maker][0],
            "approvalNumber": offer.medicine.approval_number,
            "factor": str(offer.ratio),
            "minUnit": offer.unit,
            "unit": offer.pack,
            "bidPrice": "*" if offer.is_secret else str(offer.price),
            "minUnitPrice": "*" if offer.is_secret else str(offer.unit_price),
            "hiddenPriceFlag": "1" if offer.is_secret else "0",
            "procureType": offer.mode,
            "isOutStock": str(int(offer.medicine.trait == "scarce" and offer.place % 2)),
        }
        records.append(record)
        if offer.place == 5:
            records.append(record | {"procurecatalogId": "199", "procureType": "议价"})
    return records


def public_xlsx(listed: Sequence[Offer]) -> bytes:
    """`listings_2026q1.xlsx`: two title rows; confidential prices as 0, blank or *; a total at the foot."""
    workbook, sheet = new_sheet("2026年第一季度")
    add_titles(sheet, (TITLE, "演示数据：2026年第一季度挂网药品价格公示"), PUBLIC_HEADER.split(","))
    for offer in listed:
        hidden = ("0", None, "*")[offer.place % 3]
        sheet.append(
            [
                offer.place + 1,
                offer.medicine.name_zh,
                offer.medicine.trade_name_zh or "无",
                offer.code,
                offer.medicine.dosage_form,
                offer.strength,
                f"{offer.ratio}{offer.unit}/{offer.pack}",
                offer.ratio,
                MAKERS[offer.medicine.maker][0],
                offer.medicine.approval_number,
                "是" if offer.mode == "集采" else "否",
                "是" if offer.mode == "国谈" else "否",
                "是" if offer.is_secret else "否",
                hidden if offer.is_secret else float(offer.price),
                hidden if offer.is_secret else float(offer.unit_price),
            ]
        )
    sheet.append(["合计", None, f"{len(listed)} 个"])
    return xlsx_bytes(workbook)


def filed_xlsx(medicines: Sequence[Medicine]) -> bytes:
    """`filed_purchases.xlsx`: purchases of what the province does not list."""
    workbook, sheet = new_sheet("备案采购")
    add_titles(sheet, (TITLE, "演示数据：2025年12月备案采购"), FILED_HEADER.split(","))
    scarce = [medicine for medicine in medicines if medicine.trait == "scarce" and medicine.shop_price_yuan]
    for number, medicine in enumerate(scarce[:6], start=1):
        found = PACKED.search(medicine.shop_specification)
        code, name = INSTITUTIONS[number % len(INSTITUTIONS)]
        sheet.append(
            [
                f"BA2026{number:04d}",
                code,
                name,
                medicine.name_zh,
                medicine.dosage_form,
                PACKED.sub("", medicine.shop_specification),
                medicine.approval_number,
                holder_of(medicine),
                "演示医药（卯）有限公司",
                ("平台无挂网", "挂网企业停产", "临床急救必需")[number % 3],
                int(found[1]) if found else None,
                float(Decimal(medicine.shop_price_yuan) * 2),
                date(2025, 12, number),
            ]
        )
    return xlsx_bytes(workbook)


def document(records: Sequence[dict[str, Any]]) -> bytes:
    """The answer of a platform to one request for everything, envelope and all."""
    page = {"total": len(records), "size": len(records), "current": 1, "records": records}
    return (json.dumps({"code": 0, "msg": TITLE, "data": page}, ensure_ascii=False, indent=1) + "\n").encode()


def lines(records: Sequence[dict[str, Any]]) -> bytes:
    """JSON lines, as a pull leaves them."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _spelt(strength: str, place: int) -> str:
    return (strength, strength.replace(":", "∶"), full_width(strength))[place % 3]
