"""All SQL that the pages run over a release, always with parameters."""

# A medicine under special control is left out again here, although a release holds no such row.
_PLACES = """
 FROM local_item i
 JOIN product m ON m.id = i.product_id AND m.special_control_code IS NULL
 JOIN on_sale o ON o.item_id = i.id
 JOIN pharmacy p ON p.id = o.pharmacy_id
 WHERE i.product_id = :product_id
"""

COUNTS = "SELECT table_name, row_count FROM table_count"

DEMO = """
SELECT EXISTS (SELECT 1 FROM batch WHERE sender_code LIKE '%demo%' OR sender_code LIKE '%演示%')
    OR EXISTS (SELECT 1 FROM pharmacy
               WHERE sender_code LIKE '%demo%' OR chain_name LIKE '%demo%' OR chain_name LIKE '%演示%') AS is_demo
"""

NEWEST_STOCK_TAKES = """
SELECT p.id, p.name, p.region_code, s.confirmed_at
 FROM (SELECT pharmacy_id, confirmed_at FROM stock_take ORDER BY confirmed_at DESC, pharmacy_id LIMIT :limit) s
 JOIN pharmacy p ON p.id = s.pharmacy_id
 ORDER BY s.confirmed_at DESC, p.id
"""

SEARCH_COUNT = "SELECT count(*) AS found FROM product_search WHERE product_search MATCH :match"

# Short names first: they are nearest to what was typed.
SEARCH = """
SELECT m.id, m.approval_number, m.name_zh, m.name_en, m.trade_name_zh, m.dosage_form, m.specification,
       m.holder_name, m.manufacturer_name,
       m.special_control_code IS NULL AND EXISTS (
           SELECT 1 FROM local_item i JOIN on_sale o ON o.item_id = i.id WHERE i.product_id = m.id
       ) AS is_on_sale
 FROM product_search JOIN product m ON m.id = product_search.rowid
 WHERE product_search MATCH :match
   AND (:after IS NULL OR (length(m.name_zh), m.name_zh, m.id) >
        (SELECT length(name_zh), name_zh, id FROM product WHERE id = :after))
 ORDER BY length(m.name_zh), m.name_zh, m.id LIMIT :limit
"""

_SOURCE = "b.id AS batch_id, b.file_name, b.sha256, f.name_zh AS feed_name_zh, f.name_en AS feed_name_en"

MEDICINE = f"""
SELECT m.*, {_SOURCE}
 FROM product m LEFT JOIN batch b ON b.id = m.batch_id LEFT JOIN feed f ON f.code = b.feed_code
 WHERE m.approval_number = :number
"""

STANDARD_CODES = """
SELECT standard_code, note FROM standard_code WHERE product_id = :product_id ORDER BY standard_code LIMIT 200
"""

AUTHORIZATION = """
SELECT status_code, valid_until_on FROM product_authorization WHERE product_id = :product_id
"""

AUTHORIZATION_EVENTS = """
SELECT e.event_kind_code, e.event_on, e.document_number, e.holder_name, e.former_holder_name,
       e.former_approval_number, e.valid_until_on, e.content, e.batch_id, e.row_number
 FROM authorization_event e JOIN product_authorization a ON a.id = e.authorization_id
 WHERE a.product_id = :product_id ORDER BY e.event_on DESC, e.id LIMIT 100
"""

# What the release holds has been chosen: recognised medicines, none under special control.
SUPPLY_NOTICES = """
SELECT id, specification, notice_kind_code, planning_code, cause_code, stop_on, expected_return_on, resumed_on,
       batch_id, row_number
 FROM supply_notice WHERE product_id = :product_id
 ORDER BY coalesce(resumed_on, stop_on) DESC, id LIMIT 100
"""

# A chain may sell a medicine under two items: the pharmacy counts once, with the better of the two.
PLACES_BY_REGION = f"""
SELECT region_code, availability_code, count(*) AS places FROM (
    SELECT p.region_code,
           CASE max(CASE o.availability_code WHEN 'in_stock' THEN 2 WHEN 'unknown' THEN 1 ELSE 0 END)
           WHEN 2 THEN 'in_stock' WHEN 1 THEN 'unknown' ELSE 'out_of_stock' END AS availability_code
     {_PLACES} GROUP BY p.id
) GROUP BY region_code, availability_code
"""

# The page is chosen by its keys alone; names and times are then fetched for its rows only.
PLACES = f"""
SELECT k.*, p.name, p.address, s.confirmed_at FROM (
    SELECT p.region_code, p.id AS pharmacy_id, i.id AS item_id, o.availability_code, o.batch_id, o.row_number
     {_PLACES}
       AND p.region_code >= :low AND p.region_code < :high
       AND (:after_pharmacy IS NULL OR (p.region_code, p.id, i.id) >
            ((SELECT region_code FROM pharmacy WHERE id = :after_pharmacy), :after_pharmacy, :after_item))
     ORDER BY p.region_code, p.id, i.id LIMIT :limit
 ) k JOIN pharmacy p ON p.id = k.pharmacy_id LEFT JOIN stock_take s ON s.pharmacy_id = k.pharmacy_id
 ORDER BY k.region_code, k.pharmacy_id, k.item_id
"""

REGION_NAMES = "SELECT code, name FROM region WHERE code IN (SELECT value FROM json_each(:codes))"

PHARMACY = f"""
SELECT p.*, s.confirmed_at, {_SOURCE}
 FROM pharmacy p LEFT JOIN stock_take s ON s.pharmacy_id = p.id
 LEFT JOIN batch b ON b.id = p.batch_id LEFT JOIN feed f ON f.code = b.feed_code
 WHERE p.id = :id
"""

SHELF_COUNT = "SELECT count(*) AS items FROM on_sale WHERE pharmacy_id = :id"

SHELF = """
SELECT i.id AS item_id, m.approval_number, m.name_zh, i.specification, i.manufacturer_name,
       o.availability_code, o.batch_id, o.row_number
 FROM on_sale o JOIN local_item i ON i.id = o.item_id
 JOIN product m ON m.id = i.product_id AND m.special_control_code IS NULL
 WHERE o.pharmacy_id = :id
   AND (:after IS NULL OR (m.name_zh, i.id) >
        (SELECT p.name_zh, l.id FROM local_item l JOIN product p ON p.id = l.product_id WHERE l.id = :after))
 ORDER BY m.name_zh, i.id LIMIT :limit
"""

BATCH = """
SELECT b.*, f.name_zh AS feed_name_zh, f.name_en AS feed_name_en, f.cadence
 FROM batch b LEFT JOIN feed f ON f.code = b.feed_code WHERE b.id = :id
"""

DICTIONARY = """
SELECT table_name, table_label_zh, table_label_en, column_name, label_zh, label_en, kind, unit, note_zh, note_en
 FROM dictionary ORDER BY rowid
"""
