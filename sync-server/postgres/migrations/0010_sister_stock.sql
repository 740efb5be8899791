-- Goods received and counted at a till, each entry once (an answer may be lost and the entry come again).
CREATE TABLE stock_entry (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, store_id, entry_id)
);
-- How far a store's levels were told to its sisters: as its tills were last heard then, and what they had sent.
CREATE TABLE stock_told (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  heard_ms bigint NOT NULL,
  through_seq bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store
);
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['stock_entry','stock_told'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I
      USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
    EXECUTE format('CREATE POLICY own_stores ON %I AS RESTRICTIVE USING (
      (SELECT nullif(current_setting(''app.store_ids'', true), '''')) IS NULL
      OR store_id = ANY ((SELECT current_setting(''app.store_ids'', true))::uuid[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO billmitra_app', name);
  END LOOP;
END $$;
