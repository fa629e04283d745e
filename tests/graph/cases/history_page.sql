-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\n{"history":',
      (
        SELECT concat(
          '{"edges":[',
          string_agg(concat(
            E'\n{"cursor":"',
            translate(encode(convert_to(json_build_array(
              'Product valid_from recorded_at'::text,
              t2.valid_from,
              t2.recorded_at
            )::text, 'UTF8'), 'base64'), E'+/\n', '-_'),
            '","node":{"holderName":',
            coalesce(to_json(t2.holder_name)::text,'null'),
            '}}'
          ), ',' ORDER BY t2.n DESC) FILTER (WHERE t2.n <= 1),
          '],"pageInfo":{"hasPreviousPage":',
          CASE WHEN coalesce(max(t2.c), 0) > 1 THEN 'true' ELSE 'false' END,
          '}}'
        )
        FROM (
          SELECT t2.*,
          row_number() OVER (ORDER BY t2.valid_from DESC, t2.recorded_at DESC) AS n,
          count(*) OVER () AS c
          FROM (
            SELECT t2.valid_from,
            t2.recorded_at,
            t2.holder_name,
            t2.id
            FROM product t2
            WHERE t2.superseded_at = 'infinity' AND t2.id = t1.id
            ORDER BY t2.valid_from DESC,
            t2.recorded_at DESC
            LIMIT 2
          ) t2
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
