-- $1 = 'sealed'
-- $2 = '%肠溶%'
SELECT convert_to(concat(
  '{"data":{"platformProducts":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"productCode":',
        to_json(t1.product_code),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.product_code,
      t1.id,
      t1.product_id
      FROM platform_product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND EXISTS (
        SELECT
        FROM product t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.id = t1.product_id AND t2.name_zh ILIKE $2::text
      )
      ORDER BY t1.id
      LIMIT 20
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
