"""How the largest tables are cut: each province in files of its own, and what of it the national SQLite file holds."""

from publish.suppression import OPEN_INSTITUTIONS
from publish.tables import PROVINCE, PublicTable
from schema.declare import Label
from schema.entities.fact import held_now, live_now

_IN_FORCE = f"SELECT id FROM drug_list_entry WHERE {held_now()}"
_LISTED = f"SELECT product_id FROM list_match WHERE {live_now()} AND entry_id IN ({_IN_FORCE})"
#: table that is cut → the table of its items
_ITEMS = {"on_sale": "local_item", "institution_medicine": "institution_item"}
#: table that is cut → condition on its places, where not all of them may be shown
_SHOWN_PLACES = {"institution_medicine": f"institution_id IN ({OPEN_INSTITUTIONS})"}
NATIONAL_RULE = Label(
    "在列药品的在售和配备记录（还没有清单时为全部）；其余见各省文件",
    "what is on sale and kept of medicines on a list in force, or everything while there is no list; the rest is in"
    " the provinces' files",
)

#: tables of a province's file beside those that are cut → which rows of the national file it takes
PROVINCE_TABLES = {
    "pharmacy": "substr(region_code, 1, 2) = '{province}' OR id IN (SELECT pharmacy_id FROM main.on_sale)",
    "stock_take": "pharmacy_id IN (SELECT id FROM main.pharmacy)",
    "local_item": "id IN (SELECT item_id FROM main.on_sale)",
    "institution": (
        "substr(region_code, 1, 2) = '{province}' OR id IN (SELECT institution_id FROM main.institution_medicine)"
    ),
    "formulary_confirmation": "institution_id IN (SELECT id FROM main.institution)",
    "institution_item": "id IN (SELECT item_id FROM main.institution_medicine)",
    "product": (
        "id IN (SELECT product_id FROM main.local_item UNION SELECT product_id FROM main.institution_item)"
    ),
}


def national_condition(table: PublicTable) -> str:
    """Which rows of a table that is cut the national file holds, as a condition over the hub's tables."""
    items = _ITEMS[table.name]
    return (
        f"(item_id IN (SELECT id FROM {items} WHERE {live_now()} AND product_id IN ({_LISTED}))"
        f" OR NOT EXISTS ({_IN_FORCE}))"
    )


def provinces_query(table: PublicTable) -> str:
    """The provinces where places report that may be shown, by the first two digits of their division codes."""
    shown = _SHOWN_PLACES.get(table.name, "true")
    return f"SELECT DISTINCT {PROVINCE} FROM {table.name} WHERE {live_now()} AND {shown} ORDER BY {PROVINCE}"


def province_condition(province: str) -> str:
    """The rows of one province."""
    if not (province.isascii() and province.isdigit() and len(province) == 2):
        raise ValueError(f"{province!r} is no province")
    return f"{PROVINCE} = '{province}'"
