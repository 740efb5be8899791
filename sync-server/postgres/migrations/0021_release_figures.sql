-- What a release was learnt from and how it did on days held back (contract/releases.ts, ReleaseLearnt); null before.
ALTER TABLE model_release ADD COLUMN learnt jsonb;
-- The person who took it back; null: too many shops refused it.
ALTER TABLE model_release ADD COLUMN withdrawn_by text;
-- A person gave it back: only what shops say after that counts against it.
ALTER TABLE model_release ADD COLUMN returned_at_ms bigint;
