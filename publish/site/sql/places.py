"""SQL of places: where medicines are on sale, what a pharmacy has, what a region has."""

from publish.site.sql.common import SOURCE

# A medicine under special control is left out again here, although a release holds no such row.
_PLACES = """
 FROM local_item i
 JOIN product m ON m.id = i.product_id AND m.special_control_code IS NULL
 JOIN on_sale o ON o.item_id = i.id
 JOIN pharmacy p ON p.id = o.pharmacy_id
 WHERE i.product_id IN (SELECT value FROM json_each(:products))
"""

# The national file has what is on sale of medicines on a list in force, and everything while there is no list.
IS_NATIONAL = """
SELECT NOT EXISTS (SELECT 1 FROM drug_list_entry) OR NOT EXISTS (
    SELECT 1 FROM json_each(:products) k WHERE k.value NOT IN (
        SELECT product_id FROM list_match WHERE entry_id IN (SELECT id FROM drug_list_entry)
    )
) AS is_national
"""

# A pharmacy may sell a medicine under several items: it counts once, with the best of them.
BY_REGION = f"""
SELECT region_code, CASE best WHEN 3 THEN 'in_stock' WHEN 2 THEN 'few' WHEN 1 THEN 'unknown' ELSE 'out_of_stock' END
       AS band, count(*) AS places FROM (
    SELECT p.region_code, max(CASE o.stock_band_code WHEN 'in_stock' THEN 3 WHEN 'few' THEN 2 WHEN 'unknown' THEN 1
           ELSE 0 END) AS best
     {_PLACES} GROUP BY p.id
) GROUP BY region_code, best
"""

# The page is chosen by its keys alone; names and times are then fetched for its rows only.
PAGE = f"""
SELECT k.*, p.name, p.address, s.confirmed_at, m.approval_number, m.holder_name, i.specification FROM (
    SELECT p.region_code, p.id AS pharmacy_id, i.id AS item_id, o.stock_band_code, o.batch_id, o.row_number
     {_PLACES}
       AND p.region_code >= :low AND p.region_code < :high
       AND (:after_pharmacy IS NULL OR (p.region_code, p.id, i.id) >
            ((SELECT region_code FROM pharmacy WHERE id = :after_pharmacy), :after_pharmacy, :after_item))
     ORDER BY p.region_code, p.id, i.id LIMIT :limit
 ) k JOIN pharmacy p ON p.id = k.pharmacy_id JOIN local_item i ON i.id = k.item_id
 JOIN product m ON m.id = i.product_id LEFT JOIN stock_take s ON s.pharmacy_id = k.pharmacy_id
 ORDER BY k.region_code, k.pharmacy_id, k.item_id
"""

PHARMACY = f"""
SELECT p.*, s.confirmed_at, {SOURCE}
 FROM pharmacy p LEFT JOIN stock_take s ON s.pharmacy_id = p.id
 LEFT JOIN batch b ON b.id = p.batch_id LEFT JOIN feed f ON f.code = b.feed_code
 WHERE p.id = :id
"""

#: the partner of the post that a pharmacy is, if it is one
PARTNER = "SELECT * FROM partner_pharmacy WHERE pharmacy_id = :id"

_SHELF = """
 FROM on_sale o JOIN local_item i ON i.id = o.item_id
 JOIN product m ON m.id = i.product_id AND m.special_control_code IS NULL
 WHERE o.pharmacy_id = :id
   AND (:products IS NULL OR m.id IN (SELECT value FROM json_each(:products)))
"""

SHELF_COUNT = f"SELECT o.stock_band_code AS band, count(*) AS items {_SHELF} GROUP BY band"

SHELF = f"""
SELECT i.id AS item_id, m.approval_number, m.concept_id, m.name_zh, i.specification, i.manufacturer_name,
       o.stock_band_code, o.batch_id, o.row_number
 {_SHELF}
   AND (:after IS NULL OR (m.name_zh, i.id) >
        (SELECT p.name_zh, l.id FROM local_item l JOIN product p ON p.id = l.product_id WHERE l.id = :after))
 ORDER BY m.name_zh, i.id LIMIT :limit
"""

NEWEST_STOCK_TAKES = """
SELECT p.id, p.name, p.region_code, s.confirmed_at
 FROM (SELECT pharmacy_id, confirmed_at FROM stock_take ORDER BY confirmed_at DESC, pharmacy_id LIMIT :limit) s
 JOIN pharmacy p ON p.id = s.pharmacy_id
 ORDER BY s.confirmed_at DESC, p.id
"""

REGION = """
SELECT r.*, u.name AS parent_name FROM region r LEFT JOIN region u ON u.code = r.parent_code WHERE r.code = :code
"""

CHILDREN = "SELECT code, name, level_code FROM region WHERE parent_code = :code ORDER BY code"

#: pharmacies of a region by the division below it (the first :digits of the code)
COVERAGE = """
SELECT substr(p.region_code, 1, :digits) AS prefix, count(*) AS pharmacies, count(s.pharmacy_id) AS confirmed,
       max(s.confirmed_at) AS confirmed_at
 FROM pharmacy p LEFT JOIN stock_take s ON s.pharmacy_id = p.id
 WHERE p.region_code >= :low AND p.region_code < :high GROUP BY prefix
"""

REGION_PHARMACIES = """
SELECT p.id, p.name, p.chain_name, p.address, p.region_code, s.confirmed_at, p.batch_id, p.row_number
 FROM pharmacy p LEFT JOIN stock_take s ON s.pharmacy_id = p.id
 WHERE p.region_code >= :low AND p.region_code < :high
   AND (:after IS NULL OR (p.region_code, p.id) > ((SELECT region_code FROM pharmacy WHERE id = :after), :after))
 ORDER BY p.region_code, p.id LIMIT :limit
"""

REGION_OUTLETS = """
SELECT o.*, p.name AS partner_name, p.pharmacy_id FROM postal_outlet o
 LEFT JOIN partner_pharmacy p ON p.id = o.partner_pharmacy_id
 WHERE o.region_code >= :low AND o.region_code < :high ORDER BY o.region_code, o.id LIMIT 50
"""

REGION_SERVICE = """
SELECT * FROM service_area WHERE region_code >= :low AND region_code < :high ORDER BY region_code, id LIMIT 50
"""
