-- A till's key is a family of refresh tokens: each lives 30 days, is good for one use and names its successor, of which
-- the till sends only the hash. One that comes again with another successor means that two hold the key.
ALTER TABLE till ADD COLUMN family_id uuid, ADD COLUMN revoke_reason text;
CREATE TABLE till_token (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  till_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  family_id uuid NOT NULL,
  expires_at_ms bigint NOT NULL,
  used_at_ms bigint,
  successor_hash bytea,
  PRIMARY KEY (tenant_id, store_id, till_id, token_hash),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
-- The long key of before is the first refresh token of its family.
UPDATE till SET family_id = gen_random_uuid() WHERE key_hash <> '';
INSERT INTO till_token (tenant_id, store_id, till_id, token_hash, family_id, expires_at_ms)
  SELECT tenant_id, store_id, till_id, key_hash, family_id, coalesce(last_seen_ms, 0) + 30 * 86400000::bigint
  FROM till WHERE family_id IS NOT NULL;
ALTER TABLE till ALTER COLUMN key_hash DROP NOT NULL;
-- Which till used a code, and with which key: it may ask again when the answer was lost on the way.
ALTER TABLE enrolment_code ADD COLUMN used_by_till_id uuid, ADD COLUMN used_by_token_hash bytea;

ALTER TABLE till_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE till_token FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON till_token
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY own_stores ON till_token AS RESTRICTIVE USING (
  (SELECT nullif(current_setting('app.store_ids', true), '')) IS NULL
  OR store_id = ANY ((SELECT current_setting('app.store_ids', true))::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON till_token TO billmitra_app;
