"""What items of pharmacies and of medical institutions share: the words by which a sender describes them."""

from typing import Any

from schema.declare import Filled, Release, coded, declared
from schema.entities.fact import fact_table
from schema.entities.matched import Matched


class DescribedItem(Matched):
    """An item under its sender's own code, as the sender describes it."""

    sender_code: str = coded(
        "发送方代码", "Sender code", release=Release.OPEN, filled=Filled.HUB, filterable=True
    )
    name_zh: str = declared("通用名", "Generic name", release=Release.OPEN, filterable=True, sortable=True)
    trade_name_zh: str | None = declared("商品名", "Trade name", release=Release.OPEN, filterable=True)
    specification: str | None = declared("规格", "Specification", release=Release.OPEN, filterable=True)
    manufacturer_name: str | None = declared(
        "生产厂家", "Manufacturer", release=Release.OPEN, filterable=True, sortable=True
    )
    approval_number: str | None = coded("批准文号", "Approval number", release=Release.OPEN, filterable=True)
    standard_code: str | None = coded(
        "药品本位码", "Drug standard code", release=Release.OPEN, filterable=True
    )
    nhsa_code: str | None = coded("医保药品代码", "NHSA code", release=Release.OPEN, filterable=True)
    sales_unit: str | None = declared("单位", "Sales unit", release=Release.OPEN)


def item_table(name: str) -> tuple[Any, ...]:
    """Table arguments of such items: found by their sender's code, by their match, and by the pack they name."""
    return fact_table(
        name,
        ("id",),
        ("sender_code", "item_code"),
        ("product_id", "id"),
        ("match_code", "id"),
        ("match_concept_id", "id"),
        ("match_judgement_id",),
        ("nhsa_code", "id"),
    )
