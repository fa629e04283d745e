-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\t{"provenance":{"rowNumber":',
      t1.row_number,
      ',"feedCode":',
      coalesce((
        SELECT concat(
          E'\n',
          to_json(t2.feed_code)
        )
        FROM batch t2
        WHERE t2.id = t1.batch_id
        LIMIT 1
      ),'null'),
      ',"fileName":',
      coalesce((
        SELECT concat(
          E'\n',
          to_json(t3.file_name)
        )
        FROM batch t3
        WHERE t3.id = t1.batch_id
        LIMIT 1
      ),'null'),
      ',"batch":',
      coalesce((
        SELECT concat(
          E'\n{"id":',
          t4.id,
          ',"sha256":',
          to_json(t4.sha256),
          ',"feed":',
          coalesce((
            SELECT concat(
              E'\n{"nameZh":',
              to_json(t5.name_zh),
              '}'
            )
            FROM feed t5
            WHERE t5.code = t4.feed_code
            LIMIT 1
          ),'null'),
          '}'
        )
        FROM batch t4
        WHERE t4.id = t1.batch_id
        LIMIT 1
      ),'null'),
      '}}'
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
