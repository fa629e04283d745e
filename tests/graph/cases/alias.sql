-- $1 = '440000'
-- $2 = '110000'
SELECT convert_to(concat(
  '{"data":{"one":',
  coalesce((
    SELECT concat(
      E'\n{"title":',
      to_json(t1.name),
      '}'
    )
    FROM region t1
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.code = $1::text
    ORDER BY t1.code
    LIMIT 1
  ),'null'),
  ',"other":',
  coalesce((
    SELECT concat(
      E'\n{"title":',
      to_json(t2.name),
      '}'
    )
    FROM region t2
    WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.code = $2::text
    ORDER BY t2.code
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
