/**
 * Brings the Postgres that DATABASE_URL names to this version's schema and ends: for containers, where Electric must
 * find the published tables before it starts. Rule kept: what Electric may follow is what the migrations publish,
 * table by table, under the name that Electric asks for when it may not publish by itself.
 */
import { Client } from 'pg';
import { migrate } from './postgres/migrate.ts';

async function publishForElectric(on: Client, streamId: string): Promise<void> {
  const name = on.escapeIdentifier(`electric_publication_${streamId}`);
  const found = await on.query<{ tables: string }>(
    `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS tables FROM pg_publication_tables
     WHERE pubname = 'billmitra_shapes'`,
  );
  const there = await on.query('SELECT 1 FROM pg_publication WHERE pubname = $1', [`electric_publication_${streamId}`]);
  const verb = there.rowCount === 0 ? `CREATE PUBLICATION ${name} FOR TABLE` : `ALTER PUBLICATION ${name} SET TABLE`;
  await on.query(`${verb} ${found.rows[0]?.tables ?? ''}`);
}

const connectionString = process.env['DATABASE_URL'];
const streamId = process.env['ELECTRIC_REPLICATION_STREAM_ID'];
if (connectionString === undefined || (streamId !== undefined && !/^[a-z0-9_]{1,40}$/.test(streamId))) {
  process.stderr.write('DATABASE_URL must name a Postgres, ELECTRIC_REPLICATION_STREAM_ID (if given) be a word.\n');
  process.exit(2);
}
const client = new Client({ connectionString });
await client.connect();
try {
  const version = await migrate(client);
  if (streamId !== undefined) await publishForElectric(client, streamId);
  process.stdout.write(`The schema is at version ${version}.\n`);
} finally {
  await client.end();
}
