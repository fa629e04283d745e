-- $1 = ['listed', 'direct']
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
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.mode_code = ANY($1::text[])
      ORDER BY t1.id
      LIMIT 20
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
