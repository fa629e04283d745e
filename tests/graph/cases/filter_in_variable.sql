-- $1 = 'sealed'
-- $2 = '演示连锁'
-- $3 = '4401'
-- $4 = '4401~'
SELECT convert_to(concat(
  '{"data":{"pharmacies":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"name":',
        to_json(t1.name),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.name,
      t1.id,
      t1.chain_name,
      t1.region_code
      FROM pharmacy t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.chain_name = $2::text AND t1.region_code >= $3::text AND t1.region_code < $4::text
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
