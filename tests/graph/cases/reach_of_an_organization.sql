-- $1 = 'sealed'
-- $2 = ['chain']
-- $3 = ['H44010699001']
-- $4 = []
-- $5 = []
SELECT convert_to(concat(
  '{"data":{"pharmacies":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM pharmacy t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.sender_code = ANY($2::text[])
      ),
      ',"nodes":[',
      string_agg(concat(
        E'\t{"storeCode":',
        to_json(t1.store_code),
        ',"region":',
        coalesce((
          SELECT concat(
            E'\n{"name":',
            to_json(t3.name),
            '}'
          )
          FROM region t3
          WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.code = t1.region_code
          LIMIT 1
        ),'null'),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.store_code,
      t1.region_code,
      t1.id,
      t1.sender_code
      FROM pharmacy t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.sender_code = ANY($2::text[])
      ORDER BY t1.id
      LIMIT 1
    ) t1
    HAVING true
  ),
  ',"onSale":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM on_sale t5
        WHERE t5.valid_to = 'infinity' AND t5.superseded_at = 'infinity' AND EXISTS (
          SELECT
          FROM pharmacy t6
          WHERE t6.id = t5.pharmacy_id AND t6.superseded_at = 'infinity' AND t6.sender_code = ANY($2::text[])
        )
      ),
      '}'
    )
  ),
  ',"localItems":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM local_item t8
        WHERE t8.valid_to = 'infinity' AND t8.superseded_at = 'infinity' AND t8.sender_code = ANY($2::text[])
      ),
      '}'
    )
  ),
  ',"purchaseLines":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM purchase_line t10
        WHERE t10.valid_to = 'infinity' AND t10.superseded_at = 'infinity' AND (t10.institution_code = ANY($3::text[]) OR t10.distributor_code = ANY($4::text[]) OR t10.sender_code = ANY($2::text[]))
      ),
      '}'
    )
  ),
  ',"productionReports":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM production_report t13
        WHERE t13.valid_to = 'infinity' AND t13.superseded_at = 'infinity' AND (t13.uscc = ANY($5::text[]) OR t13.sender_code = ANY($2::text[]))
      ),
      '}'
    )
  ),
  ',"products":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM product t15
        WHERE t15.valid_to = 'infinity' AND t15.superseded_at = 'infinity'
      ),
      '}'
    )
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
