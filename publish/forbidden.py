"""Rows that no release may have, told in words of their own: not in those of the rules that chose the rows."""

from dataclasses import dataclass

from schema.declare import Label


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What must not be in a table, and the query over a release's SQLite file that counts it."""

    table: str
    what: Label
    count: str


def _not_shown(table: str) -> str:
    """Items that are not certainly a registered medicine, or one under special control."""
    return (
        f"SELECT count(*) FROM {table} i LEFT JOIN product p ON p.id = i.product_id"
        " WHERE i.match_code <> 'linked' OR p.id IS NULL OR p.special_control_code IS NOT NULL"
    )


def _without_item(table: str, items: str) -> Forbidden:
    """What a place keeps of an item that is not shown."""
    return Forbidden(
        table,
        Label("没有商品的记录", "of an item that is not shown"),
        f"SELECT count(*) FROM (SELECT DISTINCT item_id FROM {table}) WHERE item_id NOT IN (SELECT id FROM {items})",
    )


def _too_telling(table: str) -> Forbidden:
    """Bands that are none of the four."""
    return Forbidden(
        table,
        Label("不是四档之一的存量", "bands that say more than four words"),
        f"SELECT count(*) FROM {table} WHERE stock_band_code NOT IN ('in_stock', 'few', 'out_of_stock', 'unknown')",
    )


def _of_no_institution(table: str) -> Forbidden:
    """What is said of an institution that is not shown."""
    return Forbidden(
        table,
        Label("没有医疗机构的记录", "of an institution that is not shown"),
        f"SELECT count(*) FROM {table} WHERE institution_id NOT IN (SELECT id FROM institution)",
    )


_SPECIAL = Label("未对应或特殊管理药品", "of no registered medicine, or of one under special control")

FORBIDDEN = (
    Forbidden("local_item", _SPECIAL, _not_shown("local_item")),
    Forbidden("platform_product", _SPECIAL, _not_shown("platform_product")),
    Forbidden("supply_notice", _SPECIAL, _not_shown("supply_notice")),
    Forbidden("institution_item", _SPECIAL, _not_shown("institution_item")),
    _without_item("on_sale", "local_item"),
    _without_item("institution_medicine", "institution_item"),
    _too_telling("on_sale"),
    _too_telling("institution_medicine"),
    Forbidden(
        "institution",
        Label("未写明公立的医疗机构", "institutions that are not stated to be public"),
        "SELECT count(*) FROM institution WHERE is_public IS NOT 1",
    ),
    *(_of_no_institution(table) for table in ("institution_medicine", "formulary_confirmation")),
    Forbidden(
        "organization_role",
        Label("未公开医疗机构的名称", "names of institutions that are not shown"),
        "SELECT count(*) FROM organization_role r LEFT JOIN organization_name n ON n.id = r.name_id"
        " WHERE r.role_code = 'institution' AND coalesce(n.name, '') NOT IN (SELECT name FROM institution)",
    ),
    Forbidden(
        "listing",
        Label("保密价格", "confidential prices"),
        "SELECT count(*) FROM listing WHERE price_state_code = 'confidential'"
        " AND (pack_price_yuan IS NOT NULL OR unit_price_yuan IS NOT NULL)",
    ),
    Forbidden(
        "direct_listing_price",
        Label("未公开产品的价格", "prices of what is not shown"),
        "SELECT count(*) FROM direct_listing_price"
        " WHERE product_id NOT IN (SELECT product_id FROM platform_product)",
    ),
    Forbidden(
        "listing_price",
        Label("价格历史中未公开的产品", "price history of what is not shown"),
        "SELECT count(*) FROM listing_price h LEFT JOIN product p ON p.id = h.product_id"
        " WHERE p.id IS NULL OR p.special_control_code IS NOT NULL",
    ),
    Forbidden(
        "listing_price",
        Label("价格已保密的产品的价格历史", "price history of what has a confidential price"),
        "SELECT count(*) FROM listing_price WHERE platform_product_id IN"
        " (SELECT platform_product_id FROM listing WHERE price_state_code = 'confidential')",
    ),
    Forbidden(
        "listing_price",
        Label("同一挂网重叠的价格", "prices of one listing at the same time"),
        "SELECT count(*) FROM listing_price a JOIN listing_price b"
        " ON b.listing_id = a.listing_id AND b.valid_from > a.valid_from"
        " WHERE a.valid_to IS NULL OR b.valid_from < a.valid_to",
    ),
)
