-- A till that was brought back from a backup is a new one: it carries on for those it replaces (their bills that never
-- arrived come from it), and they are shut out.
ALTER TABLE till ADD COLUMN replaces uuid[] NOT NULL DEFAULT '{}', ADD COLUMN replaced_by uuid, ADD COLUMN series text;
ALTER TABLE enrolment_code ADD COLUMN replaces_till_id uuid;
-- Opens a till's backups when its shop can't: sealed with a key outside the database, as the backups are outside it.
CREATE TABLE till_backup_key (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  till_id uuid NOT NULL,
  key_id text NOT NULL,
  seal_id text NOT NULL,
  sealed bytea NOT NULL,
  made_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, till_id, key_id),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
CREATE TABLE till_backup (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  till_id uuid NOT NULL,
  backup_id uuid NOT NULL,
  object_key text NOT NULL,
  key_id text NOT NULL,
  made_at_ms bigint NOT NULL,
  received_at_ms bigint NOT NULL,
  bytes bigint NOT NULL,
  journal_seq bigint NOT NULL,
  schema_version int NOT NULL,
  proved_at_ms bigint,
  -- '' when it opened and held; else what was wrong.
  proof text,
  PRIMARY KEY (tenant_id, store_id, till_id, backup_id),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
CREATE INDEX till_backup_newest ON till_backup (tenant_id, store_id, till_id, made_at_ms DESC);
-- How a job last went; of the organisation, whatever stores it worked for.
CREATE TABLE job_result (
  tenant_id uuid NOT NULL REFERENCES tenant,
  name text NOT NULL,
  ok_at_ms bigint,
  failed_at_ms bigint,
  failure text,
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, name)
);
-- What the object store has of a day, over all stores: another sum than store_day's means that bills came late.
CREATE TABLE lake_day (
  tenant_id uuid NOT NULL REFERENCES tenant,
  business_date date NOT NULL,
  version int NOT NULL,
  documents bigint NOT NULL,
  sales_paise bigint NOT NULL,
  refunds_paise bigint NOT NULL,
  exported_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, business_date)
);
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['till_backup_key','till_backup','job_result','lake_day'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I
      USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO billmitra_app', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['till_backup_key','till_backup'] LOOP
    EXECUTE format('CREATE POLICY own_stores ON %I AS RESTRICTIVE USING (
      (SELECT nullif(current_setting(''app.store_ids'', true), '''')) IS NULL
      OR store_id = ANY ((SELECT current_setting(''app.store_ids'', true))::uuid[]))', name);
  END LOOP;
END $$;
-- A job works through the organisations one after the other; it is told which there are, and nothing else of them.
CREATE POLICY for_jobs ON tenant FOR SELECT USING (current_setting('app.job', true) = 'list');
