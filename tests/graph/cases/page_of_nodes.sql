-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"regions":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"code":',
        to_json(t1.code),
        ',"name":',
        to_json(t1.name),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.code,
      t1.name
      FROM region t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity'
      ORDER BY t1.code
      LIMIT 3
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
