"""SQL of the search: ranks of entries come from the index in the order in which they are shown."""

#: more are not counted: “more than a thousand” says enough
COUNTED_MAX = 1000

COUNT = f"""
SELECT count(*) AS found FROM (
    SELECT 1 FROM search_token WHERE search_token MATCH :match LIMIT {COUNTED_MAX} + 1
)
"""

# A page is chosen by ranks alone; what is shown of each entry is then looked up for its rows only.
FOUND = """
SELECT k.rank, e.concept_id, e.name_zh, c.form_group, c.strength, p.approval_number, p.name_en, p.trade_name_zh,
       p.dosage_form, p.specification, p.holder_name, p.special_control_code,
       (SELECT count(*) FROM product o WHERE o.concept_id = e.concept_id) AS product_count,
       EXISTS (
           SELECT 1 FROM local_item i
            WHERE i.product_id IN (SELECT e.product_id UNION ALL SELECT id FROM product WHERE concept_id = e.concept_id)
       ) AS is_on_sale,
       EXISTS (
           SELECT 1 FROM supply_notice n
            WHERE n.product_id IN (SELECT e.product_id UNION ALL SELECT id FROM product WHERE concept_id = e.concept_id)
              AND n.notice_kind_code <> 'resume' AND n.resumed_on IS NULL
       ) AS has_notice
 FROM (
    SELECT rowid AS rank FROM search_token
     WHERE search_token MATCH :match AND rowid > coalesce(:after, 0) ORDER BY rowid LIMIT :limit
 ) k JOIN search_entry e ON e.rank = k.rank JOIN product p ON p.id = e.product_id
 LEFT JOIN drug_concept c ON c.id = e.concept_id
 ORDER BY k.rank
"""

#: every product of the entries that are found first
PRODUCTS = """
SELECT p.id FROM (
    SELECT rowid AS rank FROM search_token WHERE search_token MATCH :match ORDER BY rowid LIMIT 2000
 ) k JOIN search_entry e ON e.rank = k.rank
 JOIN product p ON p.id IN (SELECT e.product_id UNION ALL SELECT id FROM product WHERE concept_id = e.concept_id)
"""

SUGGESTED = """
SELECT DISTINCT name_zh FROM (
    SELECT rowid AS rank FROM search_token WHERE search_token MATCH :match ORDER BY rowid LIMIT 60
 ) k JOIN search_entry e ON e.rank = k.rank
 ORDER BY k.rank LIMIT 8
"""
