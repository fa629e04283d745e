"""SQL of lists of medicines: what they hold on a day follows from what came in and left until then."""

LISTS = """
SELECT l.id, l.kind_code, l.name, l.region_code, l.level_code, r.name AS region_name, v.effective_on, v.announced_on,
       v.document_title, v.document_number, v.document_url, l.batch_id, l.row_number,
       (SELECT count(*) FROM drug_list_entry e WHERE e.list_id = l.id) AS entries,
       (SELECT count(*) FROM drug_list o WHERE o.kind_code = l.kind_code AND o.region_code = l.region_code) AS alike
 FROM drug_list l LEFT JOIN drug_list_version v ON v.id = l.version_id LEFT JOIN region r ON r.code = l.region_code
 ORDER BY l.region_code, l.kind_code DESC, l.id
"""

VERSIONS = """
SELECT v.*, sum(c.direction_code = 'in') AS came_in, sum(c.direction_code = 'out') AS left_it
 FROM drug_list_version v LEFT JOIN list_change c ON c.version_id = v.id
 WHERE v.list_id = :list_id GROUP BY v.id ORDER BY v.effective_on DESC, v.id DESC
"""

#: what one medicine of the matched ones is called in addresses, and how many there are
_MEANT = """
 (SELECT count(DISTINCT coalesce(p.concept_id, -p.id)) FROM list_match m JOIN product p ON p.id = m.product_id
   WHERE m.entry_id = {entry}) AS medicine_count,
 (SELECT coalesce(p.concept_id, p.approval_number) FROM list_match m JOIN product p ON p.id = m.product_id
   WHERE m.entry_id = {entry} ORDER BY p.id LIMIT 1) AS medicine_key,
 (SELECT count(*) FROM list_match m WHERE m.entry_id = {entry}) AS product_count
"""

ON_DAY = f"""
SELECT c.*, {_MEANT.format(entry="c.entry_id")} FROM (
    SELECT *, row_number() OVER (PARTITION BY entry_id ORDER BY effective_on DESC, id DESC) AS place
     FROM list_change WHERE list_id = :list_id AND effective_on <= :on_day
 ) c WHERE c.place = 1 AND c.direction_code = 'in' ORDER BY c.name_zh, c.dosage_form, c.strength_text, c.id
"""

CATEGORIES = "SELECT id, category_name FROM drug_list_entry WHERE list_id = :list_id"

#: what left a list after one day, until another
LEFT_BETWEEN = """
SELECT * FROM list_change
 WHERE list_id = :list_id AND direction_code = 'out' AND effective_on > :after_day AND effective_on <= :until_day
 ORDER BY effective_on, id
"""

NEWEST_CHANGES = f"""
SELECT c.*, l.name AS list_name, l.kind_code, l.region_code, v.document_title, v.document_number,
       {_MEANT.format(entry="c.entry_id")}
 FROM list_change c JOIN drug_list l ON l.id = c.list_id LEFT JOIN drug_list_version v ON v.id = c.version_id
 ORDER BY c.effective_on DESC, c.list_id, c.direction_code DESC, c.id LIMIT :limit
"""

#: every time that products came onto a list or left it
OF_PRODUCTS = """
SELECT c.*, l.name AS list_name, l.kind_code, l.region_code, v.document_title, v.document_number, v.document_url
 FROM list_change c JOIN drug_list l ON l.id = c.list_id LEFT JOIN drug_list_version v ON v.id = c.version_id
 WHERE c.entry_id IN (
    SELECT entry_id FROM list_match WHERE product_id IN (SELECT value FROM json_each(:products))
 )
 ORDER BY c.effective_on DESC, c.list_id, c.direction_code, c.id LIMIT 200
"""

#: the lists that products are on
STANDING = """
SELECT e.id, e.reason_code, e.batch_id, e.row_number, l.id AS list_id, l.name AS list_name, l.kind_code, l.region_code,
       (SELECT max(c.effective_on) FROM list_change c WHERE c.entry_id = e.id AND c.direction_code = 'in') AS since_on
 FROM drug_list_entry e JOIN drug_list l ON l.id = e.list_id
 WHERE e.id IN (SELECT entry_id FROM list_match WHERE product_id IN (SELECT value FROM json_each(:products)))
 ORDER BY l.kind_code DESC, l.region_code, e.id
"""

#: what may be given instead of products
SUBSTITUTES = """
SELECT s.*, (
    SELECT count(DISTINCT coalesce(p.concept_id, -p.id)) FROM substitution_match t JOIN product p ON p.id = t.product_id
     WHERE t.substitution_id = s.id AND t.side_code = 'to') AS medicine_count, (
    SELECT coalesce(p.concept_id, p.approval_number) FROM substitution_match t JOIN product p ON p.id = t.product_id
     WHERE t.substitution_id = s.id AND t.side_code = 'to' ORDER BY p.id LIMIT 1) AS medicine_key
 FROM substitution s WHERE s.id IN (
    SELECT substitution_id FROM substitution_match
     WHERE side_code = 'from' AND product_id IN (SELECT value FROM json_each(:products))
 )
 ORDER BY s.to_name, s.id
"""
