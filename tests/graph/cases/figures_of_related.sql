-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\t{"platformProducts":',
        (
          SELECT concat(
            '{"aggregate":',
            (
              SELECT concat(
                E'\n{"count":',
                count(*),
                '}'
              )
              FROM platform_product t3
              WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.product_id = t1.id
              HAVING true
            ),
            '}'
          )
        ),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.id
      FROM product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity'
      ORDER BY t1.id
      LIMIT 1
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
