-- Models of the organisation, for all its stores: so no store in the keys. The key that signs them lies sealed.
CREATE TABLE model_key (
  tenant_id uuid NOT NULL REFERENCES tenant,
  key_id text NOT NULL,
  seal_id text NOT NULL,
  sealed bytea NOT NULL,
  made_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, key_id)
);
CREATE TABLE model_release (
  tenant_id uuid NOT NULL REFERENCES tenant,
  model_id uuid NOT NULL,
  kind text NOT NULL,
  version text NOT NULL,
  -- Where its two files lie in the object store.
  prefix text NOT NULL,
  -- As tills are told of it (contract/sent-shapes.ts, modelReleases), but for whether it was withdrawn.
  content jsonb NOT NULL,
  released_at_ms bigint NOT NULL,
  withdrawn_at_ms bigint,
  withdrawn_why text,
  PRIMARY KEY (tenant_id, model_id)
);
-- The last word of each till on a model: figures without names. What it had said before is history and not kept.
CREATE TABLE model_verdict (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  model_id uuid NOT NULL,
  till_id uuid NOT NULL,
  what text NOT NULL,
  why text,
  figures jsonb NOT NULL,
  -- The till's clock, and ours.
  at_ms bigint NOT NULL,
  told_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, model_id, till_id),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till,
  FOREIGN KEY (tenant_id, model_id) REFERENCES model_release
);
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['model_key','model_release','model_verdict'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I
      USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO billmitra_app', name);
  END LOOP;
END $$;
CREATE POLICY own_stores ON model_verdict AS RESTRICTIVE USING (
  (SELECT nullif(current_setting('app.store_ids', true), '')) IS NULL
  OR store_id = ANY ((SELECT current_setting('app.store_ids', true))::uuid[]));
