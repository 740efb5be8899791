-- Who may come in: regions as rows, people's accounts, their logins, invitations. These rows belong to the organisation
-- and not to a store, so their keys begin with tenant_id alone (a chain's people see many stores).
CREATE TABLE region (
  tenant_id uuid NOT NULL REFERENCES tenant,
  name text NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
INSERT INTO region SELECT DISTINCT tenant_id, region FROM store;
-- A store names its region; a region that a store names first is made with it.
CREATE FUNCTION region_of_store() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO region (tenant_id, name) VALUES (NEW.tenant_id, NEW.region) ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;
CREATE TRIGGER region_of_store BEFORE INSERT OR UPDATE OF region ON store FOR EACH ROW EXECUTE FUNCTION region_of_store();
ALTER TABLE store ADD FOREIGN KEY (tenant_id, region) REFERENCES region ON UPDATE CASCADE;

CREATE TABLE account (
  tenant_id uuid NOT NULL REFERENCES tenant,
  account_id uuid NOT NULL,
  email text NOT NULL,
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('chain', 'region', 'store')),
  region text,
  store_id uuid,
  totp_secret bytea,
  totp_confirmed_at_ms bigint,
  -- A code of this step or an earlier one was used: it opens nothing a second time.
  totp_last_step bigint NOT NULL DEFAULT 0,
  failures int NOT NULL DEFAULT 0,
  locked_until_ms bigint NOT NULL DEFAULT 0,
  made_at_ms bigint NOT NULL,
  disabled_at_ms bigint,
  PRIMARY KEY (tenant_id, account_id),
  UNIQUE (tenant_id, email),
  FOREIGN KEY (tenant_id, region) REFERENCES region ON UPDATE CASCADE,
  FOREIGN KEY (tenant_id, store_id) REFERENCES store,
  CHECK ((role = 'region') = (region IS NOT NULL)),
  CHECK ((role = 'store') = (store_id IS NOT NULL))
);
CREATE INDEX account_email ON account (email);
CREATE TABLE account_recovery (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  used_at_ms bigint,
  PRIMARY KEY (tenant_id, account_id, code_hash),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account
);
-- One sign-in in one browser; its refresh tokens replace each other, and one that comes twice ends the login.
CREATE TABLE login (
  tenant_id uuid NOT NULL,
  login_id uuid NOT NULL,
  account_id uuid NOT NULL,
  made_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  end_reason text,
  PRIMARY KEY (tenant_id, login_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account
);
CREATE TABLE login_token (
  tenant_id uuid NOT NULL,
  login_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  expires_at_ms bigint NOT NULL,
  used_at_ms bigint,
  PRIMARY KEY (tenant_id, login_id, token_hash),
  FOREIGN KEY (tenant_id, login_id) REFERENCES login
);
CREATE TABLE account_invite (
  tenant_id uuid NOT NULL REFERENCES tenant,
  code_hash bytea NOT NULL,
  role text NOT NULL,
  region text,
  store_id uuid,
  expires_at_ms bigint NOT NULL,
  used_at_ms bigint,
  PRIMARY KEY (tenant_id, code_hash)
);
CREATE INDEX account_invite_hash ON account_invite (code_hash);
-- Signs an organisation's access tokens. In the database, so that any server can read what another has signed.
CREATE TABLE signing_key (
  tenant_id uuid NOT NULL REFERENCES tenant,
  key_id uuid NOT NULL,
  secret bytea NOT NULL,
  made_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, key_id)
);

-- Found by their secret alone, but unique only within the organisation: no key spans two of them.
DROP INDEX enrolment_code_hash;
CREATE INDEX enrolment_code_hash ON enrolment_code (code_hash);
ALTER TABLE enrolment_code ADD COLUMN code_id uuid;
CREATE INDEX till_id ON till (till_id);
-- What a till tells of itself with each push.
ALTER TABLE till ADD COLUMN backlog bigint, ADD COLUMN version text;

DO $$ DECLARE name text; BEGIN
  EXECUTE format('GRANT billmitra_app TO %I', current_user);
  FOREACH name IN ARRAY ARRAY['region','account','account_recovery','login','login_token','account_invite',
    'signing_key'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO billmitra_app', name);
  END LOOP;
  GRANT DELETE ON account_recovery, login_token TO billmitra_app;
  -- A region's or a store's person sees those stores and no other: a second wall inside the organisation's. A till and
  -- head office itself say no list.
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'store_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT IN ('account', 'account_invite') LOOP
    EXECUTE format('CREATE POLICY own_stores ON %I AS RESTRICTIVE USING (
      (SELECT nullif(current_setting(''app.store_ids'', true), '''')) IS NULL
      OR store_id = ANY ((SELECT current_setting(''app.store_ids'', true))::uuid[]))', name);
  END LOOP;
END $$;
-- Who asks is found before the organisation is known: by the e-mail that is typed, by the code of the invitation.
CREATE POLICY own_email ON account FOR SELECT USING (email = nullif(current_setting('app.email', true), ''));
CREATE POLICY own_code ON account_invite FOR SELECT
  USING (encode(code_hash, 'hex') = nullif(current_setting('app.code_hash', true), ''));
