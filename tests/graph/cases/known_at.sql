-- $1 = 'sealed'
-- $2 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $3 = datetime.datetime(2026, 6, 2, 0, 0, tzinfo=datetime.timezone.utc)
-- $4 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"at":{"product":',
  coalesce((
    SELECT concat(
      E'\n{"nameEn":',
      coalesce(to_json(t1.name_en)::text,'null'),
      ',"holderName":',
      coalesce(to_json(t1.holder_name)::text,'null'),
      '}'
    )
    FROM (
      SELECT *
      FROM product
      WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_to = 'infinity' AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz
      UNION ALL SELECT *
      FROM product
      WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_to = 'infinity' AND recorded_at <= $3::timestamptz AND superseded_at > $3::timestamptz
    ) t1
    WHERE t1.approval_number = $4::text
    ORDER BY t1.id
    LIMIT 1
  ),'null'),
  '}}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
