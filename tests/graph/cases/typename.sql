-- $1 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"__typename":"Query","product":',
  coalesce((
    SELECT concat(
      E'\n{"__typename":"Product"}'
    )
    FROM product t1
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.approval_number = $1::text
    ORDER BY t1.id
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
