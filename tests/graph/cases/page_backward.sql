-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"edges":[',
      string_agg(concat(
        E'\n{"node":{"id":"',
        t1.id,
        '"}}'
      ), ',' ORDER BY t1.n DESC) FILTER (WHERE t1.n <= 2),
      '],"pageInfo":{"hasNextPage":false,"hasPreviousPage":',
      CASE WHEN coalesce(max(t1.c), 0) > 2 THEN 'true' ELSE 'false' END,
      ',"startCursor":',
      coalesce('"' || max(translate(encode(convert_to(json_build_array(
        'Product id'::text,
        t1.id
      )::text, 'UTF8'), 'base64'), E'+/\n', '-_')) FILTER (WHERE t1.n = least(t1.c, 2)) || '"','null'),
      '}}'
    )
    FROM (
      SELECT t1.*,
      row_number() OVER (ORDER BY t1.id DESC) AS n,
      count(*) OVER () AS c
      FROM (
        SELECT t1.id
        FROM product t1
        WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity'
        ORDER BY t1.id DESC
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
