-- Which rows of lists the graph's role sees, as schema/policies.py makes it of the rules that the entities declare.

GRANT SELECT ON
  drug_list, drug_list_version, drug_list_entry, list_change, list_match, substitution, substitution_match,
  reserve_list, reserve_list_version, reserve_entry, reserve_change, reserve_match, list_proposal,
  list_decision
TO baogong_graph;

ALTER TABLE reserve_list ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON reserve_list FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR reserve_list.region_code >= (SELECT reach_low()) AND reserve_list.region_code < (SELECT reach_high()) OR reserve_list.sender_code = ANY((SELECT reach_codes('sender'))::text[]) OR EXISTS (SELECT FROM sender WHERE sender.code = reserve_list.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE reserve_list_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON reserve_list_version FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM reserve_list WHERE reserve_list.id = reserve_list_version.list_id AND reserve_list.superseded_at = 'infinity')
);

ALTER TABLE reserve_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON reserve_entry FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM reserve_list WHERE reserve_list.id = reserve_entry.list_id AND reserve_list.superseded_at = 'infinity')
);

ALTER TABLE reserve_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON reserve_change FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM reserve_list WHERE reserve_list.id = reserve_change.list_id AND reserve_list.superseded_at = 'infinity')
);

ALTER TABLE reserve_match ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON reserve_match FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM reserve_entry WHERE reserve_entry.id = reserve_match.entry_id AND reserve_entry.superseded_at = 'infinity')
);

ALTER TABLE list_proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON list_proposal FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR list_proposal.region_code >= (SELECT reach_low()) AND list_proposal.region_code < (SELECT reach_high()) OR list_proposal.sender_code = ANY((SELECT reach_codes('sender'))::text[]) OR EXISTS (SELECT FROM sender WHERE sender.code = list_proposal.sender_code AND sender.region_code >= (SELECT reach_low()) AND sender.region_code < (SELECT reach_high()))
);

ALTER TABLE list_decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON list_decision FOR SELECT TO baogong_graph USING (
  (SELECT reach_is_country())
  OR EXISTS (SELECT FROM list_proposal WHERE list_proposal.id = list_decision.proposal_id)
);
