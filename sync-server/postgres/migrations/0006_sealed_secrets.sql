-- A phone's secret is sealed with a key outside the database; this says with which. Null: as it was written before, until
-- its next use.
ALTER TABLE account ADD COLUMN totp_key_id text;
-- An invitation can be listed and called off: its code is not kept.
ALTER TABLE account_invite ADD COLUMN invite_id uuid, ADD COLUMN cancelled_at_ms bigint;
-- Who was shut out and let in again starts with no login of before.
UPDATE login l SET ended_at_ms = a.disabled_at_ms, end_reason = 'disabled' FROM account a
  WHERE a.tenant_id = l.tenant_id AND a.account_id = l.account_id AND a.disabled_at_ms IS NOT NULL AND l.ended_at_ms IS NULL;
