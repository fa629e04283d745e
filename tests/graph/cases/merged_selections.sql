-- $1 = 'sealed'
-- $2 = '440000'
SELECT convert_to(concat(
  '{"data":{"region":',
  coalesce((
    SELECT concat(
      E'\n{"parent":',
      coalesce((
        SELECT concat(
          E'\n{"name":',
          to_json(t2.name),
          ',"code":',
          to_json(t2.code),
          '}'
        )
        FROM region t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.code = t1.parent_code
        LIMIT 1
      ),'null'),
      ',"name":',
      to_json(t1.name),
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
