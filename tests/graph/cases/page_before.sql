-- $1 = 'sealed'
-- $2 = 3
-- $3 = 3
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"id":"',
        t1.id,
        '"}'
      ), ',' ORDER BY t1.n DESC) FILTER (WHERE t1.n <= 1),
      '],"pageInfo":{"hasNextPage":',
      CASE WHEN EXISTS (
        SELECT
        FROM product t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND ((t2.id) < ($2::bigint)) IS NOT TRUE
      ) THEN 'true' ELSE 'false' END,
      ',"hasPreviousPage":',
      CASE WHEN coalesce(max(t1.c), 0) > 1 THEN 'true' ELSE 'false' END,
      '}}'
    )
    FROM (
      SELECT t1.*,
      row_number() OVER (ORDER BY t1.id DESC) AS n,
      count(*) OVER () AS c
      FROM (
        SELECT t1.id
        FROM product t1
        WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND (t1.id) < ($3::bigint)
        ORDER BY t1.id DESC
        LIMIT 2
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
