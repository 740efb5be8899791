/** Head office's tables in TypeScript are those that the migrations make: columns, types, empty or not, keys. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverTables } from '#sync-server/postgres/schema.ts';
import { type Office, openOffice } from '#tests/fixtures/office.ts';
import { linesOfPostgres, linesOfTables } from './schema-lines.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 60_000);
afterAll(() => office.stop());

it('says what Postgres has, no more and no less', async () => {
  const said = linesOfTables(serverTables);
  expect(said).toEqual(await linesOfPostgres(office.pool));
  expect(said.length).toBeGreaterThan(200);
});

it('would see a column, a key and a rule of emptiness that only one side has', async () => {
  await office.pool.query(`BEGIN; ALTER TABLE store ADD COLUMN loose int; ALTER TABLE till ALTER COLUMN name DROP NOT NULL;
    CREATE UNIQUE INDEX loose ON stock_level (tenant_id, store_id, qty_milli); COMMIT`);
  const there = new Set(await linesOfPostgres(office.pool));
  const said = new Set(linesOfTables(serverTables));
  expect([...there].filter((line) => !said.has(line))).toEqual([
    'stock_level unique (tenant_id, store_id, qty_milli)',
    'store.loose integer',
    'till.name text',
  ]);
  expect([...said].filter((line) => !there.has(line))).toEqual(['till.name text not null']);
});
