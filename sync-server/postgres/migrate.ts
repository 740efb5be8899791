/**
 * Brings a Postgres to the schema of this version: each file of migrations/ once, in order, each in a transaction.
 * Rule kept: forward only; a database of a newer version is refused, not guessed at.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';

const folder = join(import.meta.dirname, 'migrations');

/** Throws an Error with a sentence when the database is of a newer version. */
export async function migrate(client: Client): Promise<number> {
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (id int PRIMARY KEY DEFAULT 1, version int NOT NULL)');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  const found = await client.query<{ version: number }>('SELECT version FROM schema_version');
  const version = found.rows[0]?.version ?? 0;
  if (version > files.length) {
    throw new Error(`This database is of a newer BillMitra (${version}). Update the server, then start it again.`);
  }
  for (const [i, name] of files.entries()) {
    if (i < version) continue;
    await client.query('BEGIN');
    await client.query(readFileSync(join(folder, name), 'utf8'));
    await client.query(
      'INSERT INTO schema_version (version) VALUES ($1) ON CONFLICT (id) DO UPDATE SET version = excluded.version',
      [i + 1],
    );
    await client.query('COMMIT');
  }
  return files.length;
}
