-- What holds now, as a user of PostGraphile would show our tables, which keep all periods and have no foreign keys:
-- views, with keys and relations told by smart tags.

DROP SCHEMA IF EXISTS live CASCADE;
CREATE SCHEMA live;

CREATE VIEW live.organization AS SELECT * FROM organization;
COMMENT ON VIEW live.organization IS '@primaryKey id';

CREATE VIEW live.organization_name AS SELECT * FROM organization_name;
COMMENT ON VIEW live.organization_name IS
  E'@primaryKey id\n@foreignKey (organization_id) references live.organization (id)|@fieldName organization';

CREATE VIEW live.product AS SELECT * FROM product WHERE valid_to = 'infinity' AND superseded_at = 'infinity';
COMMENT ON VIEW live.product IS E'@primaryKey id\n@unique approval_number';

CREATE VIEW live.product_authorization AS
  SELECT * FROM product_authorization WHERE valid_to = 'infinity' AND superseded_at = 'infinity';
COMMENT ON VIEW live.product_authorization IS
  E'@primaryKey id\n@unique product_id'
  '\n@foreignKey (product_id) references live.product (id)|@foreignFieldName authorization'
  '\n@foreignKey (holder_name_id) references live.organization_name (id)|@fieldName holder';

CREATE VIEW live.platform_product AS
  SELECT * FROM platform_product WHERE valid_to = 'infinity' AND superseded_at = 'infinity';
COMMENT ON VIEW live.platform_product IS
  E'@primaryKey id\n@foreignKey (product_id) references live.product (id)|@foreignFieldName platformProducts';

CREATE VIEW live.listing AS SELECT * FROM listing WHERE valid_to = 'infinity' AND superseded_at = 'infinity';
COMMENT ON VIEW live.listing IS
  E'@primaryKey id\n@foreignKey (platform_product_id) references live.platform_product (id)'
  '|@fieldName platformProduct|@foreignFieldName listings';

CREATE VIEW live.pharmacy AS SELECT * FROM pharmacy WHERE valid_to = 'infinity' AND superseded_at = 'infinity';
COMMENT ON VIEW live.pharmacy IS '@primaryKey id';

CREATE VIEW live.local_item AS SELECT * FROM local_item WHERE valid_to = 'infinity' AND superseded_at = 'infinity';
COMMENT ON VIEW live.local_item IS
  E'@primaryKey id\n@foreignKey (product_id) references live.product (id)|@fieldName product';

CREATE VIEW live.on_sale AS SELECT * FROM on_sale WHERE valid_to = 'infinity' AND superseded_at = 'infinity';
COMMENT ON VIEW live.on_sale IS
  E'@primaryKey pharmacy_id,item_id\n@foreignKey (pharmacy_id) references live.pharmacy (id)|@foreignFieldName onSale'
  '\n@foreignKey (item_id) references live.local_item (id)|@fieldName item';
