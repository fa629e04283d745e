-- $1 = 'sealed'
-- $2 = '440106'
-- $3 = '440106~'
SELECT convert_to(concat(
  '{"data":{"pharmacies":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"name":',
        to_json(t1.name),
        ',"onSale":',
        (
          SELECT concat(
            '{"nodes":[',
            string_agg(concat(
              E'\n{"retailPriceYuan":',
              coalesce('"' || t2.retail_price_yuan || '"','null'),
              ',"item":',
              coalesce((
                SELECT concat(
                  E'\n{"itemCode":',
                  to_json(t3.item_code),
                  '}'
                )
                FROM local_item t3
                WHERE t3.valid_to = 'infinity' AND t3.superseded_at = 'infinity' AND t3.id = t2.item_id
                LIMIT 1
              ),'null'),
              '}'
            ), ','),
            ']}'
          )
          FROM (
            SELECT t2.retail_price_yuan,
            t2.item_id,
            t2.pharmacy_id,
            t2.province_code
            FROM on_sale t2
            WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.pharmacy_id = t1.id AND t2.province_code = left(t1.region_code, 2)
            ORDER BY t2.pharmacy_id,
            t2.item_id,
            t2.province_code
            LIMIT 20
          ) t2
          HAVING true
        ),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.name,
      t1.id,
      t1.region_code
      FROM pharmacy t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.region_code >= $2::text AND t1.region_code < $3::text
      ORDER BY t1.id
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
