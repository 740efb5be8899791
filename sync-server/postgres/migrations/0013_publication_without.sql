-- Rows of a publication that changed nothing at a till because the item was never sent to its store.
ALTER TABLE publication_ack ADD COLUMN without_rows int NOT NULL DEFAULT 0;
