-- $1 = 'sealed'
-- $2 = Decimal('10')
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"nameZh":',
        to_json(t1.name_zh),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.name_zh,
      t1.id
      FROM product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND EXISTS (
        SELECT
        FROM platform_product t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.product_id = t1.id AND EXISTS (
          SELECT
          FROM listing t3
          WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.platform_product_id = t2.id AND t3.pack_price_yuan >= $2::numeric
        )
      )
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
