-- $1: approval number, $2: the instant of the world, $3: the instant of what was known
-- live rows and those of the past have indexes of their own
SELECT concat('{"data":{"at":{"product":', coalesce((
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
      FROM (
        SELECT * FROM product_authorization WHERE product_id = p.id AND valid_to = 'infinity' AND superseded_at = 'infinity'
          AND valid_from <= $2 AND recorded_at <= $3
        UNION ALL
        SELECT * FROM product_authorization WHERE product_id = p.id AND NOT (valid_to = 'infinity' AND superseded_at = 'infinity')
          AND valid_from <= $2 AND valid_to > $2 AND recorded_at <= $3 AND superseded_at > $3) a), 'null'),
    ',"platformProducts":{"edges":[', (
      SELECT string_agg(concat('{"node":{"senderCode":', to_json(i.sender_code), ',"productCode":', to_json(i.product_code),
        ',"listings":{"edges":[', (
          SELECT string_agg(concat('{"node":{"id":"', l.id,
            '","packPriceYuan":', coalesce('"' || l.pack_price_yuan || '"', 'null'),
            ',"listedOn":', coalesce(to_json(l.listed_on)::text, 'null'), '}}'), ',')
          FROM (SELECT * FROM (
            SELECT * FROM listing WHERE platform_product_id = i.id AND valid_to = 'infinity' AND superseded_at = 'infinity'
              AND valid_from <= $2 AND recorded_at <= $3
            UNION ALL
            SELECT * FROM listing WHERE platform_product_id = i.id AND NOT (valid_to = 'infinity' AND superseded_at = 'infinity')
              AND valid_from <= $2 AND valid_to > $2 AND recorded_at <= $3 AND superseded_at > $3) l
            ORDER BY l.id LIMIT 3) l), ']}}}'), ',')
      FROM (SELECT * FROM (
        SELECT * FROM platform_product WHERE product_id = p.id AND valid_to = 'infinity' AND superseded_at = 'infinity'
          AND valid_from <= $2 AND recorded_at <= $3
        UNION ALL
        SELECT * FROM platform_product WHERE product_id = p.id AND NOT (valid_to = 'infinity' AND superseded_at = 'infinity')
          AND valid_from <= $2 AND valid_to > $2 AND recorded_at <= $3 AND superseded_at > $3) i
        ORDER BY i.id LIMIT 4) i), ']}}')
  FROM (
    SELECT * FROM product WHERE approval_number = $1 AND valid_to = 'infinity' AND superseded_at = 'infinity'
      AND valid_from <= $2 AND recorded_at <= $3
    UNION ALL
    SELECT * FROM product WHERE approval_number = $1 AND NOT (valid_to = 'infinity' AND superseded_at = 'infinity')
      AND valid_from <= $2 AND valid_to > $2 AND recorded_at <= $3 AND superseded_at > $3) p), 'null'), '}}}')
