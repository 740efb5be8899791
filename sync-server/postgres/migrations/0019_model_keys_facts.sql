-- "After me comes this key", said by the key before it (ml/registry/signature.ts); of the first key nothing.
ALTER TABLE model_key ADD COLUMN succession jsonb;
-- Which group of like stores each store was in when the model learnt, by store: told to that store's tills alone.
ALTER TABLE model_release ADD COLUMN clusters jsonb NOT NULL DEFAULT '{}';
