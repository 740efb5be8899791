/** Where-clauses judged here against Postgres' own judgement of the same rows; and what is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../postgres/embedded.ts';
import { openPostgres } from '#tests/fixtures/postgres.ts';
import { type TableInfo, tableInfo } from './table-info.ts';
import { matches } from './where.ts';
import { parseWhere } from './where-parse.ts';
import { asText, settleWhere, whereRefusal, whereSql } from './where-sql.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-where-'));
let postgres: EmbeddedPostgres;
let on: Client;
let info: TableInfo;
beforeAll(async () => {
  postgres = await openPostgres(dir, 'none');
  on = new Client({ connectionString: postgres.url });
  await on.connect();
  await on.query(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO, DMY'; CREATE TABLE item (
    id int PRIMARY KEY, big int8, price numeric, name text, code varchar(20), is_sold bool, day date,
    at timestamptz, plain timestamp, u uuid, f float8, tags text[], letter char(3),
    twice int GENERATED ALWAYS AS (id * 2) STORED)`);
  await on.query(`INSERT INTO item VALUES
    (1, 9007199254740993, 1.50, 'आटा 5%', 'a_b', true, '2026-11-21', '2026-11-21 10:00:00.5+05:30', '2026-11-21', '00000000-0000-0000-0000-00000000000a', 1, '{a}', 'x'),
    (2, -1, 1.5, 'a\\b', 'aXb', false, '0044-03-15 BC', 'infinity', '-infinity', 'A0000000-0000-0000-0000-000000000001', 0, '{}', 'y'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, 0, 'NaN', '', '', NULL, '10000-01-01', '2026-11-21 04:30:00+00', '2026-11-21 00:00:00.001', NULL, 2, NULL, 'z'),
    (5, 10, -0.00, E'two\nlines', '%', true, 'infinity', '0001-01-01 00:00:00+00 BC', '9999-12-31', NULL, 3, NULL, 'z')`);
  const found = await tableInfo(on, 'public', 'item');
  if (found === null) throw new Error('no table');
  info = found;
}, 60_000);
afterAll(async () => {
  await on.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

const judged = [
  'id = 1',
  "id IN (1, 3, '05')",
  'id <> 1 AND id < 5',
  '1 < id',
  'big = 9007199254740993',
  'big > -2 AND NOT big >= 10',
  'price = 1.500',
  'price > 1 OR price <= 0',
  'price = 0',
  "price >= 'NaN'",
  "name LIKE '%\\%'",
  "name LIKE '_____%'",
  "name NOT LIKE 'a%'",
  "name LIKE 'two_lines'",
  String.raw`name LIKE 'a\\b'`,
  "code LIKE 'a\\_b' OR code = '%'",
  "code IN ('aXb', '')",
  'is_sold',
  'NOT is_sold',
  'is_sold = true OR is_sold IS NULL',
  'is_sold IS NOT TRUE',
  "day < '2026-11-21'",
  "day BETWEEN '0001-01-01' AND '9999-12-31'",
  "day > '9999-12-31'",
  "at >= '2026-11-21T04:30:00Z'",
  "at < '2026-11-21 10:00:00.6+05:30'",
  "plain > '2026-11-21' AND plain <> 'infinity'",
  "u > '0000000a-0000-0000-0000-000000000000'",
  "u IN ('A0000000-0000-0000-0000-000000000001')",
  "u IS DISTINCT FROM 'A0000000-0000-0000-0000-000000000001'",
  'price IS NOT DISTINCT FROM 1.5',
  'tags IS NULL',
  'f IS NOT NULL AND letter IS NOT NULL',
  'id IN (1, NULL)',
  'id NOT IN (1, NULL)',
  'name = NULL',
  'NOT (name = NULL OR id = 1)',
  'true',
  '1 = 1 AND id > 2',
  "'a' = 'b' OR (((id = 2)))",
  'NOT NOT id = 2',
  'id = 1 OR id = 2 AND is_sold',
];

describe('a where-clause', () => {
  it.each(judged)('is judged as Postgres judges it: %s', async (text) => {
    const parsed = parseWhere(text, {});
    if (!parsed.ok) throw new Error(parsed.error);
    expect(whereRefusal(parsed.value, info)).toBeNull();
    const where = await settleWhere(on, parsed.value, info);
    const rows = await on.query({ text: 'SELECT * FROM item ORDER BY id', types: asText });
    const wanted = await on.query(`SELECT id::text FROM item WHERE ${text} ORDER BY id`);
    const values: unknown[] = [];
    const sql = whereSql(where, info, values);
    const sent = await on.query(`SELECT id::text FROM item ${sql === '' ? '' : `WHERE ${sql}`} ORDER BY id`, values);
    const ids = wanted.rows.map((row) => row.id);
    expect(rows.rows.filter((row) => matches(where, row)).map((row) => row.id)).toEqual(ids);
    expect(sent.rows.map((row) => row.id)).toEqual(ids);
  });

  it.each([
    ['1 x 1', 'At location 17: syntax error at or near "x"'],
    ['id =', 'At location 19: syntax error at end of input'],
    ['id = 1; DROP TABLE item', 'At location 21: syntax error at or near ";"'],
    ['id = $1', 'parameter $1 was not provided'],
    ["lower(name) = 'a'", 'function lower is not supported'],
    ['id = big', 'comparing two columns'],
    ['id IN (SELECT 1)', 'syntax error at or near "select"'],
    ["name LIKE 'a\\'", 'escape'],
    [`${'('.repeat(5_000)}id = 1`, 'too deep'],
    ['id = 1 -- no', 'syntax error'],
    ['id = 1e5', 'syntax error'],
  ])('is refused where it is not understood: %s', (text, message) => {
    const parsed = parseWhere(text, {});
    expect(parsed.ok ? '' : parsed.error).toContain(message);
  });

  it.each([
    'nothing = 1',
    'f = 1',
    'twice = 2',
    "name > 'a'",
    'is_sold > false',
    "letter = 'x'",
    "tags = '{a}'",
    'name = 5',
    'id = true',
    "id LIKE '1'",
  ])('is refused where the table can not be judged by text: %s', (text) => {
    const parsed = parseWhere(text, {});
    expect(parsed.ok && whereRefusal(parsed.value, info)).toBeTypeOf('string');
  });

  it('keeps what an index can find apart from what has to be tried', () => {
    const parsed = parseWhere("id = 1 AND (code IN ('a', 'b') AND name LIKE 'x%')", {});
    expect(parsed.ok && parsed.value.conditions.map(({ column, values }) => [column, values])).toEqual([
      ['id', ['1']],
      ['code', ['a', 'b']],
    ]);
    expect(parsed.ok && parsed.value.filter?.kind).toBe('like');
  });
});
