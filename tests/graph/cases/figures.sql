-- $1 = 'sealed'
-- $2 = 0.25
SELECT convert_to(concat(
  '{"data":{"listings":',
  (
    SELECT concat(
      '{"aggregate":',
      (
        SELECT concat(
          E'\n{"count":',
          count(*),
          ',"packPriceYuan":{"count":',
          count(t2.pack_price_yuan),
          ',"sum":',
          coalesce('"' || trim_scale(sum(t2.pack_price_yuan)) || '"','null'),
          ',"min":',
          coalesce('"' || trim_scale(min(t2.pack_price_yuan)) || '"','null'),
          ',"max":',
          coalesce('"' || trim_scale(max(t2.pack_price_yuan)) || '"','null'),
          ',"average":',
          coalesce('"' || trim_scale(round(avg(t2.pack_price_yuan::numeric), 6)) || '"','null'),
          ',"median":',
          coalesce('"' || trim_scale(round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t2.pack_price_yuan::float8))::numeric, 6)) || '"','null'),
          ',"quantile":',
          coalesce('"' || trim_scale(round((percentile_cont($2::float8) WITHIN GROUP (ORDER BY t2.pack_price_yuan::float8))::numeric, 6)) || '"','null'),
          '}}'
        )
        FROM listing t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity'
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
