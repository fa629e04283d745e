-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"edges":[',
      string_agg(concat(
        E'\n{"cursor":"',
        translate(encode(convert_to(json_build_array(
          'Product id'::text,
          t1.id
        )::text, 'UTF8'), 'base64'), E'+/\n', '-_'),
        '","node":{"nameZh":',
        to_json(t1.name_zh),
        '}}'
      ), ',' ORDER BY t1.n) FILTER (WHERE t1.n <= 2),
      '],"pageInfo":{"hasNextPage":',
      CASE WHEN coalesce(max(t1.c), 0) > 2 THEN 'true' ELSE 'false' END,
      ',"hasPreviousPage":false,"startCursor":',
      coalesce('"' || max(translate(encode(convert_to(json_build_array(
        'Product id'::text,
        t1.id
      )::text, 'UTF8'), 'base64'), E'+/\n', '-_')) FILTER (WHERE t1.n = least(1, 2)) || '"','null'),
      ',"endCursor":',
      coalesce('"' || max(translate(encode(convert_to(json_build_array(
        'Product id'::text,
        t1.id
      )::text, 'UTF8'), 'base64'), E'+/\n', '-_')) FILTER (WHERE t1.n = least(t1.c, 2)) || '"','null'),
      '},"totalCount":',
      (
        SELECT count(*)
        FROM product t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity'
      ),
      '}'
    )
    FROM (
      SELECT t1.*,
      row_number() OVER (ORDER BY t1.id) AS n,
      count(*) OVER () AS c
      FROM (
        SELECT t1.id,
        t1.name_zh
        FROM product t1
        WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity'
        ORDER BY t1.id
        LIMIT 3
      ) t1
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
