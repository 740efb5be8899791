-- Old publications are merged into few, so that a new till need not read each. What was merged stays named.
ALTER TABLE publication ADD COLUMN is_merged boolean NOT NULL DEFAULT false;
CREATE TABLE merged_publication (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  publication_id uuid NOT NULL,
  -- The one that says what it said.
  into_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, store_id, publication_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store
);
CREATE INDEX merged_publication_id ON merged_publication (tenant_id, publication_id);
ALTER TABLE merged_publication ENABLE ROW LEVEL SECURITY;
ALTER TABLE merged_publication FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON merged_publication
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY own_stores ON merged_publication AS RESTRICTIVE USING (
  (SELECT nullif(current_setting('app.store_ids', true), '')) IS NULL
  OR store_id = ANY ((SELECT current_setting('app.store_ids', true))::uuid[]));
GRANT SELECT, INSERT ON merged_publication TO billmitra_app;
GRANT DELETE ON store_publication, store_publication_row TO billmitra_app;
