-- $1 = 'sealed'
-- $2 = '4401'
-- $3 = '4401~'
-- $4 = '演示连锁'
-- $5 = '演示连锁'
SELECT convert_to(concat(
  '{"data":{"pharmacies":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM pharmacy t2
        WHERE t2.valid_to = 'infinity' AND t2.superseded_at = 'infinity' AND t2.region_code >= $2::text AND t2.region_code < $3::text
      ),
      ',"nodes":[',
      string_agg(concat(
        E'\n{"storeCode":',
        to_json(t1.store_code),
        ',"onSale":',
        (
          SELECT concat(
            '{"totalCount":',
            (
              SELECT count(*)
              FROM on_sale t4
              WHERE t4.valid_to = 'infinity' AND t4.superseded_at = 'infinity' AND EXISTS (
                SELECT
                FROM pharmacy t5
                WHERE t5.id = t4.pharmacy_id AND t5.superseded_at = 'infinity' AND t5.region_code >= $2::text AND t5.region_code < $3::text
              ) AND t4.pharmacy_id = t1.id AND t4.province_code = left(t1.region_code, 2)
            ),
            '}'
          )
        ),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t1.store_code,
      t1.id,
      t1.region_code
      FROM pharmacy t1
      WHERE t1.valid_to = 'infinity' AND t1.superseded_at = 'infinity' AND t1.region_code >= $2::text AND t1.region_code < $3::text
      ORDER BY t1.id
      LIMIT 20
    ) t1
    HAVING true
  ),
  ',"onSale":',
  (
    SELECT concat(
      '{"totalCount":',
      (
        SELECT count(*)
        FROM on_sale t7
        WHERE t7.valid_to = 'infinity' AND t7.superseded_at = 'infinity' AND EXISTS (
          SELECT
          FROM pharmacy t8
          WHERE t8.id = t7.pharmacy_id AND t8.superseded_at = 'infinity' AND t8.region_code >= $2::text AND t8.region_code < $3::text
        ) AND EXISTS (
          SELECT
          FROM pharmacy t9
          WHERE t9.valid_to = 'infinity' AND t9.superseded_at = 'infinity' AND t9.region_code >= $2::text AND t9.region_code < $3::text AND t9.id = t7.pharmacy_id AND t9.chain_name = $4::text
        )
      ),
      ',"groups":',
      (
        SELECT concat(
          '{"nodes":[',
          string_agg(concat(
            E'\n{"key":{"city":',
            coalesce((
              SELECT concat(
                E'\t{"name":',
                to_json(t12.name),
                '}'
              )
              FROM region t12
              WHERE t12.valid_to = 'infinity' AND t12.superseded_at = 'infinity' AND t12.code = t11.k1
              LIMIT 1
            ),'null'),
            '},"aggregate":',
            t11.a1,
            '}'
          ), ','),
          ']}'
        )
        FROM (
          SELECT left(t15.region_code, 4) || '00' AS k1,
          concat(
            '{"count":',
            count(*),
            '}'
          ) AS a1
          FROM on_sale t10
          LEFT JOIN pharmacy t15 ON t15.valid_to = 'infinity' AND t15.superseded_at = 'infinity' AND t15.region_code >= $2::text AND t15.region_code < $3::text AND t15.id = t10.pharmacy_id
          WHERE t10.valid_to = 'infinity' AND t10.superseded_at = 'infinity' AND EXISTS (
            SELECT
            FROM pharmacy t13
            WHERE t13.id = t10.pharmacy_id AND t13.superseded_at = 'infinity' AND t13.region_code >= $2::text AND t13.region_code < $3::text
          ) AND EXISTS (
            SELECT
            FROM pharmacy t14
            WHERE t14.valid_to = 'infinity' AND t14.superseded_at = 'infinity' AND t14.region_code >= $2::text AND t14.region_code < $3::text AND t14.id = t10.pharmacy_id AND t14.chain_name = $5::text
          )
          GROUP BY k1
          ORDER BY k1
          LIMIT 100
        ) t11
        HAVING true
      ),
      '}'
    )
  ),
  ',"localItems":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\n{"itemCode":',
        to_json(t16.item_code),
        ',"onSale":',
        (
          SELECT concat(
            '{"totalCount":',
            (
              SELECT count(*)
              FROM on_sale t18
              WHERE t18.valid_to = 'infinity' AND t18.superseded_at = 'infinity' AND EXISTS (
                SELECT
                FROM pharmacy t19
                WHERE t19.id = t18.pharmacy_id AND t19.superseded_at = 'infinity' AND t19.region_code >= $2::text AND t19.region_code < $3::text
              ) AND t18.item_id = t16.id
            ),
            '}'
          )
        ),
        '}'
      ), ','),
      ']}'
    )
    FROM (
      SELECT t16.item_code,
      t16.id
      FROM local_item t16
      WHERE t16.valid_to = 'infinity' AND t16.superseded_at = 'infinity'
      ORDER BY t16.id
      LIMIT 1
    ) t16
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
