-- $1: identifier of the medicine
SELECT concat('{"data":{"listings":{"groups":{"nodes":[', (
  SELECT string_agg(concat('{"key":{"platform":', to_json(g.sender_code), '},"aggregate":{"count":', g.n,
    ',"packPriceYuan":{"average":', coalesce('"' || g.average || '"', 'null'), '}}}'), ',')
  FROM (SELECT l.sender_code, count(*) AS n, trim_scale(round(avg(l.pack_price_yuan), 6)) AS average
    FROM platform_product i JOIN listing l ON l.platform_product_id = i.id
    WHERE i.product_id = $1 AND i.valid_to = 'infinity' AND i.superseded_at = 'infinity'
      AND l.valid_to = 'infinity' AND l.superseded_at = 'infinity'
    GROUP BY l.sender_code ORDER BY l.sender_code) g), ']}}}}')
