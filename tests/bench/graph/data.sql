-- Data of the size that the graph is measured on, put straight into the hub's tables; the same in every run.
-- Sizes come from the settings bench.* of the session. Identifiers are scattered, as the hub's own are.
-- Medicines are real by name, organisations and addresses invented (演示数据).

CREATE FUNCTION pg_temp.size(name text) RETURNS int LANGUAGE sql STABLE
  AS $$ SELECT current_setting('bench.' || name)::int $$;

-- a positive 63-bit identifier of the n-th thing of a kind
CREATE FUNCTION pg_temp.scattered(kind int, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
  AS $$ SELECT hashint8extended(n, kind) & 9223372036854775807 $$;

-- a whole number from 0 to below a bound, by chance but always the same
CREATE FUNCTION pg_temp.drawn(kind int, n bigint, bound int) RETURNS int LANGUAGE sql IMMUTABLE
  AS $$ SELECT ((hashint8extended(n, kind) & 9223372036854775807) % bound)::int $$;

CREATE TEMP TABLE stem (n serial, name text);
INSERT INTO stem (name) SELECT unnest(string_to_array(
  '阿司匹林,阿莫西林,头孢克肟,头孢呋辛酯,布洛芬,对乙酰氨基酚,二甲双胍,格列美脲,氨氯地平,硝苯地平,厄贝沙坦,'
  '缬沙坦,氯沙坦钾,美托洛尔,比索洛尔,阿托伐他汀钙,瑞舒伐他汀钙,辛伐他汀,氯吡格雷,华法林钠,地高辛,呋塞米,'
  '螺内酯,氢氯噻嗪,奥美拉唑,泮托拉唑,雷贝拉唑,多潘立酮,蒙脱石,甲硝唑,左氧氟沙星,莫西沙星,阿奇霉素,克拉霉素,'
  '罗红霉素,利奈唑胺,阿昔洛韦,奥司他韦,恩替卡韦,拉米夫定,孟鲁司特钠,氨溴索,沙丁胺醇,布地奈德,茶碱,泼尼松,'
  '地塞米松,甲氨蝶呤,来氟米特,羟氯喹,别嘌醇,秋水仙碱,卡马西平,丙戊酸钠,左乙拉西坦,奥卡西平,艾司西酞普兰,'
  '舍曲林,奥氮平,利培酮,硝普钠,肾上腺素,去甲肾上腺素,多巴胺,氯化钾,葡萄糖,氯化钠,维生素C,叶酸,甲钴胺', ','));

CREATE TEMP TABLE form (n serial, name text);
INSERT INTO form (name) SELECT unnest(string_to_array(
  '片,胶囊,注射液,颗粒,缓释片,口服溶液,分散片,肠溶片,干混悬剂,滴丸', ','));

-- organisations and the names that mean them
INSERT INTO organization (id, uscc, name)
SELECT pg_temp.scattered(1, n), '91' || lpad(n::text, 16, '0'), '演示制药' || lpad(n::text, 5, '0') || '有限公司'
FROM generate_series(1, pg_temp.size('organizations')) n;

INSERT INTO organization_name (id, name, organization_id, name_state_code)
SELECT pg_temp.scattered(2, n), '演示制药' || lpad(n::text, 5, '0') || '有限公司', pg_temp.scattered(1, n), 'identified'
FROM generate_series(1, pg_temp.size('organizations')) n;

-- medicines and their approvals
CREATE TEMP TABLE medicine AS
SELECT m AS n, pg_temp.scattered(3, m) AS id, '国药准字H2' || lpad(m::text, 7, '0') AS approval_number,
  stem.name || form.name AS name_zh, form.name AS dosage_form,
  (ARRAY['5mg', '10mg', '25mg', '0.1g', '0.25g', '0.5g'])[1 + m % 6] AS specification,
  1 + pg_temp.drawn(4, m, pg_temp.size('organizations')) AS holder,
  date '2002-01-01' + pg_temp.drawn(5, m, 8000) AS approved_on
FROM generate_series(1, pg_temp.size('products')) m
JOIN stem ON stem.n = 1 + pg_temp.drawn(6, m, 70)
JOIN form ON form.n = 1 + pg_temp.drawn(7, m, 10)
ORDER BY m;
CREATE UNIQUE INDEX ON medicine (n);
ANALYZE medicine;

INSERT INTO product (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, id, approval_number,
  approval_kind_code, approval_origin_code, name_zh, dosage_form, specification, holder_name, manufacturer_name,
  category_name, approved_on)
SELECT '2025-01-01Z', 'infinity', '2025-01-02Z', 'infinity', 1, n, medicine.id, approval_number, 'chemical', 'domestic', name_zh,
  dosage_form, specification, organization_name.name, organization_name.name, '化学药品', approved_on
FROM medicine JOIN organization_name ON organization_name.id = pg_temp.scattered(2, holder) ORDER BY n;

INSERT INTO product_authorization (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, id,
  product_id, approval_number, holder_name, holder_name_id, approved_on, valid_until_on, status_code)
SELECT '2025-01-01Z', 'infinity', '2025-01-02Z', 'infinity', 1, n, pg_temp.scattered(8, n), medicine.id,
  approval_number, organization_name.name, organization_name.id, approved_on, '2030-12-31', 'valid'
FROM medicine JOIN organization_name ON organization_name.id = pg_temp.scattered(2, holder) ORDER BY n;

-- 25 platforms, each with every medicine; each of those listed four times
CREATE TEMP TABLE platform AS
SELECT row_number() OVER (ORDER BY code) - 1 AS n, 'platform-' || left(code, 2) AS sender_code
FROM region WHERE level_code = 'province' AND valid_to = 'infinity' AND superseded_at = 'infinity' ORDER BY code LIMIT 25;

CREATE TEMP TABLE platform_item AS
SELECT platform.n * pg_temp.size('products') + medicine.n AS n, platform.sender_code, medicine.n AS medicine
FROM platform, medicine;

INSERT INTO platform_product (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, product_id,
  match_code, match_method_code, match_score, id, sender_code, product_code, name_zh, dosage_form, specification,
  packaging, conversion_ratio, pack_name, unit_name, holder_name, manufacturer_name, approval_number)
SELECT '2025-01-01Z', 'infinity', '2025-01-02Z', 'infinity', 1, i.n, medicine.id, 'linked', 'approval_number', 1,
  pg_temp.scattered(9, i.n), i.sender_code, 'YP' || lpad(i.n::text, 9, '0'), name_zh, dosage_form, specification,
  '24片/盒', 24, '盒', '片', organization_name.name, organization_name.name, approval_number
FROM platform_item i JOIN medicine ON medicine.n = i.medicine
JOIN organization_name ON organization_name.id = pg_temp.scattered(2, medicine.holder) ORDER BY i.n;

-- what is listed now; one price in five had another one in the first half of 2025
CREATE TEMP TABLE price AS
SELECT i.n * 4 + k AS n, i.n AS item, i.sender_code, k, (500 + pg_temp.drawn(10, i.n * 4 + k, 9500)) / 100.0 AS yuan,
  pg_temp.drawn(11, i.n * 4 + k, 5) = 0 AS changed
FROM platform_item i, generate_series(0, 3) k;

INSERT INTO listing (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, id, sender_code,
  platform_product_id, catalogue_code, mode_code, mode_text, price_state_code, pack_price_yuan, unit_price_yuan, listed_on)
SELECT period.valid_from, period.valid_to, period.valid_from + interval '1 day', 'infinity', 1, n,
  pg_temp.scattered(12, n), sender_code, pg_temp.scattered(9, item), 'ML' || k, 'listed', '直接挂网', 'stated',
  round(yuan * period.factor, 2), round(yuan * period.factor / 24, 4), date '2025-01-01' + pg_temp.drawn(13, n, 300)
FROM price CROSS JOIN LATERAL (VALUES
  (timestamptz '2025-01-01Z', CASE WHEN changed THEN timestamptz '2025-07-01Z' ELSE 'infinity' END, 1.0, true),
  (timestamptz '2025-07-01Z', timestamptz 'infinity', 0.9, changed)
) period (valid_from, valid_to, factor, is_so) WHERE period.is_so ORDER BY n;

-- 100 chains, in as many counties as give each county some 35 stores; a chain has 1,000 items
CREATE TEMP TABLE county AS
SELECT row_number() OVER (ORDER BY code) - 1 AS n, code FROM region
WHERE level_code = 'county' AND valid_to = 'infinity' AND superseded_at = 'infinity'
  AND left(code, 2) IN (SELECT right(sender_code, 2) FROM platform)
ORDER BY code LIMIT greatest(1, pg_temp.size('pharmacies') / 35);

CREATE TEMP TABLE store AS
SELECT s AS n, pg_temp.scattered(14, s) AS id, s % 100 AS chain, county.code AS region_code
FROM generate_series(1, pg_temp.size('pharmacies')) s
JOIN county ON county.n = pg_temp.drawn(15, s, (SELECT count(*)::int FROM county)) ORDER BY s;

INSERT INTO pharmacy (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, id, sender_code, store_code,
  name, chain_name, region_code, address, licence_number, opening_hours)
SELECT '2025-01-01Z', 'infinity', '2025-01-02Z', 'infinity', 1, n, id, 'chain-' || lpad(chain::text, 3, '0'),
  'MD' || lpad(n::text, 6, '0'), '演示大药房' || lpad(n::text, 6, '0') || '店', '演示连锁' || chain, region_code,
  '演示路' || 1 + n % 999 || '号', 'YP' || lpad(n::text, 9, '0'), '08:00-22:00' FROM store ORDER BY n;

INSERT INTO local_item (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, product_id, match_code,
  match_method_code, match_score, id, sender_code, item_code, name_zh, specification, manufacturer_name,
  approval_number, sales_unit)
SELECT '2025-01-01Z', 'infinity', '2025-01-02Z', 'infinity', 1, i, medicine.id, 'linked', 'approval_number', 1,
  pg_temp.scattered(16, chain * 1000 + i), 'chain-' || lpad(chain::text, 3, '0'), 'SP' || lpad(i::text, 5, '0'), name_zh,
  specification, organization_name.name, approval_number, '盒'
FROM generate_series(0, 99) chain CROSS JOIN generate_series(0, 999) i
JOIN medicine ON medicine.n = 1 + pg_temp.drawn(17, chain * 1000 + i, pg_temp.size('products'))
JOIN organization_name ON organization_name.id = pg_temp.scattered(2, medicine.holder) ORDER BY chain, i;

-- each store has 50 of its chain's items on sale
INSERT INTO on_sale (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, province_code, pharmacy_id,
  item_id, availability_code, retail_price_yuan, stock_packs)
SELECT '2025-01-01Z', 'infinity', '2025-01-02Z', 'infinity', 1, n * 50 + k, left(region_code, 2), id,
  pg_temp.scattered(16, chain * 1000 + (pg_temp.drawn(18, n, 1000) + k * 19) % 1000), 'in_stock',
  (500 + pg_temp.drawn(19, n * 50 + k, 9500)) / 100.0, pg_temp.drawn(20, n * 50 + k, 60)
FROM store CROSS JOIN generate_series(0, 49) k ORDER BY n, k;
