-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\n{"history":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\n{"validFrom":',
            to_json(t2.valid_from),
            ',"validTo":',
            coalesce(to_json(nullif(t2.valid_to, 'infinity'))::text,'null'),
            ',"holderName":',
            coalesce(to_json(t2.holder_name)::text,'null'),
            ',"standardCodes":',
            (
              SELECT concat(
                '{"totalCount":',
                (
                  SELECT count(*)
                  FROM standard_code t4
                  WHERE t4.valid_to = 'infinity' AND t4.superseded_at = 'infinity' AND t4.product_id = t2.id
                ),
                '}'
              )
            ),
            '}'
          ), ','),
          '],"totalCount":',
          (
            SELECT count(*)
            FROM product t5
            WHERE t5.superseded_at = 'infinity' AND t5.id = t1.id
          ),
          '}'
        )
        FROM (
          SELECT t2.valid_from,
          t2.valid_to,
          t2.holder_name,
          t2.id,
          t2.recorded_at
          FROM product t2
          WHERE t2.superseded_at = 'infinity' AND t2.id = t1.id
          ORDER BY t2.valid_from,
          t2.recorded_at
          LIMIT 5
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
