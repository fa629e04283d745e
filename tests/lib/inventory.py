"""Small files of changes, sales, lines and lots that several tests send."""

import json
from typing import Any


def _file(header: str, rows: tuple[str, ...]) -> str:
    return "\n".join((header, *rows)) + "\n"


def changes(*rows: str) -> str:
    """A list of changes: store, item, kind, quantity, time, document."""
    return _file("门店编码,商品编码,变动类型,变动数量,变动时间,单据号", rows)


def sales(*rows: str) -> str:
    """A list of sales: store, item, quantity, amount, time."""
    return _file("门店编码,商品编码,销售数量,销售金额,销售时间", rows)


def lines(*rows: str) -> str:
    """Increments: operation, store, item, name, specification, number, price, stock."""
    return _file("操作类型,门店编码,商品编码,通用名,规格,批准文号,零售价,库存", rows)


def nhsa(store: str, *rows: dict[str, Any], number: str = "B1", **envelope: Any) -> str:
    """A batch as pharmacies upload it: one envelope, its rows in a list."""
    head = {"rtalPhacCodg": store, "rtalPhacName": "演示药店", "fixmedinsBchno": number, "dataCatrg": "1"}
    return json.dumps({**head, "drugInventoryList": list(rows), **envelope}, ensure_ascii=False) + "\n"


def lot(item: str, count: object, number: str = "L1", **more: Any) -> dict[str, Any]:
    """A lot of an item in a stock-take."""
    names = {
        "medListCodg": "XC01AAD148A001010199001",
        "medListName": "地高辛片",
        "medinsListName": "地高辛片",
    }
    return {
        **names,
        "medinsListCodg": item,
        "rxFlag": "1",
        "invCnt": count,
        "manuLotnum": number,
        "manuDate": "2025-01-01",
        "expyEnd": "2027-01-01",
        **more,
    }
