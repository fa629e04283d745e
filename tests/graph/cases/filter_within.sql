-- $1 = 'sealed'
-- $2 = '44'
-- $3 = '44~'
SELECT convert_to(concat(
  '{"data":{"pharmacies":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"name":',
        to_json(t1.name),
        ',"regionCode":',
        to_json(t1.region_code),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.name,
      t1.region_code,
      t1.id
      FROM pharmacy t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.region_code >= $2::text AND t1.region_code < $3::text
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
