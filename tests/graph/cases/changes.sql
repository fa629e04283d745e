-- $1 = 'sealed'
SELECT convert_to(concat(
  '{"data":{"changes":',
  (
    SELECT concat(
      '{"edges":[',
      string_agg(concat(
        E'\r{"cursor":"',
        CASE t1.kind WHEN 'LISTING' THEN translate(encode(convert_to(json_build_array(
          'changes'::text,
          t1.at,
          t1.kind,
          t1.bigint_1
        )::text, 'UTF8'), 'base64'), E'+/\n', '-_') WHEN 'PRODUCT' THEN translate(encode(convert_to(json_build_array(
          'changes'::text,
          t1.at,
          t1.kind,
          t1.bigint_1
        )::text, 'UTF8'), 'base64'), E'+/\n', '-_') END,
        '","node":{"kind":"',
        CASE t1.kind WHEN 'LISTING' THEN (
          SELECT CASE WHEN a.valid_from IS NULL THEN 'WITHDRAWN' WHEN b.valid_from IS NULL THEN 'NEW' WHEN b.valid_to = 'infinity' THEN CASE WHEN a.valid_to < 'infinity' THEN 'ENDED' WHEN a.valid_from > b.valid_from THEN 'CHANGED' ELSE 'CORRECTED' END WHEN a.valid_to = 'infinity' AND a.valid_from >= b.valid_to THEN 'NEW' ELSE 'CORRECTED' END
          FROM (
            SELECT
          ) o
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM listing v
            WHERE v.id = t1.bigint_1 AND v.recorded_at < t1.at AND v.superseded_at >= t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) b ON true
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM listing v
            WHERE v.id = t1.bigint_1 AND v.recorded_at <= t1.at AND v.superseded_at > t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) a ON true
        ) WHEN 'PRODUCT' THEN (
          SELECT CASE WHEN a.valid_from IS NULL THEN 'WITHDRAWN' WHEN b.valid_from IS NULL THEN 'NEW' WHEN b.valid_to = 'infinity' THEN CASE WHEN a.valid_to < 'infinity' THEN 'ENDED' WHEN a.valid_from > b.valid_from THEN 'CHANGED' ELSE 'CORRECTED' END WHEN a.valid_to = 'infinity' AND a.valid_from >= b.valid_to THEN 'NEW' ELSE 'CORRECTED' END
          FROM (
            SELECT
          ) o
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM product v
            WHERE v.id = t1.bigint_1 AND v.recorded_at < t1.at AND v.superseded_at >= t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) b ON true
          LEFT JOIN LATERAL (
            SELECT v.valid_from,
            v.valid_to
            FROM product v
            WHERE v.id = t1.bigint_1 AND v.recorded_at <= t1.at AND v.superseded_at > t1.at
            ORDER BY v.valid_from DESC
            LIMIT 1
          ) a ON true
        ) END,
        '","entity":"',
        t1.kind,
        '","recordedAt":',
        to_json(t1.at),
        ',"key":',
        CASE t1.kind WHEN 'LISTING' THEN concat(
          '["',
          t1.bigint_1,
          '"]'
        ) WHEN 'PRODUCT' THEN concat(
          '["',
          t1.bigint_1,
          '"]'
        ) END,
        ',"fact":',
        coalesce(CASE t1.kind WHEN 'LISTING' THEN (
          SELECT concat(
            E'\n{"__typename":"Listing","packPriceYuan":',
            coalesce('"' || t2.pack_price_yuan || '"','null'),
            '}'
          )
          FROM listing t2
          WHERE t2.recorded_at <= t1.at AND t2.superseded_at > t1.at AND t2.id = t1.bigint_1
          ORDER BY t2.valid_from DESC
          LIMIT 1
        ) WHEN 'PRODUCT' THEN (
          SELECT concat(
            E'\t{"__typename":"Product","nameZh":',
            to_json(t3.name_zh),
            ',"holderName":',
            coalesce(to_json(t3.holder_name)::text,'null'),
            '}'
          )
          FROM product t3
          WHERE t3.recorded_at <= t1.at AND t3.superseded_at > t1.at AND t3.id = t1.bigint_1
          ORDER BY t3.valid_from DESC
          LIMIT 1
        ) END,'null'),
        '}}'
      ), ',' ORDER BY t1.n) FILTER (WHERE t1.n <= 3),
      '],"pageInfo":{"hasNextPage":',
      CASE WHEN coalesce(max(t1.c), 0) > 3 THEN 'true' ELSE 'false' END,
      '}}'
    )
    FROM (
      SELECT t1.*,
      row_number() OVER (ORDER BY at, rank, place) AS n,
      count(*) OVER () AS c
      FROM (
        SELECT *
        FROM ((
          SELECT u.at,
          'LISTING' AS kind,
          0 AS rank,
          row_number() OVER (ORDER BY at, id) AS place,
          u.id AS bigint_1
          FROM ((
            SELECT DISTINCT recorded_at AS at,
            id
            FROM listing
            WHERE true
            ORDER BY recorded_at,
            id
            LIMIT 4
          ) UNION (
            SELECT DISTINCT superseded_at AS at,
            id
            FROM listing
            WHERE true AND superseded_at < 'infinity'
            ORDER BY superseded_at,
            id
            LIMIT 4
          )) u
          ORDER BY at,
          id
          LIMIT 4
        ) UNION ALL (
          SELECT u.at,
          'PRODUCT' AS kind,
          1 AS rank,
          row_number() OVER (ORDER BY at, id) AS place,
          u.id AS bigint_1
          FROM ((
            SELECT DISTINCT recorded_at AS at,
            id
            FROM product
            WHERE true
            ORDER BY recorded_at,
            id
            LIMIT 4
          ) UNION (
            SELECT DISTINCT superseded_at AS at,
            id
            FROM product
            WHERE true AND superseded_at < 'infinity'
            ORDER BY superseded_at,
            id
            LIMIT 4
          )) u
          ORDER BY at,
          id
          LIMIT 4
        )) f
        ORDER BY at,
        rank,
        place
        LIMIT 4
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
