-- What a store sells, as head office says: one row per store and item, so that a shape is `store_id = …` and nothing
-- else. Written by publishing only; a till's own changes arrive as proposals.
CREATE TABLE store_item (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  item_id uuid NOT NULL,
  item jsonb NOT NULL,
  changed_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, item_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store
);
ALTER TABLE store_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE store_item FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON store_item USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON store_item TO billmitra_app;
-- Published and full in one go, before anybody writes (Electric loses rows of tables that are published later).
CREATE PUBLICATION billmitra_shapes FOR TABLE store_item;
ALTER TABLE store_item REPLICA IDENTITY FULL;
