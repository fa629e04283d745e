"""Samples of what pharmacies send between full stock-takes, and of an upload as health insurance asks for it."""

import json
from collections.abc import Sequence

from connectors.sandbox.common import Medicine, csv_bytes, draw
from connectors.sandbox.packs import nhsa_code

#: store, medicine, price in yuan, packs
Shelf = tuple[str, Medicine, str, int]

CHANGES_TITLE = "演示数据：库存变动（样例）"
CHANGES_HEADER = "门店编码,商品编码,变动类型,变动数量,单价,变动时间,单据号"
LINES_TITLE = "演示数据：在售增量（样例）"
LINES_HEADER = "操作类型,门店编码,商品编码,通用名,规格,批准文号,零售价,库存"
#: changes of the sample, and which of them has a kind that nobody knows
CHANGES, STRANGE = 24, 17
_KINDS = ("销售", "采购入库", "销售", "调拨入库", "销售", "盘亏", "销售退货", "销售")


def changes(shelves: Sequence[Shelf]) -> bytes:
    """`changes.csv` of chain a: GB18030; one kind that is none."""
    rows = []
    for place, (store, medicine, price, _) in enumerate(shelves[:CHANGES]):
        kind = "盘点机同步" if place == STRANGE else _KINDS[place % len(_KINDS)]
        hour = 9 + draw(11, "hour", place)
        rows.append(
            [
                *(store, _item_a(medicine), kind, str(1 + draw(3, "changed", place)), price),
                *(f"2026-01-05 {hour:02d}:30:00", f"DJ{place + 1:05d}"),
            ]
        )
    return csv_bytes([CHANGES_TITLE], CHANGES_HEADER, rows, "gb18030")


def lines(shelves: Sequence[Shelf]) -> bytes:
    """`on_sale_lines.csv` of chain a: one line altered, one taken off, one operation that is none."""
    rows = []
    for operation, (store, medicine, price, packs) in zip(("修改", "删除", "搬动"), shelves, strict=False):
        put = ["", "", "", price, str(packs + 5)] if operation == "修改" else [""] * 5
        rows.append([operation, store, _item_a(medicine), *put])
    return csv_bytes([LINES_TITLE], LINES_HEADER, rows, "utf-8-sig")


def stock_take(shelves: Sequence[Shelf]) -> bytes:
    """`nhsa_stock_take.json` of one store of chain b: an envelope, each item in one or two lots."""
    store = shelves[0][0]
    rows = [
        {
            "medListCodg": nhsa_code(medicine),
            "medListName": medicine.name_zh,
            "medinsListCodg": f"YP{medicine.index:05d}",
            "medinsListName": medicine.name_zh,
            "rxFlag": "1",
            "invCnt": count,
            "manuLotnum": f"YS{medicine.index:03d}{lot}",
            "manuDate": "2025-06-01",
            "expyEnd": "2027-05-31",
        }
        for _, medicine, _, packs in (shelf for shelf in shelves if shelf[0] == store)
        for lot, count in enumerate((packs - packs // 2, packs // 2) if packs > 1 else (packs,))
    ]
    batch = {
        "rtalPhacCodg": store,
        "rtalPhacName": "演示数据",
        "fixmedinsBchno": "YS0001",
        "dataCatrg": "1",
        "drugInventoryList": rows,
    }
    return (json.dumps(batch, ensure_ascii=False, indent=1) + "\n").encode()


def sales(shelves: Sequence[Shelf]) -> bytes:
    """`nhsa_sales.jsonl` of chain b: an envelope a store, what it sold of each item on a day; no buyer."""
    stores = list(dict.fromkeys(shelf[0] for shelf in shelves))[:3]
    batches = []
    for number, store in enumerate(stores, 1):
        rows = [
            {
                "medinsListCodg": f"YP{medicine.index:05d}",
                "rtalPric": price,
                "selCnt": 1 + draw(3, "sold", store, medicine.index),
                "selTime": "2026-01-05",
            }
            for shop, medicine, price, _ in shelves
            if shop == store and draw(4, "sells", store, medicine.index) == 0
        ]
        batches.append(
            {
                "rtalPhacCodg": store,
                "rtalPhacName": "演示数据",
                "fixmedinsBchno": f"XS{number:04d}",
                "drugSalesList": rows,
            }
        )
    return "".join(json.dumps(batch, ensure_ascii=False) + "\n" for batch in batches).encode()


def _item_a(medicine: Medicine) -> str:
    """Chain a's code of an item."""
    return f"{100000 + 7 * medicine.index}"


def inventory_files(of_a: Sequence[Shelf], of_b: Sequence[Shelf]) -> dict[str, bytes]:
    """Every sample file: its path under `connectors/` and its bytes."""
    return {
        "pharmacy/samples/demo-chain-a/changes.csv": changes(of_a),
        "pharmacy/samples/demo-chain-a/on_sale_lines.csv": lines(of_a),
        "pharmacy/samples/demo-chain-b/nhsa_stock_take.json": stock_take(of_b),
        "pharmacy/samples/demo-chain-b/nhsa_sales.jsonl": sales(of_b),
    }
