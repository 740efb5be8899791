-- Pushing again after the server was restored: a till that finds another epoch, or less than it was told, sends again.
-- One per organisation, made with it; restoring a copy changes it (sync-server/ingest/epoch.ts).
ALTER TABLE tenant ADD COLUMN sync_epoch uuid NOT NULL DEFAULT gen_random_uuid();
-- An entry that made the server fault when it came alone; after some times it is kept aside, with its bytes.
CREATE TABLE push_fault (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  till_id uuid NOT NULL,
  document_id uuid NOT NULL,
  kind text NOT NULL,
  faults int NOT NULL,
  incident_id text NOT NULL,
  content bytea NOT NULL,
  last_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, document_id, kind),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
-- Head office's own catalogue belongs to the organisation, so its key has no store; what a store has is store_item.
CREATE TABLE catalogue_item (
  tenant_id uuid NOT NULL REFERENCES tenant,
  item_id uuid NOT NULL,
  revision bigint NOT NULL,
  name text NOT NULL,
  item jsonb NOT NULL,
  changed_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, item_id)
);
CREATE INDEX catalogue_item_name ON catalogue_item (tenant_id, name, item_id);
-- A publication as it was ordered; the organisation's, its stores have a row each in store_publication.
CREATE TABLE publication (
  tenant_id uuid NOT NULL REFERENCES tenant,
  publication_id uuid NOT NULL,
  scope jsonb NOT NULL,
  note text NOT NULL,
  published_at_ms bigint NOT NULL,
  published_by text NOT NULL,
  effective_at_ms bigint NOT NULL,
  refused jsonb NOT NULL,
  preview jsonb NOT NULL,
  PRIMARY KEY (tenant_id, publication_id)
);
-- A publication at a store. row_count and hash are what a till must have before it may use any of it.
CREATE TABLE store_publication (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  publication_id uuid NOT NULL,
  published_at_ms bigint NOT NULL,
  effective_at_ms bigint NOT NULL,
  row_count int NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (tenant_id, store_id, publication_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store,
  FOREIGN KEY (tenant_id, publication_id) REFERENCES publication
);
-- change is text and not jsonb: the hash is of these very characters.
CREATE TABLE store_publication_row (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  publication_id uuid NOT NULL,
  item_id uuid NOT NULL,
  change text NOT NULL,
  PRIMARY KEY (tenant_id, store_id, publication_id, item_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store
);
CREATE TABLE publication_ack (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  till_id uuid NOT NULL,
  publication_id uuid NOT NULL,
  arrived_at_ms bigint NOT NULL,
  applied_at_ms bigint,
  PRIMARY KEY (tenant_id, store_id, till_id, publication_id),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
CREATE TABLE item_proposal (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  proposal_id uuid NOT NULL,
  till_id uuid NOT NULL,
  item_id uuid NOT NULL,
  item jsonb NOT NULL,
  proposed_at_ms bigint NOT NULL,
  state text NOT NULL,
  decided_at_ms bigint,
  decided_by text,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, store_id, proposal_id),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
CREATE INDEX item_proposal_state ON item_proposal (tenant_id, state, proposed_at_ms DESC);
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['push_fault','catalogue_item','publication','store_publication','store_publication_row',
    'publication_ack','item_proposal'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO billmitra_app', name);
  END LOOP;
  -- A region's or a store's person sees the rows of their stores.
  FOREACH name IN ARRAY ARRAY['push_fault','store_publication','store_publication_row','publication_ack',
    'item_proposal'] LOOP
    EXECUTE format('CREATE POLICY own_stores ON %I AS RESTRICTIVE USING (
      (SELECT nullif(current_setting(''app.store_ids'', true), '''')) IS NULL
      OR store_id = ANY ((SELECT current_setting(''app.store_ids'', true))::uuid[]))', name);
  END LOOP;
END $$;
ALTER PUBLICATION billmitra_shapes ADD TABLE store_publication, store_publication_row;
ALTER TABLE store_publication REPLICA IDENTITY FULL;
ALTER TABLE store_publication_row REPLICA IDENTITY FULL;
