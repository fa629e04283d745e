-- $1 = 'sealed'
-- $2 = Decimal('9.999')
-- $3 = Decimal('12.99')
SELECT convert_to(concat(
  '{"data":{"listings":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"packPriceYuan":',
        coalesce('"' || t1.pack_price_yuan || '"','null'),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.pack_price_yuan,
      t1.id
      FROM listing t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.pack_price_yuan >= $2::numeric AND t1.pack_price_yuan <= $3::numeric
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
