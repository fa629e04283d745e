-- $1 = 'sealed'
-- $2 = '丙"演示"药业\\'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"holderName":',
        coalesce(to_json(t1.holder_name)::text,'null'),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.holder_name,
      t1.id
      FROM product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.holder_name = $2::text
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
