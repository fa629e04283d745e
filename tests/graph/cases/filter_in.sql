-- $1 = 'sealed'
-- $2 = ['listed', 'direct']
SELECT convert_to(concat(
  '{"data":{"listings":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"id":"',
        t1.id,
        '","modeCode":',
        coalesce(to_json(t1.mode_code)::text,'null'),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.id,
      t1.mode_code
      FROM listing t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.mode_code = ANY($2::text[])
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
