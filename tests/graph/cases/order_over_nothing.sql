-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"edges":[',
      string_agg(concat(
        E'\n{"cursor":"',
        translate(encode(convert_to(json_build_array(
          'Product -approved_on id'::text,
          t1.approved_on,
          t1.id
        )::text, 'UTF8'), 'base64'), E'+/\n', '-_'),
        '","node":{"approvedOn":',
        coalesce('"' || t1.approved_on || '"','null'),
        ',"nameZh":',
        to_json(t1.name_zh),
        '}}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.approved_on,
      t1.id,
      t1.name_zh
      FROM product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity'
      ORDER BY t1.approved_on DESC,
      t1.id
      LIMIT 20
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
