-- Goods between stores. A transfer is the set of its facts (core/stock/transfer-events.ts); a row for each of the two stores
-- concerned holds them all, so that a shape is `store_id = …` and a store's person sees theirs. Both rows are written in the
-- transaction that takes a fact in.
CREATE TABLE store_transfer (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  transfer_id uuid NOT NULL,
  from_store_id uuid NOT NULL,
  to_store_id uuid NOT NULL,
  state text NOT NULL,
  made_at_ms bigint NOT NULL,
  changed_at_ms bigint NOT NULL,
  in_transit_paise bigint NOT NULL,
  has_variance boolean NOT NULL,
  events jsonb NOT NULL,
  PRIMARY KEY (tenant_id, store_id, transfer_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store,
  CHECK (store_id IN (from_store_id, to_store_id)),
  CHECK (from_store_id <> to_store_id)
);
CREATE INDEX store_transfer_changed ON store_transfer (tenant_id, store_id, changed_at_ms DESC);
-- On the way to a store. With stock_level and what is named as lost, what the chain has of an item is conserved.
CREATE TABLE transit_level (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  item_id uuid NOT NULL,
  qty_milli bigint NOT NULL,
  lost_milli bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, item_id)
);
-- A store as its own till told it: what a challan must say of it.
CREATE TABLE store_facts (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  name text NOT NULL,
  trade_name text NOT NULL,
  address text NOT NULL,
  state_code text NOT NULL,
  gstin text,
  told_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store
);
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['store_transfer','transit_level','store_facts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
    EXECUTE format('CREATE POLICY own_stores ON %I AS RESTRICTIVE USING (
      (SELECT nullif(current_setting(''app.store_ids'', true), '''')) IS NULL
      OR store_id = ANY ((SELECT current_setting(''app.store_ids'', true))::uuid[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO billmitra_app', name);
  END LOOP;
END $$;
ALTER PUBLICATION billmitra_shapes ADD TABLE store_transfer, store_facts;
ALTER TABLE store_transfer REPLICA IDENTITY FULL;
ALTER TABLE store_facts REPLICA IDENTITY FULL;
