-- $1 = 'sealed'
-- $2 = datetime.datetime(2026, 5, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $3 = datetime.datetime(2026, 5, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $4 = datetime.datetime(2026, 5, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $5 = datetime.datetime(2026, 5, 1, 0, 0, tzinfo=datetime.timezone.utc)
SELECT convert_to(concat(
  '{"data":{"at":{"pharmacies":',
  (
    SELECT concat(
      '{"groups":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\t{"key":{"province":',
            coalesce((
              SELECT concat(
                E'\n{"name":',
                to_json(t4.name),
                '}'
              )
              FROM (
                SELECT *
                FROM region
                WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_to = 'infinity' AND recorded_at <= $2::timestamptz AND superseded_at > $2::timestamptz
                UNION ALL SELECT *
                FROM region
                WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_to = 'infinity' AND recorded_at <= $3::timestamptz AND superseded_at > $3::timestamptz
              ) t4
              WHERE t4.code = t3.k1
              LIMIT 1
            ),'null'),
            '}}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT left(t2.region_code, 2) || '0000' AS k1
          FROM (
            SELECT *
            FROM pharmacy
            WHERE valid_to = 'infinity' AND superseded_at = 'infinity' AND valid_to = 'infinity' AND recorded_at <= $4::timestamptz AND superseded_at > $4::timestamptz
            UNION ALL SELECT *
            FROM pharmacy
            WHERE NOT (valid_to = 'infinity' AND superseded_at = 'infinity') AND valid_to = 'infinity' AND recorded_at <= $5::timestamptz AND superseded_at > $5::timestamptz
          ) t2
          GROUP BY k1
          ORDER BY k1
          LIMIT 100
        ) t3
        HAVING true
      ),
      '}'
    )
  ),
  '},"now":',
  (
    SELECT concat(
      '{"groups":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\t{"key":{"city":',
            coalesce((
              SELECT concat(
                E'\n{"name":',
                to_json(t8.name),
                ',"parent":',
                coalesce((
                  SELECT concat(
                    E'\n{"name":',
                    to_json(t9.name),
                    '}'
                  )
                  FROM region t9
                  WHERE t9.valid_to = 'infinity' AND t9.superseded_at = 'infinity' AND t9.code = t8.parent_code
                  LIMIT 1
                ),'null'),
                '}'
              )
              FROM region t8
              WHERE t8.valid_to = 'infinity' AND t8.superseded_at = 'infinity' AND t8.code = t7.k1
              LIMIT 1
            ),'null'),
            '}}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT left(t6.region_code, 4) || '00' AS k1
          FROM pharmacy t6
          WHERE t6.valid_to = 'infinity' AND t6.superseded_at = 'infinity'
          GROUP BY k1
          ORDER BY k1
          LIMIT 100
        ) t7
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
