"""SQL that several pages share: where a row comes from, what regions are called."""

#: what is said of the batch `b` of feed `f`, from which a row comes
SOURCE = (
    "b.id AS batch_id, b.file_name, b.sha256, b.as_of, f.name_zh AS feed_name_zh, f.name_en AS feed_name_en"
)

COUNTS = "SELECT table_name, row_count FROM table_count"

DEMO = """
SELECT EXISTS (SELECT 1 FROM batch WHERE sender_code LIKE '%demo%' OR sender_code LIKE '%演示%')
    OR EXISTS (SELECT 1 FROM pharmacy
               WHERE sender_code LIKE '%demo%' OR chain_name LIKE '%demo%' OR chain_name LIKE '%演示%') AS is_demo
"""

REGION_NAMES = "SELECT code, name FROM region WHERE code IN (SELECT value FROM json_each(:codes))"

BATCH = """
SELECT b.*, f.name_zh AS feed_name_zh, f.name_en AS feed_name_en, f.cadence
 FROM batch b LEFT JOIN feed f ON f.code = b.feed_code WHERE b.id = :id
"""

#: of each feed the newest batch: how fresh each kind of data is
FRESHNESS = """
SELECT f.code, f.name_zh, f.name_en, f.cadence, max(b.as_of) AS as_of, count(b.id) AS batches
 FROM feed f LEFT JOIN batch b ON b.feed_code = f.code GROUP BY f.code ORDER BY f.code
"""

DICTIONARY = """
SELECT table_name, table_label_zh, table_label_en, column_name, label_zh, label_en, kind, unit, note_zh, note_en
 FROM dictionary ORDER BY rowid
"""
