-- A publication that puts back the prices which another one changed; there is at most one of each.
ALTER TABLE publication ADD COLUMN takes_back uuid;
CREATE UNIQUE INDEX publication_takes_back ON publication (tenant_id, takes_back) WHERE takes_back IS NOT NULL;
