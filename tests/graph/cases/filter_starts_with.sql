-- $1 = 'sealed'
-- $2 = '阿司匹林'
-- $3 = '阿司匹林\U0010ffff'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"nameZh":',
        to_json(t1.name_zh),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.name_zh,
      t1.id
      FROM product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.name_zh >= $2::text AND t1.name_zh < $3::text
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
