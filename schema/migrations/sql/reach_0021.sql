-- Which rows the graph's role sees (docs/decisions/0044): what the hub has sealed about whoever asks, the role, its
-- grants, and the policies as schema/policies.py makes them of the rules that the entities declare.

-- the role that the graph reads as: it owns nothing, and no policy passes it by; roles are of the whole server
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'baogong_graph') THEN
    BEGIN
      CREATE ROLE baogong_graph NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;  -- another database's migration was quicker
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role baogong_graph is missing and % may not create it', current_user
          USING HINT = format('an administrator of the server runs: CREATE ROLE baogong_graph NOLOGIN;'
            ' GRANT baogong_graph TO %I', current_user);
    END;
  END IF;
  IF NOT pg_has_role(
    current_user, 'baogong_graph',
    CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END
  ) THEN
    EXECUTE format('GRANT baogong_graph TO %I', current_user);
  END IF;
END $$;

-- what the hub says of whoever asks; nothing where it has said nothing, an error where it is not the hub that said it
CREATE FUNCTION reach_context() RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sealed text := current_setting('hub.reach', true);
  said bytea;
  keys public.reach_key;
BEGIN
  IF sealed IS NULL OR sealed = '' THEN
    RETURN NULL;
  END IF;
  SELECT * INTO STRICT keys FROM public.reach_key;
  said := convert_to(substr(sealed, 66), 'UTF8');
  IF left(sealed, 64) <> encode(sha256(keys.outer_pad || sha256(keys.inner_pad || said)), 'hex') THEN
    RAISE EXCEPTION 'hub.reach is not sealed by the hub' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN substr(sealed, 66)::jsonb;
END $$;

CREATE FUNCTION reach_is_country() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(reach_context() ->> 'sight' = 'country', false) $$;

CREATE FUNCTION reach_is_region() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(reach_context() ->> 'sight' = 'region', false) $$;

CREATE FUNCTION reach_low() RETURNS text LANGUAGE sql STABLE AS $$ SELECT reach_context() ->> 'low' $$;

CREATE FUNCTION reach_high() RETURNS text LANGUAGE sql STABLE AS $$ SELECT reach_context() ->> 'high' $$;

CREATE FUNCTION reach_codes(kind text) RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT jsonb_array_elements_text(reach_context() -> kind)) $$;

-- whether somebody judged something at an instant, and nothing more of it: then no batch was the cause of a change
CREATE FUNCTION is_judged_at(at timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.judgement WHERE decided_at = at)
    OR EXISTS (SELECT FROM public.judgement_withdrawal WHERE decided_at = at)
$$;

REVOKE ALL ON FUNCTION reach_context(), is_judged_at(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reach_context(), is_judged_at(timestamptz) TO baogong_graph;

GRANT SELECT ON
  region, product, standard_code, drug_concept, packaged_product, pack_code, product_authorization,
  authorization_event, former_number, manufacturing_site, product_site, substance,
  substance_product, organization, organization_name, organization_alias, organization_role,
  organization_name_change, essential_medicine, essential_medicine_form, insurance_entry,
  insurance_price, pharmacy, local_item, on_sale, stock_take, inventory_change, stock_lot,
  stock_level, production_report, supply_notice, platform_product, listing, purchase_line,
  delivery_line, settlement, filed_purchase, postal_outlet, partner_pharmacy, service_area,
  consignment, tracking_event, sender, feed, batch, delivery, fault, quarantined_row,
  fault_settlement, batch_decision, judgement, judgement_withdrawal, pull, search_code,
  search_document, search_thing, access_change, access_grant
TO baogong_graph;

ALTER TABLE pharmacy ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON pharmacy FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR pharmacy.region_code >= (SELECT reach_low()) AND pharmacy.region_code < (SELECT reach_high())
  OR pharmacy.sender_code = ANY((SELECT reach_codes('sender'))::text[])
);

ALTER TABLE local_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON local_item FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR (SELECT reach_is_region())
  OR local_item.sender_code = ANY((SELECT reach_codes('sender'))::text[])
);

ALTER TABLE on_sale ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON on_sale FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM pharmacy WHERE pharmacy.id = on_sale.pharmacy_id AND pharmacy.superseded_at = 'infinity')
);

ALTER TABLE stock_take ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON stock_take FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM pharmacy WHERE pharmacy.id = stock_take.pharmacy_id AND pharmacy.superseded_at = 'infinity')
);

ALTER TABLE inventory_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON inventory_change FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM pharmacy WHERE pharmacy.id = inventory_change.pharmacy_id AND pharmacy.superseded_at = 'infinity')
);

ALTER TABLE stock_lot ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON stock_lot FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM pharmacy WHERE pharmacy.id = stock_lot.pharmacy_id AND pharmacy.superseded_at = 'infinity')
);

ALTER TABLE stock_level ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON stock_level FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM pharmacy WHERE pharmacy.id = stock_level.pharmacy_id AND pharmacy.superseded_at = 'infinity')
);

ALTER TABLE production_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON production_report FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR substr(production_report.uscc, 3, 6) >= (SELECT reach_low()) AND substr(production_report.uscc, 3, 6) < (SELECT reach_high())
  OR production_report.uscc = ANY((SELECT reach_codes('company'))::text[])
  OR production_report.sender_code = ANY((SELECT reach_codes('sender'))::text[])
);

ALTER TABLE purchase_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON purchase_line FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR purchase_line.institution_code >= 'H' || (SELECT reach_low()) AND purchase_line.institution_code < 'H' || (SELECT reach_high())
  OR purchase_line.institution_code >= 'P' || (SELECT reach_low()) AND purchase_line.institution_code < 'P' || (SELECT reach_high())
  OR purchase_line.institution_code = ANY((SELECT reach_codes('institution'))::text[])
  OR purchase_line.distributor_code = ANY((SELECT reach_codes('distributor'))::text[])
  OR purchase_line.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR EXISTS (SELECT FROM sender WHERE sender.code = purchase_line.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE delivery_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON delivery_line FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM purchase_line WHERE purchase_line.id = delivery_line.purchase_line_id AND purchase_line.superseded_at = 'infinity')
  OR delivery_line.distributor_code = ANY((SELECT reach_codes('distributor'))::text[])
  OR delivery_line.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR EXISTS (SELECT FROM sender WHERE sender.code = delivery_line.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE settlement ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON settlement FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR settlement.institution_code >= 'H' || (SELECT reach_low()) AND settlement.institution_code < 'H' || (SELECT reach_high())
  OR settlement.institution_code >= 'P' || (SELECT reach_low()) AND settlement.institution_code < 'P' || (SELECT reach_high())
  OR settlement.institution_code = ANY((SELECT reach_codes('institution'))::text[])
  OR EXISTS (SELECT FROM purchase_line WHERE purchase_line.id = settlement.purchase_line_id AND purchase_line.superseded_at = 'infinity')
  OR settlement.distributor_code = ANY((SELECT reach_codes('distributor'))::text[])
  OR settlement.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR EXISTS (SELECT FROM sender WHERE sender.code = settlement.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE filed_purchase ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON filed_purchase FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR filed_purchase.institution_code >= 'H' || (SELECT reach_low()) AND filed_purchase.institution_code < 'H' || (SELECT reach_high())
  OR filed_purchase.institution_code >= 'P' || (SELECT reach_low()) AND filed_purchase.institution_code < 'P' || (SELECT reach_high())
  OR filed_purchase.institution_code = ANY((SELECT reach_codes('institution'))::text[])
  OR filed_purchase.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR EXISTS (SELECT FROM sender WHERE sender.code = filed_purchase.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE consignment ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON consignment FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM postal_outlet WHERE postal_outlet.id = consignment.accepting_outlet_id AND postal_outlet.superseded_at = 'infinity' AND postal_outlet.region_code >= (SELECT reach_low()) AND postal_outlet.region_code < (SELECT reach_high()))
  OR consignment.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR EXISTS (SELECT FROM sender WHERE sender.code = consignment.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE tracking_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON tracking_event FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM consignment WHERE consignment.id = tracking_event.consignment_id AND consignment.superseded_at = 'infinity')
  OR tracking_event.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR EXISTS (SELECT FROM sender WHERE sender.code = tracking_event.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE fault ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON fault FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM batch WHERE batch.id = fault.batch_id AND (batch.sender_code = ANY((SELECT reach_codes('sender'))::text[]) OR EXISTS (SELECT FROM sender WHERE sender.code = batch.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))))
);

ALTER TABLE quarantined_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON quarantined_row FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM batch WHERE batch.id = quarantined_row.batch_id AND (batch.sender_code = ANY((SELECT reach_codes('sender'))::text[]) OR EXISTS (SELECT FROM sender WHERE sender.code = batch.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))))
);

ALTER TABLE fault_settlement ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON fault_settlement FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM quarantined_row WHERE quarantined_row.id = fault_settlement.row_id)
);

ALTER TABLE judgement ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON judgement FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR (SELECT reach_is_region())
  OR judgement.sender_code = ANY((SELECT reach_codes('sender'))::text[])
);

ALTER TABLE judgement_withdrawal ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON judgement_withdrawal FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR (SELECT reach_is_region())
  OR EXISTS (SELECT FROM judgement WHERE judgement.id = judgement_withdrawal.judgement_id)
);

ALTER TABLE pull ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON pull FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR pull.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR EXISTS (SELECT FROM sender WHERE sender.code = pull.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

-- parts of a table are read through it; by themselves by nobody but their owner
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'on_sale'::regclass LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', part);
  END LOOP;
END $$;
