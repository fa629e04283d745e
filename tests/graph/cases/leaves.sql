-- $1 = 'sealed'
-- $2 = '国药准字H20000001'
SELECT convert_to(concat(
  '{"data":{"product":',
  coalesce((
    SELECT concat(
      E'\n{"id":"',
      t1.id,
      '","nameZh":',
      to_json(t1.name_zh),
      ',"approvedOn":',
      coalesce('"' || t1.approved_on || '"','null'),
      ',"onShortageList":',
      CASE t1.on_shortage_list WHEN true THEN 'true' WHEN false THEN 'false' ELSE 'null' END,
      ',"validFrom":',
      to_json(t1.valid_from),
      ',"validTo":',
      coalesce(to_json(nullif(t1.valid_to, 'infinity'))::text,'null'),
      ',"rowNumber":',
      t1.row_number,
      ',"conceptId":',
      coalesce('"' || t1.concept_id || '"','null'),
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
