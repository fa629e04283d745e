-- $1 = 'sealed'
-- $2 = 'direct'
SELECT convert_to(concat(
  '{"data":{"listings":',
  (
    SELECT concat(
      '{"groups":',
      (
        SELECT concat(
          '{"edges":[',
          string_agg(concat(
            E'\n{"cursor":"',
            translate(encode(convert_to(json_build_array(
              'ListingGroups mode'::text,
              t3.k1
            )::text, 'UTF8'), 'base64'), E'+/\n', '-_'),
            '","node":{"key":{"mode":',
            coalesce(to_json(t3.k1)::text,'null'),
            '}}}'
          ), ',' ORDER BY t3.n) FILTER (WHERE t3.n <= 1),
          '],"pageInfo":{"hasNextPage":',
          CASE WHEN coalesce(max(t3.c), 0) > 1 THEN 'true' ELSE 'false' END,
          ',"hasPreviousPage":',
          CASE WHEN true THEN 'true' ELSE 'false' END,
          ',"startCursor":',
          coalesce('"' || max(translate(encode(convert_to(json_build_array(
            'ListingGroups mode'::text,
            t3.k1
          )::text, 'UTF8'), 'base64'), E'+/\n', '-_')) FILTER (WHERE t3.n = least(1, 1)) || '"','null'),
          ',"endCursor":',
          coalesce('"' || max(translate(encode(convert_to(json_build_array(
            'ListingGroups mode'::text,
            t3.k1
          )::text, 'UTF8'), 'base64'), E'+/\n', '-_')) FILTER (WHERE t3.n = least(t3.c, 1)) || '"','null'),
          '}}'
        )
        FROM (
          SELECT *,
          row_number() OVER (ORDER BY k1) AS n,
          count(*) OVER () AS c
          FROM (
            SELECT t2.mode_code AS k1
            FROM listing t2
            WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND (((t2.mode_code > $2::text OR (t2.mode_code IS NULL AND $2::text IS NOT NULL))))
            GROUP BY k1
            ORDER BY k1
            LIMIT 2
          ) t3
        ) t3
        HAVING true
      ),
      '}'
    )
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
