-- $1 = '440000'
SELECT convert_to(concat(
  '{"data":{"region":',
  coalesce((
    SELECT concat(
      E'\n{"code":',
      to_json(t1.code),
      '}'
    )
    FROM region t1
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.code = $1::text
    ORDER BY t1.code
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
