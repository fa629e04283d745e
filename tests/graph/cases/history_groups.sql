-- $1 = 'sealed'
-- $2 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $3 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $4 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
SELECT convert_to(concat(
  '{"data":{"at":{"listings":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"history":',
        (
          SELECT concat(
            '{"aggregate":',
            (
              SELECT concat(
                E'\n{"packPriceYuan":{"max":',
                coalesce('"' || trim_scale(max(t3.pack_price_yuan)) || '"','null'),
                '}}'
              )
              FROM listing t3
              WHERE t3.superseded_at = 'infinity' AND t3.id = t1.id
              HAVING true
            ),
            ',"groups":',
            (
              SELECT concat(
                '{"nodes":[',
                string_agg(concat(
                  E'\n{"key":{"medicineHolder":',
                  coalesce(to_json(t5.k1)::text,'null'),
                  '},"aggregate":',
                  t5.a1,
                  '}'
                ), ','),
                ']}'
              )
              FROM (
                SELECT t7.holder_name AS k1,
                concat(
                  '{"count":',
                  count(*),
                  '}'
                ) AS a1
                FROM listing t4
                LEFT JOIN (
                  SELECT *
                  FROM platform_product
                  WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $2::timestamptz AND valid_to > $2::timestamptz AND superseded_at = 'infinity'
                  UNION ALL SELECT *
                  FROM platform_product
                  WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $2::timestamptz AND valid_to > $2::timestamptz AND superseded_at = 'infinity'
                ) t6 ON t6.id = t4.platform_product_id
                LEFT JOIN (
                  SELECT *
                  FROM product
                  WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $3::timestamptz AND valid_to > $3::timestamptz AND superseded_at = 'infinity'
                  UNION ALL SELECT *
                  FROM product
                  WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $3::timestamptz AND valid_to > $3::timestamptz AND superseded_at = 'infinity'
                ) t7 ON t7.id = t6.product_id
                WHERE t4.superseded_at = 'infinity' AND t4.id = t1.id
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
      SELECT t1.id
      FROM (
        SELECT *
        FROM listing
        WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $4::timestamptz AND valid_to > $4::timestamptz AND superseded_at = 'infinity'
        UNION ALL SELECT *
        FROM listing
        WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $4::timestamptz AND valid_to > $4::timestamptz AND superseded_at = 'infinity'
      ) t1
      ORDER BY t1.id
      LIMIT 1
    ) t1
    HAVING true
  ),
  '}}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
