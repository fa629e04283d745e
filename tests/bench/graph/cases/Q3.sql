-- $1: first code of the division, $2: first code past it
WITH page AS MATERIALIZED (
  SELECT id, name, address, left(region_code, 2) AS province_code FROM pharmacy
  WHERE region_code >= $1 AND region_code < $2 AND valid_to = 'infinity' AND superseded_at = 'infinity'
  ORDER BY id LIMIT 101)
SELECT concat('{"data":{"pharmacies":{"edges":[', (
  SELECT string_agg(concat('{"node":{"id":"', p.id, '","name":', to_json(p.name),
    ',"address":', coalesce(to_json(p.address)::text, 'null'), ',"onSale":{"edges":[', (
      SELECT string_agg(concat('{"node":{"retailPriceYuan":', coalesce('"' || s.retail_price_yuan || '"', 'null'),
        ',"availabilityCode":', to_json(s.availability_code), ',"item":', coalesce((
          SELECT concat('{"product":', coalesce((
            SELECT concat('{"id":"', m.id, '","nameZh":', to_json(m.name_zh), '}') FROM product m
            WHERE m.id = i.product_id AND m.valid_to = 'infinity' AND m.superseded_at = 'infinity'), 'null'), '}')
          FROM local_item i
          WHERE i.id = s.item_id AND i.valid_to = 'infinity' AND i.superseded_at = 'infinity'), 'null'), '}}'), ',')
      FROM (SELECT * FROM on_sale s WHERE s.pharmacy_id = p.id AND s.province_code = p.province_code
        AND s.valid_to = 'infinity' AND s.superseded_at = 'infinity' ORDER BY s.item_id LIMIT 10) s), ']}}}'), ',')
  FROM (SELECT * FROM page ORDER BY id LIMIT 100) p),
  '],"pageInfo":{"hasNextPage":', CASE WHEN (SELECT count(*) FROM page) > 100 THEN 'true' ELSE 'false' END,
  ',"endCursor":', coalesce((SELECT '"' || max(id) || '"' FROM (SELECT id FROM page ORDER BY id LIMIT 100) shown), 'null'),
  '}}}}')
