-- $1 = '阿司匹林片'
-- $2 = '甲演示药业'
SELECT convert_to(concat(
  '{"data":{"products":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"nameZh":',
        to_json(t1.name_zh),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.name_zh,
      t1.id,
      t1.dosage_form,
      t1.holder_name
      FROM product t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND (((t1.name_zh = $1::text)) OR ((((t1.dosage_form IS NULL)) AND ((((t1.holder_name = $2::text))) IS NOT TRUE))))
      ORDER BY t1.id
      LIMIT 20
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
