-- Which rows of medical institutions the graph's role sees, as schema/policies.py makes it of the rules that the
-- entities declare.

GRANT SELECT ON institution, institution_item, institution_medicine, formulary_confirmation TO baogong_graph;

ALTER TABLE institution ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON institution FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR institution.region_code >= (SELECT reach_low()) AND institution.region_code < (SELECT reach_high())
  OR institution.sender_code = ANY((SELECT reach_codes('sender'))::text[])
  OR institution.uscc = ANY((SELECT reach_codes('company'))::text[])
  OR institution.insurance_code = ANY((SELECT reach_codes('institution'))::text[])
);

ALTER TABLE institution_medicine ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON institution_medicine FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM institution WHERE institution.id = institution_medicine.institution_id AND institution.superseded_at = 'infinity')
);

ALTER TABLE formulary_confirmation ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON formulary_confirmation FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM institution WHERE institution.id = formulary_confirmation.institution_id AND institution.superseded_at = 'infinity')
);

-- parts of a table are read through it; by themselves by nobody but their owner
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'institution_medicine'::regclass LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', part);
  END LOOP;
END $$;
