-- $1 = 'sealed'
-- $2 = '4403'
-- $3 = '4403~'
-- $4 = 'WyJjaGFuZ2VzIiwgIjE5NzAtMDEtMDFUMDA6MDA6MDArMDA6MDAiLCAiIl0='
SELECT convert_to(concat(
  '{"data":{"changes":',
  (
    SELECT concat(
      '{"nodes":[',
      string_agg(concat(
        E'\r{"kind":"',
        CASE t1.kind WHEN 'ON_SALE' THEN (
          SELECT CASE WHEN a.valid_from IS NULL THEN 'WITHDRAWN' WHEN b.valid_from IS NULL THEN 'NEW' WHEN b.valid_to = 'infinity' THEN CASE WHEN a.valid_to < 'infinity' THEN 'ENDED' WHEN a.valid_from > b.valid_from THEN 'CHANGED' ELSE 'CORRECTED' END WHEN a.valid_to = 'infinity' AND a.valid_from >= b.valid_to THEN 'NEW' ELSE 'CORRECTED' END
          FROM (
            SELECT
          ) o
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM on_sale v
            WHERE v.pharmacy_id = t1.bigint_1 AND v.item_id = t1.bigint_2 AND v.province_code = t1.text_3 AND EXISTS (
              SELECT
              FROM pharmacy t2
              WHERE t2.id = v.pharmacy_id AND t2.superseded_at = 'infinity' AND t2.region_code >= $2::text AND t2.region_code < $3::text
            ) AND v.recorded_at < t1.at AND v.superseded_at >= t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) b ON true
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM on_sale v
            WHERE v.pharmacy_id = t1.bigint_1 AND v.item_id = t1.bigint_2 AND v.province_code = t1.text_3 AND EXISTS (
              SELECT
              FROM pharmacy t2
              WHERE t2.id = v.pharmacy_id AND t2.superseded_at = 'infinity' AND t2.region_code >= $2::text AND t2.region_code < $3::text
            ) AND v.recorded_at <= t1.at AND v.superseded_at > t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) a ON true
        ) WHEN 'PHARMACY' THEN (
          SELECT CASE WHEN a.valid_from IS NULL THEN 'WITHDRAWN' WHEN b.valid_from IS NULL THEN 'NEW' WHEN b.valid_to = 'infinity' THEN CASE WHEN a.valid_to < 'infinity' THEN 'ENDED' WHEN a.valid_from > b.valid_from THEN 'CHANGED' ELSE 'CORRECTED' END WHEN a.valid_to = 'infinity' AND a.valid_from >= b.valid_to THEN 'NEW' ELSE 'CORRECTED' END
          FROM (
            SELECT
          ) o
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM pharmacy v
            WHERE v.id = t1.bigint_1 AND v.region_code >= $2::text AND v.region_code < $3::text AND v.recorded_at < t1.at AND v.superseded_at >= t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) b ON true
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM pharmacy v
            WHERE v.id = t1.bigint_1 AND v.region_code >= $2::text AND v.region_code < $3::text AND v.recorded_at <= t1.at AND v.superseded_at > t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) a ON true
        ) WHEN 'REGION' THEN (
          SELECT CASE WHEN a.valid_from IS NULL THEN 'WITHDRAWN' WHEN b.valid_from IS NULL THEN 'NEW' WHEN b.valid_to = 'infinity' THEN CASE WHEN a.valid_to < 'infinity' THEN 'ENDED' WHEN a.valid_from > b.valid_from THEN 'CHANGED' ELSE 'CORRECTED' END WHEN a.valid_to = 'infinity' AND a.valid_from >= b.valid_to THEN 'NEW' ELSE 'CORRECTED' END
          FROM (
            SELECT
          ) o
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM region v
            WHERE v.code = t1.text_1 AND v.recorded_at < t1.at AND v.superseded_at >= t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) b ON true
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM region v
            WHERE v.code = t1.text_1 AND v.recorded_at <= t1.at AND v.superseded_at > t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) a ON true
        ) END,
        '","entity":"',
        t1.kind,
        '","key":',
        CASE t1.kind WHEN 'ON_SALE' THEN concat(
          '["',
          t1.bigint_1,
          '","',
          t1.bigint_2,
          '",',
          to_json(t1.text_3),
          ']'
        ) WHEN 'PHARMACY' THEN concat(
          '["',
          t1.bigint_1,
          '"]'
        ) WHEN 'REGION' THEN concat(
          '[',
          to_json(t1.text_1),
          ']'
        ) END,
        ',"fact":',
        coalesce(CASE t1.kind WHEN 'ON_SALE' THEN (
          SELECT concat(
            E'\n{"__typename":"OnSale"}'
          )
          FROM on_sale t3
          WHERE t3.recorded_at <= t1.at AND t3.superseded_at > t1.at AND EXISTS (
            SELECT
            FROM pharmacy t4
            WHERE t4.id = t3.pharmacy_id AND t4.superseded_at = 'infinity' AND t4.region_code >= $2::text AND t4.region_code < $3::text
          ) AND t3.pharmacy_id = t1.bigint_1 AND t3.item_id = t1.bigint_2 AND t3.province_code = t1.text_3
          ORDER BY t3.valid_from DESC
          LIMIT 1
        ) WHEN 'PHARMACY' THEN (
          SELECT concat(
            E'\n{"__typename":"Pharmacy","storeCode":',
            to_json(t5.store_code),
            '}'
          )
          FROM pharmacy t5
          WHERE t5.recorded_at <= t1.at AND t5.superseded_at > t1.at AND t5.region_code >= $2::text AND t5.region_code < $3::text AND t5.id = t1.bigint_1
          ORDER BY t5.valid_from DESC
          LIMIT 1
        ) WHEN 'REGION' THEN (
          SELECT concat(
            E'\t{"__typename":"Region"}'
          )
          FROM region t6
          WHERE t6.recorded_at <= t1.at AND t6.superseded_at > t1.at AND t6.code = t1.text_1
          ORDER BY t6.valid_from DESC
          LIMIT 1
        ) END,'null'),
        ',"batch":',
        coalesce((
          SELECT concat(
            E'\r{"id":',
            t7.id,
            '}'
          )
          FROM batch t7
          WHERE t7.id = t1.batch_id
          LIMIT 1
        ),'null'),
        '}'
      ), ',' ORDER BY t1.n) FILTER (WHERE t1.n <= 2),
      '],"pageInfo":{"hasNextPage":',
      CASE WHEN coalesce(max(t1.c), 0) > 2 THEN 'true' ELSE 'false' END,
      ',"endCursor":"',
      coalesce(max(CASE t1.kind WHEN 'ON_SALE' THEN translate(encode(convert_to(json_build_array(
        'changes'::text,
        t1.at,
        t1.kind,
        t1.bigint_1,
        t1.bigint_2,
        t1.text_3
      )::text, 'UTF8'), 'base64'), E'+/\n', '-_') WHEN 'PHARMACY' THEN translate(encode(convert_to(json_build_array(
        'changes'::text,
        t1.at,
        t1.kind,
        t1.bigint_1
      )::text, 'UTF8'), 'base64'), E'+/\n', '-_') WHEN 'REGION' THEN translate(encode(convert_to(json_build_array(
        'changes'::text,
        t1.at,
        t1.kind,
        t1.text_1
      )::text, 'UTF8'), 'base64'), E'+/\n', '-_') END) FILTER (WHERE t1.n = least(t1.c, 2)), $4::text),
      '"}}'
    )
    FROM (
      SELECT t1.*,
      row_number() OVER (ORDER BY at, rank, place) AS n,
      count(*) OVER () AS c,
      (
        SELECT b.id
        FROM batch b
        WHERE b.promoted_at >= t1.at AND NOT is_judged_at(t1.at)
        ORDER BY b.promoted_at
        LIMIT 1
      ) AS batch_id
      FROM (
        SELECT *
        FROM ((
          SELECT u.at,
          'ON_SALE' AS kind,
          0 AS rank,
          row_number() OVER (ORDER BY at, pharmacy_id, item_id, province_code) AS place,
          u.pharmacy_id AS bigint_1,
          u.item_id AS bigint_2,
          NULL::text AS text_1,
          u.province_code AS text_3
          FROM ((
            SELECT DISTINCT recorded_at AS at,
            pharmacy_id,
            item_id,
            province_code
            FROM on_sale
            WHERE true AND EXISTS (
              SELECT
              FROM pharmacy t8
              WHERE t8.id = on_sale.pharmacy_id AND t8.superseded_at = 'infinity' AND t8.region_code >= $2::text AND t8.region_code < $3::text
            )
            ORDER BY recorded_at,
            pharmacy_id,
            item_id,
            province_code
            LIMIT 3
          ) UNION (
            SELECT DISTINCT superseded_at AS at,
            pharmacy_id,
            item_id,
            province_code
            FROM on_sale
            WHERE true AND superseded_at < 'infinity' AND EXISTS (
              SELECT
              FROM pharmacy t8
              WHERE t8.id = on_sale.pharmacy_id AND t8.superseded_at = 'infinity' AND t8.region_code >= $2::text AND t8.region_code < $3::text
            )
            ORDER BY superseded_at,
            pharmacy_id,
            item_id,
            province_code
            LIMIT 3
          )) u
          ORDER BY at,
          pharmacy_id,
          item_id,
          province_code
          LIMIT 3
        ) UNION ALL (
          SELECT u.at,
          'PHARMACY' AS kind,
          1 AS rank,
          row_number() OVER (ORDER BY at, id) AS place,
          u.id AS bigint_1,
          NULL::bigint AS bigint_2,
          NULL::text AS text_1,
          NULL::text AS text_3
          FROM ((
            SELECT DISTINCT recorded_at AS at,
            id
            FROM pharmacy
            WHERE true AND pharmacy.region_code >= $2::text AND pharmacy.region_code < $3::text
            ORDER BY recorded_at,
            id
            LIMIT 3
          ) UNION (
            SELECT DISTINCT superseded_at AS at,
            id
            FROM pharmacy
            WHERE true AND superseded_at < 'infinity' AND pharmacy.region_code >= $2::text AND pharmacy.region_code < $3::text
            ORDER BY superseded_at,
            id
            LIMIT 3
          )) u
          ORDER BY at,
          id
          LIMIT 3
        ) UNION ALL (
          SELECT u.at,
          'REGION' AS kind,
          2 AS rank,
          row_number() OVER (ORDER BY at, code) AS place,
          NULL::bigint AS bigint_1,
          NULL::bigint AS bigint_2,
          u.code AS text_1,
          NULL::text AS text_3
          FROM ((
            SELECT DISTINCT recorded_at AS at,
            code
            FROM region
            WHERE true
            ORDER BY recorded_at,
            code
            LIMIT 3
          ) UNION (
            SELECT DISTINCT superseded_at AS at,
            code
            FROM region
            WHERE true AND superseded_at < 'infinity'
            ORDER BY superseded_at,
            code
            LIMIT 3
          )) u
          ORDER BY at,
          code
          LIMIT 3
        )) f
        ORDER BY at,
        rank,
        place
        LIMIT 3
      ) t1
    ) t1
    HAVING true
  ),
  '}}'
), 'UTF8')
FROM (
  SELECT set_config('hub.reach', $1::text, true) AS reach OFFSET 0
) entered
WHERE entered.reach IS NOT NULL
