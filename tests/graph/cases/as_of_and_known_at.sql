-- $1 = 'sealed'
-- $2 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $3 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $4 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $5 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $6 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $7 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $8 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $9 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $10 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $11 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $12 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $13 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $14 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $15 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $16 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $17 = Decimal('12.50')
SELECT convert_to(concat(
  '{"data":{"at":{"inner":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\t{"holderName":',
        coalesce(to_json(t1.holder_name)::text,'null'),
        ',"platformProducts":',
        (
          SELECT concat(
            '{"nodes":[',
            string_agg(concat(
              E'\n{"listings":',
              (
                SELECT concat(
                  '{"nodes":[',
                  string_agg(concat(
                    E'\n{"packPriceYuan":',
                    coalesce('"' || t3.pack_price_yuan || '"','null'),
                    '}'
                  ), ','),
                  ']}'
                )
                FROM (
                  SELECT t3.pack_price_yuan,
                  t3.id,
                  t3.platform_product_id
                  FROM (
                    SELECT *
                    FROM listing
                    WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $2::timestamptz AND valid_to > $2::timestamptz AND recorded_at <= $3::timestamptz AND superseded_at > $3::timestamptz
                    UNION ALL SELECT *
                    FROM listing
                    WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $2::timestamptz AND valid_to > $2::timestamptz AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
                  ) t3
                  WHERE t3.platform_product_id = t2.id
                  ORDER BY t3.id
                  LIMIT 5
                ) t3
                HAVING true
              ),
              '}'
            ), ','),
            ']}'
          )
          FROM (
            SELECT t2.id,
            t2.product_id
            FROM (
              SELECT *
              FROM platform_product
              WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $5::timestamptz AND valid_to > $5::timestamptz AND recorded_at <= $6::timestamptz AND superseded_at > $6::timestamptz
              UNION ALL SELECT *
              FROM platform_product
              WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $5::timestamptz AND valid_to > $5::timestamptz AND recorded_at <= $7::timestamptz AND superseded_at > $7::timestamptz
            ) t2
            WHERE t2.product_id = t1.id
            ORDER BY t2.id
            LIMIT 5
          ) t2
          HAVING true
        ),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.holder_name,
      t1.id
      FROM (
        SELECT *
        FROM product
        WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $8::timestamptz AND valid_to > $8::timestamptz AND recorded_at <= $9::timestamptz AND superseded_at > $9::timestamptz
        UNION ALL SELECT *
        FROM product
        WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $8::timestamptz AND valid_to > $8::timestamptz AND recorded_at <= $10::timestamptz AND superseded_at > $10::timestamptz
      ) t1
      WHERE EXISTS (
        SELECT
        FROM (
          SELECT *
          FROM platform_product
          WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $11::timestamptz AND valid_to > $11::timestamptz AND recorded_at <= $12::timestamptz AND superseded_at > $12::timestamptz
          UNION ALL SELECT *
          FROM platform_product
          WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $11::timestamptz AND valid_to > $11::timestamptz AND recorded_at <= $13::timestamptz AND superseded_at > $13::timestamptz
        ) t4
        WHERE t4.product_id = t1.id AND EXISTS (
          SELECT
          FROM (
            SELECT *
            FROM listing
            WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $14::timestamptz AND valid_to > $14::timestamptz AND recorded_at <= $15::timestamptz AND superseded_at > $15::timestamptz
            UNION ALL SELECT *
            FROM listing
            WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $14::timestamptz AND valid_to > $14::timestamptz AND recorded_at <= $16::timestamptz AND superseded_at > $16::timestamptz
          ) t5
          WHERE t5.platform_product_id = t4.id AND t5.pack_price_yuan = $17::numeric
        )
      )
      ORDER BY t1.id
      LIMIT 20
    ) t1
    HAVING true
  ),
  '}}}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
