-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\n{"authorization":',
      coalesce((
        SELECT concat(
          E'\n{"statusCode":',
          coalesce(to_json(t2.status_code)::text,'null'),
          '}'
        )
        FROM product_authorization t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.product_id = t1.id
        ORDER BY t2.id
        LIMIT 1
      ),'null'),
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
