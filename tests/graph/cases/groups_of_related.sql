-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\t{"platformProducts":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\n{"listings":',
            (
              SELECT concat(
                '{"groups":',
                (
                  SELECT concat(
                    '{"nodes":[',
                    string_agg(concat(
                      E'\n{"key":{"mode":',
                      coalesce(to_json(t5.k1)::text,'null'),
                      '},"aggregate":',
                      t5.a1,
                      '}'
                    ), ','),
                    ']}'
                  )
                  FROM (
                    SELECT t4.mode_code AS k1,
                    concat(
                      '{"packPriceYuan":{"sum":',
                      coalesce('"' || trim_scale(sum(t4.pack_price_yuan)) || '"','null'),
                      '}}'
                    ) AS a1
                    FROM listing t4
                    WHERE t4.valid_to = 'infinity' AND t4.superseded_at = 'infinity' AND t4.platform_product_id = t2.id
                    GROUP BY k1
                    ORDER BY k1
                    LIMIT 100
                  ) t5
                  HAVING true
                ),
                '}'
              )
            ),
            '}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT t2.id,
          t2.product_id
          FROM platform_product t2
          WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.product_id = t1.id
          ORDER BY t2.id
          LIMIT 2
        ) t2
        HAVING true
      ),
      '}'
    )
    FROM product t1
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.approval_number = $2::text
    ORDER BY t1.id
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
