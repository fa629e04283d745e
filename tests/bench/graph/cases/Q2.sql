-- $1: first name of the range, $2: first name past it
WITH page AS MATERIALIZED (
  SELECT id, approval_number, name_zh FROM product
  WHERE name_zh >= $1 AND name_zh < $2 AND valid_to = 'infinity' AND superseded_at = 'infinity'
  ORDER BY name_zh, id LIMIT 51)
SELECT concat('{"data":{"products":{"edges":[', (
  SELECT string_agg(concat('{"node":{"id":"', p.id, '","approvalNumber":', to_json(p.approval_number),
    ',"nameZh":', to_json(p.name_zh), ',"authorization":', coalesce((
      SELECT concat('{"holder":', coalesce((
        SELECT concat('{"name":', to_json(h.name), '}') FROM organization_name h WHERE h.id = a.holder_name_id), 'null'), '}')
      FROM product_authorization a
      WHERE a.product_id = p.id AND a.valid_to = 'infinity' AND a.superseded_at = 'infinity'), 'null'),
    ',"platformProducts":{"edges":[', (
      SELECT string_agg(concat('{"node":{"senderCode":', to_json(i.sender_code), ',"listings":{"edges":[', (
          SELECT string_agg(concat('{"node":{"packPriceYuan":', coalesce('"' || l.pack_price_yuan || '"', 'null'),
            ',"listedOn":', coalesce(to_json(l.listed_on)::text, 'null'), '}}'), ',')
          FROM (SELECT * FROM listing l WHERE l.platform_product_id = i.id AND l.valid_to = 'infinity'
            AND l.superseded_at = 'infinity' ORDER BY l.id LIMIT 1) l), ']}}}'), ',')
      FROM (SELECT * FROM platform_product i WHERE i.product_id = p.id AND i.valid_to = 'infinity'
        AND i.superseded_at = 'infinity' ORDER BY i.id LIMIT 5) i), ']}}}'), ',')
  FROM (SELECT * FROM page ORDER BY name_zh, id LIMIT 50) p),
  '],"pageInfo":{"hasNextPage":', CASE WHEN (SELECT count(*) FROM page) > 50 THEN 'true' ELSE 'false' END,
  ',"endCursor":', coalesce((
    SELECT to_json(name_zh || ' ' || id)::text FROM page ORDER BY name_zh, id LIMIT 1 OFFSET 49), 'null'), '}}}}')
