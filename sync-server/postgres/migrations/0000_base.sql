-- The head office's Postgres, first form. Every key begins with tenant_id and store_id (design.md, Representation), so that
-- tables can be spread by either; ids are made where the row is made, there is no serial. What is read through the
-- application role passes row-level security: a connection sees the tenant it has said, and nobody else's.
CREATE TABLE tenant (
  tenant_id uuid PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE store (
  tenant_id uuid NOT NULL REFERENCES tenant,
  store_id uuid NOT NULL,
  region text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (tenant_id, store_id)
);
CREATE TABLE till (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  till_id uuid NOT NULL,
  name text NOT NULL,
  key_hash bytea NOT NULL,
  revoked_at_ms bigint,
  last_seen_ms bigint,
  through_seq bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, store_id, till_id),
  FOREIGN KEY (tenant_id, store_id) REFERENCES store
);
-- A short code that a person types at a new till, once. For a new store the till brings the store's id along.
CREATE TABLE enrolment_code (
  tenant_id uuid NOT NULL REFERENCES tenant,
  store_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  is_new_store boolean NOT NULL,
  store_name text NOT NULL,
  region text NOT NULL,
  expires_at_ms bigint NOT NULL,
  used_at_ms bigint,
  PRIMARY KEY (tenant_id, store_id, code_hash)
);
CREATE UNIQUE INDEX enrolment_code_hash ON enrolment_code (code_hash);
-- Every entry as it came, and the answer it got: a till that asks again gets the same answer.
CREATE TABLE document (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  document_id uuid NOT NULL,
  kind text NOT NULL,
  till_id uuid NOT NULL,
  till_seq bigint NOT NULL,
  occurred_at_ms bigint NOT NULL,
  received_at_ms bigint NOT NULL,
  content_hash bytea NOT NULL,
  content text NOT NULL,
  number text,
  rejection jsonb,
  PRIMARY KEY (tenant_id, store_id, document_id, kind),
  FOREIGN KEY (tenant_id, store_id, till_id) REFERENCES till
);
CREATE UNIQUE INDEX document_number ON document (tenant_id, store_id, number) WHERE number IS NOT NULL;
CREATE TABLE bill (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  business_date date NOT NULL,
  bill_id uuid NOT NULL,
  kind text NOT NULL,
  till_id uuid NOT NULL,
  number text NOT NULL,
  occurred_at_ms bigint NOT NULL,
  taxable_value_paise bigint NOT NULL,
  cgst_paise bigint NOT NULL,
  sgst_paise bigint NOT NULL,
  utgst_paise bigint NOT NULL,
  igst_paise bigint NOT NULL,
  cess_paise bigint NOT NULL,
  discount_paise bigint NOT NULL,
  round_off_paise bigint NOT NULL,
  payable_paise bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, business_date, bill_id)
) PARTITION BY RANGE (business_date);
CREATE TABLE bill_line (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  business_date date NOT NULL,
  bill_id uuid NOT NULL,
  line_no int NOT NULL,
  item_id uuid,
  qty_milli bigint NOT NULL,
  net_paise bigint NOT NULL,
  total_paise bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, business_date, bill_id, line_no)
) PARTITION BY RANGE (business_date);
-- Sums that a screen shows; made in the transaction that stores the bill, so that they are never behind it.
CREATE TABLE store_day (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  business_date date NOT NULL,
  bills bigint NOT NULL,
  credit_notes bigint NOT NULL,
  sales_paise bigint NOT NULL,
  refunds_paise bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, business_date)
);
CREATE TABLE item_day (
  tenant_id uuid NOT NULL,
  store_id uuid NOT NULL,
  business_date date NOT NULL,
  item_id uuid NOT NULL,
  qty_milli bigint NOT NULL,
  net_paise bigint NOT NULL,
  PRIMARY KEY (tenant_id, store_id, business_date, item_id)
);
-- The server's own role: no superuser, no BYPASSRLS. A connection that has said no tenant sees nothing.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'billmitra_app') THEN CREATE ROLE billmitra_app NOLOGIN; END IF;
END $$;
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['tenant','store','till','document','bill','bill_line','store_day','item_day',
    'enrolment_code'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO billmitra_app', name);
  END LOOP;
END $$;
-- Who asks is found before the tenant is known: a caller sees the one row that its own secret names.
CREATE POLICY own_till ON till FOR SELECT USING (till_id = nullif(current_setting('app.till_id', true), '')::uuid);
CREATE POLICY own_code ON enrolment_code FOR SELECT
  USING (encode(code_hash, 'hex') = nullif(current_setting('app.code_hash', true), ''));
