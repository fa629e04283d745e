-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\t{"nameZh":',
        to_json(t1.name_zh),
        ',"platformProducts":',
        (
          SELECT concat(
            '{"nodes":[',
            string_agg(concat(
              E'\n{"productCode":',
              to_json(t2.product_code),
              ',"listings":',
              (
                SELECT concat(
                  '{"nodes":[',
                  string_agg(concat(
                    E'\n{"packPriceYuan":',
                    coalesce('"' || t3.pack_price_yuan || '"','null'),
                    '}'
                  ), ',' ORDER BY t3.n) FILTER (WHERE t3.n <= 1),
                  '],"pageInfo":{"hasNextPage":',
                  CASE WHEN coalesce(max(t3.c), 0) > 1 THEN 'true' ELSE 'false' END,
                  '}}'
                )
                FROM (
                  SELECT t3.*,
                  row_number() OVER (ORDER BY t3.pack_price_yuan DESC, t3.id) AS n,
                  count(*) OVER () AS c
                  FROM (
                    SELECT t3.pack_price_yuan,
                    t3.id,
                    t3.platform_product_id
                    FROM listing t3
                    WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.platform_product_id = t2.id
                    ORDER BY t3.pack_price_yuan DESC,
                    t3.id
                    LIMIT 2
                  ) t3
                ) t3
                HAVING true
              ),
              '}'
            ), ','),
            ']}'
          )
          FROM (
            SELECT t2.product_code,
            t2.id,
            t2.product_id
            FROM platform_product t2
            WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.product_id = t1.id
            ORDER BY t2.id
            LIMIT 1
          ) t2
          HAVING true
        ),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.name_zh,
      t1.id
      FROM product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity'
      ORDER BY t1.id
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
