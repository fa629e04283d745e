-- Data of the size that releases are measured on, put straight into the hub's tables; the same in every run.
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
  '阿司匹林,阿莫西林,头孢克肟,布洛芬,对乙酰氨基酚,二甲双胍,格列美脲,氨氯地平,硝苯地平,厄贝沙坦,缬沙坦,氯沙坦钾,'
  '美托洛尔,比索洛尔,阿托伐他汀钙,瑞舒伐他汀钙,辛伐他汀,氯吡格雷,华法林钠,地高辛,呋塞米,螺内酯,氢氯噻嗪,'
  '奥美拉唑,泮托拉唑,多潘立酮,蒙脱石,甲硝唑,左氧氟沙星,阿奇霉素,克拉霉素,利奈唑胺,阿昔洛韦,奥司他韦,'
  '孟鲁司特钠,氨溴索,沙丁胺醇,布地奈德,茶碱,泼尼松,地塞米松,甲氨蝶呤,羟氯喹,别嘌醇,秋水仙碱,卡马西平,'
  '左乙拉西坦,舍曲林,奥氮平,利培酮,硝普钠,肾上腺素,多巴胺,氯化钾,葡萄糖,叶酸,甲钴胺', ','));

CREATE TEMP TABLE form (n serial, name text);
INSERT INTO form (name) SELECT unnest(string_to_array(
  '片,胶囊,注射液,颗粒,缓释片,口服溶液,分散片,肠溶片,干混悬剂,滴丸', ','));

INSERT INTO batch (id, feed_code, sender_code, file_name, sha256, byte_count, received_sha256, received_byte_count,
  received_at, as_of, state_code, promoted_at)
SELECT 100000 + n, feed, 'demo-bench', feed || '.csv', repeat('0', 64), 1, repeat('0', 64), 1,
  '2026-11-01Z', '2026-11-01Z', 'promoted', '2026-11-01Z'
FROM unnest(ARRAY['registration', 'pharmacy']) WITH ORDINALITY AS sent (feed, n);

CREATE TEMP TABLE medicine AS
SELECT m AS n, pg_temp.scattered(3, m) AS id, '国药准字H2' || lpad(m::text, 7, '0') AS approval_number,
  stem.name || form.name AS name_zh, form.name AS dosage_form,
  (ARRAY['5mg', '10mg', '25mg', '0.1g', '0.25g', '0.5g'])[1 + m % 6] AS specification,
  '演示制药' || lpad(pg_temp.drawn(4, m, 3000)::text, 5, '0') || '有限公司' AS holder_name
FROM generate_series(1, pg_temp.size('products')) m
JOIN stem ON stem.n = 1 + pg_temp.drawn(6, m, (SELECT count(*)::int FROM stem))
JOIN form ON form.n = 1 + pg_temp.drawn(7, m, 10)
ORDER BY m;
CREATE UNIQUE INDEX ON medicine (n);

INSERT INTO product (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, id, approval_number,
  approval_kind_code, approval_origin_code, name_zh, dosage_form, specification, holder_name, manufacturer_name,
  category_name, approved_on)
SELECT '2026-01-01Z', 'infinity', '2026-01-02Z', 'infinity', 100001, n, id, approval_number, 'chemical', 'domestic', name_zh,
  dosage_form, specification, holder_name, holder_name, '化学药品', date '2002-01-01' + pg_temp.drawn(5, n, 8000)
FROM medicine ORDER BY n;

-- stores in all counties of the country; 100 chains with 1,000 items each
CREATE TEMP TABLE county AS
SELECT row_number() OVER (ORDER BY code) - 1 AS n, code FROM region
WHERE level_code = 'county' AND valid_to = 'infinity' AND superseded_at = 'infinity';

CREATE TEMP TABLE store AS
SELECT s AS n, pg_temp.scattered(14, s) AS id, s % 100 AS chain, county.code AS region_code
FROM generate_series(1, pg_temp.size('pharmacies')) s
JOIN county ON county.n = pg_temp.drawn(15, s, (SELECT count(*)::int FROM county)) ORDER BY s;

INSERT INTO pharmacy (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, id, sender_code, store_code,
  name, chain_name, region_code, address, licence_number, opening_hours)
SELECT '2026-01-01Z', 'infinity', '2026-01-02Z', 'infinity', 100002, n, id, 'chain-' || lpad(chain::text, 3, '0'),
  'MD' || lpad(n::text, 6, '0'), '演示大药房' || lpad(n::text, 6, '0') || '店', '演示连锁' || chain, region_code,
  '演示路' || 1 + n % 999 || '号', 'YP' || lpad(n::text, 9, '0'), '08:00-22:00' FROM store ORDER BY n;

INSERT INTO stock_take (pharmacy_id, confirmed_at, batch_id)
SELECT id, '2026-11-01Z'::timestamptz - make_interval(hours => pg_temp.drawn(21, n, 200)), 100002 FROM store ORDER BY n;

INSERT INTO local_item (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, product_id, match_code,
  match_method_code, match_score, id, sender_code, item_code, name_zh, specification, manufacturer_name,
  approval_number, sales_unit)
SELECT '2026-01-01Z', 'infinity', '2026-01-02Z', 'infinity', 100002, i, medicine.id, 'linked', 'approval_number', 1,
  pg_temp.scattered(16, chain * 1000 + i), 'chain-' || lpad(chain::text, 3, '0'), 'SP' || lpad(i::text, 5, '0'), name_zh,
  specification, holder_name, approval_number, '盒'
FROM generate_series(0, 99) chain CROSS JOIN generate_series(0, 999) i
JOIN medicine ON medicine.n = 1 + pg_temp.drawn(17, chain * 1000 + i, pg_temp.size('products')) ORDER BY chain, i;

-- each store has 50 of its chain's items on sale, known since one of 100 days
INSERT INTO on_sale (valid_from, valid_to, recorded_at, superseded_at, batch_id, row_number, province_code, pharmacy_id,
  item_id, availability_code, retail_price_yuan, stock_packs)
SELECT day, 'infinity', day + interval '1 day', 'infinity', 100002, n * 50 + k, left(region_code, 2), id,
  pg_temp.scattered(16, chain * 1000 + (pg_temp.drawn(18, n, 1000) + k * 19) % 1000),
  CASE WHEN packs = 0 THEN 'out_of_stock' ELSE 'in_stock' END,
  (500 + pg_temp.drawn(19, n * 50 + k, 9500)) / 100.0, packs
FROM store CROSS JOIN generate_series(0, 49) k
CROSS JOIN LATERAL (SELECT pg_temp.drawn(20, n * 50 + k, 60) AS packs,
  timestamptz '2026-01-01Z' + make_interval(days => pg_temp.drawn(22, n * 50 + k, 100)) AS day) AS of_row
ORDER BY id, 9;
