-- $1 = 'sealed'
-- $2 = 31
-- $3 = [41, 42]
SELECT convert_to(concat(
  '{"data":{"onSale":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"id":"',
        t1.id,
        '"}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.id,
      t1.region_code
      FROM pharmacy t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND EXISTS (
        SELECT
        FROM on_sale t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.pharmacy_id = t1.id AND t2.province_code = left(t1.region_code, 2) AND t2.pharmacy_id = $2::bigint AND t2.item_id = ANY($3::bigint[])
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
