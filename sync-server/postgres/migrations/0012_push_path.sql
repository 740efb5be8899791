-- The push path. Of a till: what head office has from it, counted where it is stored and not by reading all of it.
ALTER TABLE till ADD COLUMN documents bigint NOT NULL DEFAULT 0, ADD COLUMN refused bigint NOT NULL DEFAULT 0;
UPDATE till t SET documents = d.documents, refused = d.refused FROM (
    SELECT tenant_id, store_id, till_id, count(*) AS documents, count(*) FILTER (WHERE rejection IS NOT NULL) AS refused
    FROM document GROUP BY 1, 2, 3) d
  WHERE t.tenant_id = d.tenant_id AND t.store_id = d.store_id AND t.till_id = d.till_id;
-- A till's last row is found and changed with each push: room beside it keeps that off its indexes.
ALTER TABLE till SET (fillfactor = 60);
-- SHA-256 of the text as it was received: what comes again is known by it without being read. `content_hash`, of the
-- document's content in a fixed order, stays for what was stored before.
ALTER TABLE document ADD COLUMN text_hash bytea, ALTER COLUMN content_hash DROP NOT NULL;
ALTER TABLE document ADD CHECK (text_hash IS NOT NULL OR content_hash IS NOT NULL);
-- A series of bill numbers is one till's: the first that pushes a document of it that is believed.
CREATE TABLE bill_series (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  series text NOT NULL,
  till_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, store_id, series),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
INSERT INTO bill_series (tenant_id, store_id, series, till_id)
  SELECT DISTINCT ON (tenant_id, store_id, series) tenant_id, store_id, split_part(number, '/', 1) AS series, till_id
  FROM bill ORDER BY tenant_id, store_id, series, occurred_at_ms;
ALTER TABLE bill_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE bill_series FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON bill_series
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY own_stores ON bill_series AS RESTRICTIVE USING (
  (SELECT nullif(current_setting('app.store_ids', true), '')) IS NULL
  OR store_id = ANY ((SELECT current_setting('app.store_ids', true))::uuid[]));
GRANT SELECT, INSERT, UPDATE ON bill_series TO billmitra_app;
