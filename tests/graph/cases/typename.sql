-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"__typename":"Query","product":',
  coalesce((
    SELECT concat(
      E'\n{"__typename":"Product"}'
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
