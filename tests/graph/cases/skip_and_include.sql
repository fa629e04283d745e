-- $1 = 'sealed'
-- $2 = '440000'
SELECT convert_to(concat(
  '{"data":{"region":',
  coalesce((
    SELECT concat(
      E'\n{"code":',
      to_json(t1.code),
      '}'
    )
    FROM region t1
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.code = $2::text
    ORDER BY t1.code
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
