-- A log of what tills are sent was not what its table says, and was mended: what, how much, under which incident.
CREATE TABLE shape_mend (
  tenant_id uuid NOT NULL,
  -- All zero: what every store gets.
  store_id uuid NOT NULL,
  shape text NOT NULL,
  mend_id uuid NOT NULL,
  at_ms bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('appended', 'begunAnew')),
  -- null: it could not be read at all.
  row_count int,
  -- Who said that it differs; null: found by the server's own round.
  till_id uuid,
  incident text NOT NULL,
  PRIMARY KEY (tenant_id, store_id, shape, mend_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant
);
CREATE INDEX shape_mend_newest ON shape_mend (tenant_id, at_ms);
ALTER TABLE shape_mend ENABLE ROW LEVEL SECURITY;
ALTER TABLE shape_mend FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON shape_mend
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY own_stores ON shape_mend AS RESTRICTIVE USING (
  (SELECT nullif(current_setting('app.store_ids', true), '')) IS NULL
  OR store_id = ANY ((SELECT current_setting('app.store_ids', true))::uuid[]));
GRANT SELECT, INSERT ON shape_mend TO billmitra_app;
