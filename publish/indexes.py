"""Indexes of a release's SQLite files.

Those of the site's filters, each with the key behind it, so that a page in key order is a range of the index.
"""

import re
from collections.abc import Iterator

_INDEXES = (
    "CREATE UNIQUE INDEX product_by_number ON product (approval_number)",
    "CREATE INDEX product_by_name ON product (name_zh, id)",
    "CREATE INDEX product_by_concept ON product (concept_id, id)",
    "CREATE INDEX standard_code_by_product ON standard_code (product_id, standard_code)",
    "CREATE INDEX product_authorization_by_product ON product_authorization (product_id, id)",
    "CREATE INDEX authorization_event_by_authorization ON authorization_event (authorization_id, id)",
    "CREATE INDEX packaged_product_by_product ON packaged_product (product_id, id)",
    "CREATE INDEX platform_product_by_product ON platform_product (product_id, id)",
    "CREATE INDEX listing_by_platform_product ON listing (platform_product_id, id)",
    "CREATE INDEX listing_price_by_product ON listing_price (product_id, listing_id, valid_from)",
    "CREATE INDEX drug_list_version_by_list ON drug_list_version (list_id, effective_on, id)",
    "CREATE INDEX drug_list_entry_by_list ON drug_list_entry (list_id, id)",
    "CREATE INDEX list_change_by_list ON list_change (list_id, effective_on, id)",
    "CREATE INDEX list_change_by_version ON list_change (version_id, id)",
    "CREATE INDEX list_change_by_entry ON list_change (entry_id, id)",
    "CREATE INDEX list_match_by_entry ON list_match (entry_id, id)",
    "CREATE INDEX list_match_by_product ON list_match (product_id, id)",
    "CREATE INDEX substitution_match_by_product ON substitution_match (product_id, id)",
    "CREATE INDEX substitution_match_by_substitution ON substitution_match (substitution_id, id)",
    "CREATE INDEX local_item_by_product ON local_item (product_id, id)",
    "CREATE INDEX on_sale_by_item ON on_sale (item_id, pharmacy_id)",
    "CREATE INDEX institution_item_by_product ON institution_item (product_id, id)",
    "CREATE INDEX institution_medicine_by_item ON institution_medicine (item_id, institution_id)",
    "CREATE INDEX institution_by_region ON institution (region_code, id)",
    "CREATE INDEX institution_by_name ON institution (name, region_code, id)",
    "CREATE INDEX formulary_confirmation_by_time ON formulary_confirmation (confirmed_at, institution_id)",
    "CREATE INDEX supply_notice_by_product ON supply_notice (product_id, id)",
    "CREATE INDEX pharmacy_by_region ON pharmacy (region_code, id)",
    "CREATE INDEX stock_take_by_time ON stock_take (confirmed_at, pharmacy_id)",
    "CREATE INDEX postal_outlet_by_region ON postal_outlet (region_code, id)",
    "CREATE INDEX partner_pharmacy_by_region ON partner_pharmacy (region_code, id)",
    "CREATE INDEX service_area_by_region ON service_area (region_code, id)",
    "CREATE INDEX region_by_parent ON region (parent_code, code)",
)
_TABLE = re.compile(r" ON (\w+) \(")


def indexes_of(tables: set[str]) -> Iterator[str]:
    """The statements that make the indexes of these tables."""
    return (each for each in _INDEXES if (found := _TABLE.search(each)) and found[1] in tables)
