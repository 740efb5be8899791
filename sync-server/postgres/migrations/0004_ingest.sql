-- Ingest made cheap. The texts of a batch are packed together (bills repeat each other's words) and stored once, out of
-- the documents' rows: a document says where in its pack it lies. `content` stays for what is stored alone.
CREATE TABLE document_pack (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  pack_id uuid NOT NULL,
  till_id uuid NOT NULL,
  received_at_ms bigint NOT NULL,
  -- Zstandard (RFC 8878) of the documents' texts in UTF-8, one after the other.
  packed bytea NOT NULL,
  PRIMARY KEY (tenant_id, store_id, pack_id),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
-- It is packed already: Postgres is not to try again.
ALTER TABLE document_pack ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE document ALTER COLUMN content DROP NOT NULL;
-- Bytes in the unpacked text.
ALTER TABLE document ADD COLUMN pack_id uuid, ADD COLUMN pack_from int, ADD COLUMN pack_bytes int;
ALTER TABLE document ADD CHECK ((content IS NULL) = (pack_id IS NOT NULL));
-- Proved once a batch, by the pack, and not again for each of its rows.
ALTER TABLE document DROP CONSTRAINT document_tenant_id_store_id_till_id_fkey;
-- What a store has of an item, as far as its bills say: below zero where more was sold than head office knows of.
CREATE TABLE stock_level (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  item_id uuid NOT NULL,
  qty_milli bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, item_id)
) WITH (fillfactor = 60);
-- Room beside a sum for its next value: then no index is touched.
ALTER TABLE item_day SET (fillfactor = 60);
ALTER TABLE store_day SET (fillfactor = 60);
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['document_pack','stock_level'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('CREATE POLICY own_stores ON %I AS RESTRICTIVE USING (
      (SELECT nullif(current_setting(''app.store_ids'', true), '''')) IS NULL
      OR store_id = ANY ((SELECT current_setting(''app.store_ids'', true))::uuid[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO billmitra_app', name);
  END LOOP;
  -- Asked once a statement and not once a row.
  FOREACH name IN ARRAY ARRAY['document','document_pack','bill','bill_line','item_day','stock_level'] LOOP
    EXECUTE format('ALTER POLICY own_tenant ON %I
      USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
  END LOOP;
END $$;
