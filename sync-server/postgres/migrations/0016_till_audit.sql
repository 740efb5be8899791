-- What a till last said of itself: since when entries wait, and what came of comparing its shapes with head office's.
ALTER TABLE till ADD COLUMN waits_since_ms bigint;
ALTER TABLE till ADD COLUMN audit jsonb;
