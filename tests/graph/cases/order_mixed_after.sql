-- $1 = 'sealed'
-- $2 = Decimal('9.999')
-- $3 = 22
SELECT convert_to(concat(
  '{"data":{"listings":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"id":"',
        t1.id,
        '","packPriceYuan":',
        coalesce('"' || t1.pack_price_yuan || '"','null'),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.id,
      t1.pack_price_yuan
      FROM listing t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND (((t1.pack_price_yuan > $2::numeric OR (t1.pack_price_yuan IS NULL AND $2::numeric IS NOT NULL))) OR (t1.pack_price_yuan IS NOT DISTINCT FROM $2::numeric AND t1.id < $3::bigint))
      ORDER BY t1.pack_price_yuan,
      t1.id DESC
      LIMIT 2
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
