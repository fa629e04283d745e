-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"listings":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\t{"platformProduct":',
        coalesce((
          SELECT concat(
            E'\t{"productCode":',
            to_json(t2.product_code),
            ',"product":',
            coalesce((
              SELECT concat(
                E'\n{"nameZh":',
                to_json(t3.name_zh),
                '}'
              )
              FROM product t3
              WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.id = t2.product_id
              LIMIT 1
            ),'null'),
            '}'
          )
          FROM platform_product t2
          WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.id = t1.platform_product_id
          LIMIT 1
        ),'null'),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.platform_product_id,
      t1.id
      FROM listing t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity'
      ORDER BY t1.id
      LIMIT 1
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
