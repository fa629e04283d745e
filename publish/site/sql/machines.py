"""SQL of what programs read."""

ENTRY_COUNT = "SELECT count(*) AS entries FROM search_entry"

ENTRIES = """
SELECT e.concept_id, p.approval_number FROM search_entry e JOIN product p ON p.id = e.product_id
 WHERE e.rank > :low AND e.rank <= :high ORDER BY e.rank
"""
