"""SQL of what programs read."""

ENTRY_COUNT = """
SELECT (SELECT count(*) FROM search_entry) AS entries, (SELECT count(*) FROM institution) AS institutions
"""

ENTRIES = """
SELECT e.concept_id, p.approval_number FROM search_entry e JOIN product p ON p.id = e.product_id
 WHERE e.rank > :low AND e.rank <= :high ORDER BY e.rank
"""

INSTITUTIONS = "SELECT id FROM institution ORDER BY id LIMIT :limit OFFSET :start"
