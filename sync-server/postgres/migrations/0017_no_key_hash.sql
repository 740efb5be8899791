-- A till's first key was carried over into till_token; nothing reads this any more.
ALTER TABLE till DROP COLUMN key_hash;
