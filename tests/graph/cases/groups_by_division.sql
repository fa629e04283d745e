-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"pharmacies":',
  (
    SELECT concat(
      '{"groups":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\t{"key":{"province":',
            coalesce((
              SELECT concat(
                E'\n{"code":',
                to_json(t4.code),
                ',"name":',
                to_json(t4.name),
                '}'
              )
              FROM region t4
              WHERE t4.valid_to = 'infinity' AND t4.superseded_at = 'infinity' AND t4.code = t3.k1
              LIMIT 1
            ),'null'),
            '},"aggregate":',
            t3.a1,
            '}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT left(t2.region_code, 2) || '0000' AS k1,
          concat(
            '{"count":',
            count(*),
            '}'
          ) AS a1
          FROM pharmacy t2
          WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity'
          GROUP BY k1
          ORDER BY k1
          LIMIT 100
        ) t3
        HAVING true
      ),
      '}'
    )
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
