"""SQL of medicines: a concept with its products, or one product; always asked for by the identifiers of products."""

from publish.site.sql.common import SOURCE

_OF = "IN (SELECT value FROM json_each(:products))"

CONCEPT = "SELECT * FROM drug_concept WHERE id = :id"

PRODUCTS = """
SELECT m.*, a.status_code, a.valid_until_on
 FROM product m LEFT JOIN product_authorization a ON a.product_id = m.id
 WHERE m.concept_id = :concept_id ORDER BY m.holder_name, m.approval_number LIMIT 1000
"""

PRODUCT = f"""
SELECT m.*, a.status_code, a.valid_until_on, {SOURCE}
 FROM product m LEFT JOIN product_authorization a ON a.product_id = m.id
 LEFT JOIN batch b ON b.id = m.batch_id LEFT JOIN feed f ON f.code = b.feed_code
 WHERE m.approval_number = :number
"""

STANDARD_CODES = """
SELECT standard_code, note FROM standard_code WHERE product_id = :product_id ORDER BY standard_code LIMIT 200
"""

PACKS = """
SELECT id, nhsa_code, specification, conversion_ratio, min_unit, pack_unit, ean13, batch_id, row_number
 FROM packaged_product WHERE product_id = :product_id ORDER BY nhsa_code LIMIT 200
"""

AUTHORIZATION_EVENTS = """
SELECT e.id, e.event_kind_code, e.event_on, e.document_number, e.holder_name, e.former_holder_name,
       e.former_approval_number, e.valid_until_on, e.content, e.batch_id, e.row_number
 FROM authorization_event e JOIN product_authorization a ON a.id = e.authorization_id
 WHERE a.product_id = :product_id ORDER BY e.event_on DESC, e.id LIMIT 100
"""

# What the release holds has been chosen: recognised medicines, none under special control.
SUPPLY_NOTICES = f"""
SELECT n.id, n.approval_number, m.holder_name, n.specification, n.notice_kind_code, n.planning_code, n.cause_code,
       n.stop_on, n.expected_return_on, n.resumed_on, n.batch_id, n.row_number
 FROM supply_notice n JOIN product m ON m.id = n.product_id
 WHERE n.product_id {_OF} ORDER BY coalesce(n.resumed_on, n.stop_on) DESC, n.id LIMIT 200
"""

LISTINGS = f"""
SELECT l.id, l.sender_code, l.mode_code, l.price_state_code, l.pack_price_yuan, l.unit_price_yuan, l.listed_on,
       l.batch_id, l.row_number, p.name_zh, p.specification, p.unit_name, p.pack_name, m.approval_number, m.holder_name
 FROM platform_product p JOIN listing l ON l.platform_product_id = p.id JOIN product m ON m.id = p.product_id
 WHERE p.product_id {_OF} ORDER BY l.sender_code, l.unit_price_yuan, l.id LIMIT 500
"""

# All of them: a chart of some would be another chart. The most-listed medicine has some ten thousand.
PRICE_PERIODS = f"""
SELECT sender_code, unit_price_yuan, valid_from, valid_to FROM listing_price
 WHERE product_id {_OF} AND unit_price_yuan > 0 AND is_stopped IS NOT 1
"""

ESSENTIAL = f"""
SELECT DISTINCT e.id, e.name_zh, e.list_number, e.category_name
 FROM product m JOIN drug_concept c ON c.id = m.concept_id JOIN essential_medicine e ON e.name_zh = c.generic_name
 WHERE m.id {_OF} ORDER BY e.id
"""

SOURCES = f"""
SELECT {SOURCE}, b.received_at FROM batch b LEFT JOIN feed f ON f.code = b.feed_code
 WHERE b.id IN (SELECT value FROM json_each(:batches)) ORDER BY b.feed_code, b.id
"""

NEWEST_NOTICES = """
SELECT n.id, n.approval_number, m.name_zh, m.concept_id, m.holder_name, n.notice_kind_code, n.cause_code,
       n.stop_on, n.expected_return_on, n.resumed_on, n.batch_id, n.row_number
 FROM supply_notice n JOIN product m ON m.id = n.product_id
 ORDER BY coalesce(n.resumed_on, n.stop_on) DESC, n.id LIMIT :limit
"""
