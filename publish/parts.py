"""How the largest table is cut: each province in files of its own, and what of it the national SQLite file holds."""

from publish.tables import PROVINCE, PublicTable
from schema.declare import Label
from schema.entities.fact import live_now

#: which rows of what is on sale the national file holds, as a condition over the hub's table and in words
NATIONAL_CONDITION = "TRUE"
NATIONAL_RULE = Label("全部在售记录", "all that is on sale")

#: tables of a province's file beside the one that is cut → which rows of the national file it takes
PROVINCE_TABLES = {
    "pharmacy": "substr(region_code, 1, 2) = '{province}' OR id IN (SELECT pharmacy_id FROM main.on_sale)",
    "stock_take": "pharmacy_id IN (SELECT id FROM main.pharmacy)",
    "local_item": "id IN (SELECT item_id FROM main.on_sale)",
    "product": "id IN (SELECT product_id FROM main.local_item)",
}


def provinces_query(table: PublicTable) -> str:
    """The provinces that have rows, by the first two digits of their division codes."""
    return f"SELECT DISTINCT {PROVINCE} FROM {table.name} WHERE {live_now()} ORDER BY {PROVINCE}"


def province_condition(province: str) -> str:
    """The rows of one province."""
    if not (province.isascii() and province.isdigit() and len(province) == 2):
        raise ValueError(f"{province!r} is no province")
    return f"{PROVINCE} = '{province}'"
