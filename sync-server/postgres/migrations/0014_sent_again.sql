-- What was refused is judged anew when its till sends it again. What it was told before stays as history.
CREATE TABLE document_refusal (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  document_id uuid NOT NULL,
  kind text NOT NULL,
  -- The nth answer that no longer stands, from 1.
  refusal_no int NOT NULL,
  till_id uuid NOT NULL,
  rejection jsonb NOT NULL,
  -- When it was judged anew.
  ended_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, document_id, kind, refusal_no)
);
-- What people wrote of a document that was kept aside, at its till or at head office. Only ever added to.
CREATE TABLE refusal_note (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  document_id uuid NOT NULL,
  kind text NOT NULL,
  -- Of a till: its journal entry's id.
  note_id uuid NOT NULL,
  -- 'till', 'office', or 'reversed': taken back by the credit note that the note names.
  source text NOT NULL CHECK (source IN ('till', 'office', 'reversed')),
  by_name text NOT NULL,
  note text NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, document_id, kind, note_id)
);
-- Head office accepted that it is refused: nobody has to look any more. `till.refused` counts what is not settled.
ALTER TABLE document ADD COLUMN is_settled boolean NOT NULL DEFAULT false;
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['document_refusal','refusal_note'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_tenant ON %I
      USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
    EXECUTE format('CREATE POLICY own_stores ON %I AS RESTRICTIVE USING (
      (SELECT nullif(current_setting(''app.store_ids'', true), '''')) IS NULL
      OR store_id = ANY ((SELECT current_setting(''app.store_ids'', true))::uuid[]))', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO billmitra_app', name);
  END LOOP;
END $$;
