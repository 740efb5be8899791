-- A branch's wish names the fields it would change and what they were; `item` stays for what older tills sent whole.
ALTER TABLE item_proposal ADD COLUMN change jsonb, ADD COLUMN base jsonb, ADD COLUMN by_name text NOT NULL DEFAULT '',
  -- All sides as they stood when it was decided: never changed afterwards.
  ADD COLUMN sides jsonb;
-- Who changed head office's own item when, and from what. The organisation's, as the item itself.
CREATE TABLE catalogue_change (
  tenant_id uuid NOT NULL REFERENCES tenant,
  item_id uuid NOT NULL,
  revision bigint NOT NULL,
  changed_at_ms bigint NOT NULL,
  changed_by text NOT NULL,
  before jsonb NOT NULL,
  after jsonb NOT NULL,
  PRIMARY KEY (tenant_id, item_id, revision)
);
ALTER TABLE catalogue_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalogue_change FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON catalogue_change
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON catalogue_change TO billmitra_app;
