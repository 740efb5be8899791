-- What head office sends to tills in small: one row per shape and key, for a store or (store_id all zero) for every store
-- of the organisation. store_id has no foreign key for that reason. content is text and not jsonb: the audit's hash is
-- of these very characters.
CREATE TABLE sent_row (
  tenant_id uuid NOT NULL REFERENCES tenant,
  store_id uuid NOT NULL,
  shape text NOT NULL,
  row_key text NOT NULL,
  content text NOT NULL,
  changed_at_ms bigint NOT NULL,
  changed_by text NOT NULL,
  PRIMARY KEY (tenant_id, store_id, shape, row_key)
);
CREATE INDEX sent_row_shape ON sent_row (tenant_id, shape, row_key);
ALTER TABLE sent_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE sent_row FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON sent_row
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
-- A store's people read what goes to every store; whose rows they write is decided where they are written.
CREATE POLICY own_stores ON sent_row AS RESTRICTIVE USING (
  (SELECT nullif(current_setting('app.store_ids', true), '')) IS NULL
  OR store_id = '00000000-0000-0000-0000-000000000000'
  OR store_id = ANY ((SELECT current_setting('app.store_ids', true))::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON sent_row TO billmitra_app;
ALTER PUBLICATION billmitra_shapes ADD TABLE sent_row;
ALTER TABLE sent_row REPLICA IDENTITY FULL;
