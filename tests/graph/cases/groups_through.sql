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
            E'\n{"key":{"medicineName":',
            coalesce(to_json(t3.k1)::text,'null'),
            ',"onShortageList":',
            CASE t3.k2 WHEN true THEN 'true' WHEN false THEN 'false' ELSE 'null' END,
            '},"aggregate":',
            t3.a1,
            '}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT t5.name_zh AS k1,
          t7.on_shortage_list AS k2,
          concat(
            '{"count":',
            count(*),
            '}'
          ) AS a1
          FROM listing t2
          LEFT JOIN platform_product t4 ON t4.valid_to = 'infinity' AND t4.superseded_at = 'infinity' AND t4.id = t2.platform_product_id
          LEFT JOIN product t5 ON t5.valid_to = 'infinity' AND t5.superseded_at = 'infinity' AND t5.id = t4.product_id
          LEFT JOIN platform_product t6 ON t6.valid_to = 'infinity' AND t6.superseded_at = 'infinity' AND t6.id = t2.platform_product_id
          LEFT JOIN product t7 ON t7.valid_to = 'infinity' AND t7.superseded_at = 'infinity' AND t7.id = t6.product_id
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
