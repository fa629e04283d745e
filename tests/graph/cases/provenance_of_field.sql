-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\t{"name":',
      coalesce((
        SELECT concat(
          E'\t{"rowNumber":',
          t2.row_number,
          ',"fileName":',
          coalesce((
            SELECT concat(
              E'\n',
              to_json(t4.file_name)
            )
            FROM batch t4
            WHERE t4.id = t2.batch_id
            LIMIT 1
          ),'null'),
          '}'
        )
        FROM product t2
        WHERE t2.superseded_at = 'infinity' AND t2.id = t1.id AND t2.valid_from <= t1.valid_from AND t2.name_zh IS NOT DISTINCT
        FROM t1.name_zh AND NOT EXISTS (
          SELECT
          FROM product t3
          WHERE t3.superseded_at = 'infinity' AND t3.id = t1.id AND t3.valid_from > t2.valid_from AND t3.valid_from <= t1.valid_from AND t3.name_zh IS DISTINCT
          FROM t1.name_zh
        )
        ORDER BY t2.valid_from
        LIMIT 1
      ),'null'),
      ',"holder":',
      coalesce((
        SELECT concat(
          E'\t{"rowNumber":',
          t5.row_number,
          ',"fileName":',
          coalesce((
            SELECT concat(
              E'\n',
              to_json(t7.file_name)
            )
            FROM batch t7
            WHERE t7.id = t5.batch_id
            LIMIT 1
          ),'null'),
          '}'
        )
        FROM product t5
        WHERE t5.superseded_at = 'infinity' AND t5.id = t1.id AND t5.valid_from <= t1.valid_from AND t5.holder_name IS NOT DISTINCT
        FROM t1.holder_name AND NOT EXISTS (
          SELECT
          FROM product t6
          WHERE t6.superseded_at = 'infinity' AND t6.id = t1.id AND t6.valid_from > t5.valid_from AND t6.valid_from <= t1.valid_from AND t6.holder_name IS DISTINCT
          FROM t1.holder_name
        )
        ORDER BY t5.valid_from
        LIMIT 1
      ),'null'),
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
