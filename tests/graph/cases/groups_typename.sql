-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"__typename":"Query","pharmacies":',
  (
    SELECT concat(
      '{"__typename":"PharmacyConnection","groups":',
      (
        SELECT concat(
          '{"__typename":"PharmacyGroupConnection","nodes":[',
          string_agg(concat(
            E'\n{"__typename":"PharmacyGroup","key":{"__typename":"PharmacyGroupKey","chain":',
            coalesce(to_json(t3.k1)::text,'null'),
            '},"aggregate":',
            t3.a1,
            '}'
          ), ',' ORDER BY t3.n) FILTER (WHERE t3.n <= 100),
          '],"edges":[',
          string_agg(concat(
            E'\n{"__typename":"PharmacyGroupEdge","node":{"__typename":"PharmacyGroup"}}'
          ), ',' ORDER BY t3.n) FILTER (WHERE t3.n <= 100),
          '],"pageInfo":{"__typename":"PageInfo"}}'
        )
        FROM (
          SELECT *,
          row_number() OVER (ORDER BY k1) AS n,
          count(*) OVER () AS c
          FROM (
            SELECT t2.chain_name AS k1,
            concat(
              '{"__typename":"PharmacyAggregate"}'
            ) AS a1
            FROM pharmacy t2
            WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity'
            GROUP BY k1
            ORDER BY k1
            LIMIT 101
          ) t3
        ) t3
        HAVING true
      ),
      ',"aggregate":',
      (
        SELECT concat(
          E'\n{"__typename":"PharmacyAggregate"}'
        )
        FROM pharmacy t4
        WHERE t4.valid_to = 'infinity' AND t4.superseded_at = 'infinity'
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
