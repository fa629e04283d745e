"""How the largest table is cut: each province in files of its own, and what of it the national SQLite file holds."""

from publish.tables import PROVINCE, PublicTable
from schema.declare import Label
from schema.entities.fact import held_now, live_now

_IN_FORCE = f"SELECT id FROM drug_list_entry WHERE {held_now()}"
_LISTED = f"SELECT product_id FROM list_match WHERE {live_now()} AND entry_id IN ({_IN_FORCE})"
#: which rows of what is on sale the national file holds, as a condition over the hub's tables and in words
NATIONAL_CONDITION = (
    f"(item_id IN (SELECT id FROM local_item WHERE {live_now()} AND product_id IN ({_LISTED}))"
    f" OR NOT EXISTS ({_IN_FORCE}))"
)
NATIONAL_RULE = Label(
    "在列药品的在售记录（还没有清单时为全部）；其余见各省文件",
    "what is on sale of medicines on a list in force, or everything while there is no list; the rest is in the"
    " provinces' files",
)

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
