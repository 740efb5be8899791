-- Goods that are a store's own and not head office's, as its tills say of them: what a forecast asks of an item, no more.
CREATE TABLE own_item (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  item_id uuid NOT NULL,
  category text,
  unit text NOT NULL,
  selling_price_paise bigint NOT NULL,
  told_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, item_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store
);
ALTER TABLE own_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE own_item FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON own_item
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY own_stores ON own_item AS RESTRICTIVE USING (
  (SELECT nullif(current_setting('app.store_ids', true), '')) IS NULL
  OR store_id = ANY ((SELECT current_setting('app.store_ids', true))::uuid[]));
GRANT SELECT, INSERT, UPDATE ON own_item TO billmitra_app;
