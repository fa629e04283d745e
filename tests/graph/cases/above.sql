-- $1 = 'sealed'
-- $2 = '440106'
SELECT convert_to(concat(
  '{"data":{"region":',
  coalesce((
    SELECT concat(
      E'\n{"ancestors":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\n{"name":',
            to_json(t2.name),
            '}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT t2.name,
          t2.code
          FROM region t2
          WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.code = ANY(ARRAY['000000', left(t1.code, 2) || '0000', left(t1.code, 4) || '00']) AND t2.code <> t1.code
          ORDER BY t2.code
          LIMIT 20
        ) t2
        HAVING true
      ),
      '}'
    )
    FROM region t1
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.code = $2::text
    ORDER BY t1.code
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
