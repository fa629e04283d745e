-- $1 = 'sealed'
-- $2 = '440000'
SELECT convert_to(concat(
  '{"data":{"region":',
  coalesce((
    SELECT concat(
      E'\t{"pharmacies":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\n{"name":',
            to_json(t2.name),
            '}'
          ), ','),
          '],"totalCount":',
          (
            SELECT count(*)
            FROM pharmacy t3
            WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.region_code >= regexp_replace(t1.code, '(00)+$', '') AND t3.region_code < regexp_replace(t1.code, '(00)+$', '') || '~'
          ),
          '}'
        )
        FROM (
          SELECT t2.name,
          t2.id,
          t2.region_code
          FROM pharmacy t2
          WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.region_code >= regexp_replace(t1.code, '(00)+$', '') AND t2.region_code < regexp_replace(t1.code, '(00)+$', '') || '~'
          ORDER BY t2.id
          LIMIT 20
        ) t2
        HAVING true
      ),
      ',"descendants":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\t{"name":',
            to_json(t4.name),
            '}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT t4.name,
          t4.code,
          t4.parent_code
          FROM region t4
          WHERE t4.valid_to = 'infinity' AND t4.superseded_at = 'infinity' AND t4.parent_code >= regexp_replace(t1.code, '(00)+$', '') AND t4.parent_code < regexp_replace(t1.code, '(00)+$', '') || '~'
          ORDER BY t4.code
          LIMIT 20
        ) t4
        HAVING true
      ),
      '}'
    )
    FROM region t1
    WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.code = $2::text
    ORDER BY t1.code
    LIMIT 1
  ),'null'),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
