-- $1 = 'sealed'
-- $2 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone(datetime.timedelta(seconds=28800)))
-- $3 = '国药准字H20000001'
-- $4 = datetime.datetime(2026, 2, 1, 0, 0, tzinfo=datetime.timezone(datetime.timedelta(seconds=28800)))
SELECT convert_to(concat(
  '{"data":{"at":{"product":',
  coalesce((
    SELECT concat(
      E'\n{"holderName":',
      coalesce(to_json(t1.holder_name)::text,'null'),
      ',"validTo":',
      coalesce(to_json(nullif(t1.valid_to, 'infinity'))::text,'null'),
      '}'
    )
    FROM (
      SELECT *
      FROM product
      WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $2::timestamptz AND valid_to > $2::timestamptz AND superseded_at = 'infinity'
      UNION ALL SELECT *
      FROM product
      WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $2::timestamptz AND valid_to > $2::timestamptz AND superseded_at = 'infinity'
    ) t1
    WHERE t1.approval_number = $3::text
    ORDER BY t1.id
    LIMIT 1
  ),'null'),
  ',"listings":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\t{"packPriceYuan":',
        coalesce('"' || t2.pack_price_yuan || '"','null'),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t2.pack_price_yuan,
      t2.id
      FROM (
        SELECT *
        FROM listing
        WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_from <= $4::timestamptz AND valid_to > $4::timestamptz AND superseded_at = 'infinity'
        UNION ALL SELECT *
        FROM listing
        WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_from <= $4::timestamptz AND valid_to > $4::timestamptz AND superseded_at = 'infinity'
      ) t2
      ORDER BY t2.id
      LIMIT 1
    ) t2
    HAVING true
  ),
  '}}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
