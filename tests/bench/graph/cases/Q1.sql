-- $1: approval number
SELECT concat('{"data":{"product":', coalesce((
  SELECT concat('{"id":"', p.id, '","approvalNumber":', to_json(p.approval_number), ',"nameZh":', to_json(p.name_zh),
    ',"dosageForm":', coalesce(to_json(p.dosage_form)::text, 'null'),
    ',"specification":', coalesce(to_json(p.specification)::text, 'null'),
    ',"approvedOn":', coalesce(to_json(p.approved_on)::text, 'null'),
    ',"authorization":', coalesce((
      SELECT concat('{"statusCode":', coalesce(to_json(a.status_code)::text, 'null'), ',"holder":', coalesce((
        SELECT concat('{"name":', to_json(h.name), ',"organization":', coalesce((
          SELECT concat('{"id":"', o.id, '","uscc":', coalesce(to_json(o.uscc)::text, 'null'), ',"name":', to_json(o.name), '}')
          FROM organization o WHERE o.id = h.organization_id), 'null'), '}')
        FROM organization_name h WHERE h.id = a.holder_name_id), 'null'), '}')
      FROM product_authorization a
      WHERE a.product_id = p.id AND a.valid_to = 'infinity' AND a.superseded_at = 'infinity'), 'null'),
    ',"platformProducts":{"edges":[', (
      SELECT string_agg(concat('{"node":{"senderCode":', to_json(i.sender_code), ',"productCode":', to_json(i.product_code),
        ',"listings":{"edges":[', (
          SELECT string_agg(concat('{"node":{"id":"', l.id,
            '","packPriceYuan":', coalesce('"' || l.pack_price_yuan || '"', 'null'),
            ',"listedOn":', coalesce(to_json(l.listed_on)::text, 'null'), '}}'), ',')
          FROM (SELECT * FROM listing l WHERE l.platform_product_id = i.id AND l.valid_to = 'infinity'
            AND l.superseded_at = 'infinity' ORDER BY l.id LIMIT 3) l), ']}}}'), ',')
      FROM (SELECT * FROM platform_product i WHERE i.product_id = p.id AND i.valid_to = 'infinity'
        AND i.superseded_at = 'infinity' ORDER BY i.id LIMIT 4) i), ']}}')
  FROM product p
  WHERE p.approval_number = $1 AND p.valid_to = 'infinity' AND p.superseded_at = 'infinity'), 'null'), '}}')
