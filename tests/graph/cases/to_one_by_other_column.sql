-- $1 = '国药准字H20000001'
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
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.approval_number = $1::text
    ORDER BY t1.id
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
