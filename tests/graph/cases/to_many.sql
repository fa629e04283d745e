-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\n{"standardCodes":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\n{"standardCode":',
            to_json(t2.standard_code),
            '}'
          ), ','),
          '],"totalCount":',
          (
            SELECT count(*)
            FROM standard_code t3
            WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.product_id = t1.id
          ),
          '}'
        )
        FROM (
          SELECT t2.standard_code,
          t2.product_id
          FROM standard_code t2
          WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.product_id = t1.id
          ORDER BY t2.standard_code
          LIMIT 20
        ) t2
        HAVING true
      ),
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
