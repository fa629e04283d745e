-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"listings":',
  (
    SELECT concat(
      '{"groups":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\n{"key":{"mode":',
            coalesce(to_json(t3.k1)::text,'null'),
            ',"listedQuarter":',
            coalesce(to_json(t3.k2)::text,'null'),
            ',"platform":null},"aggregate":',
            t3.a1,
            '}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT t2.mode_code AS k1,
          to_char(t2.listed_on, 'YYYY"-Q"Q') AS k2,
          concat(
            '{"count":',
            count(*),
            ',"packPriceYuan":{"average":',
            coalesce('"' || trim_scale(round(avg(t2.pack_price_yuan::numeric), 6)) || '"','null'),
            '}}'
          ) AS a1
          FROM listing t2
          WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity'
          GROUP BY k1,
          k2
          ORDER BY k1,
          k2
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
