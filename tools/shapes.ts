/**
 * `npm run shapes -- [--port 3000] [--data DIR]`: the embedded shape server alone, on the Postgres of DATABASE_URL (or
 * one of its own), with Electric's names for its settings; for development and for tests of Electric's client. Any
 * table may be followed; one that is not published is published when it is asked for. It listens on this PC only, and
 * is no part of the product: a till's shapes are named by its server.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { startEmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { makePool } from '#sync-server/postgres/pool.ts';
import { startShapeEngine } from '#sync-server/shapes/engine.ts';
import { ensurePublication } from '#sync-server/shapes/publish-table.ts';
import { serveShapes } from '#sync-server/shapes/shape-http.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '3000' }, data: { type: 'string' } } });
const env = (name: string): string | null => process.env[name] || null;
const whole = (name: string, otherwise: number): number => Number(env(name) ?? otherwise);
const isSet = (name: string): boolean => env(name) === 'true' || env(name) === '1';

const port = Number(values.port);
const [chunkBytes, maxAgeS, staleAgeS, liveMs] = [
  whole('ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD', 10 * 1024 * 1024),
  whole('ELECTRIC_CACHE_MAX_AGE', 60),
  whole('ELECTRIC_CACHE_STALE_AGE', 300),
  whole('ELECTRIC_LONG_POLL_TIMEOUT', 20_000),
];
if (![port, chunkBytes, maxAgeS, staleAgeS, liveMs].every((n) => Number.isInteger(n) && n >= 0)) {
  process.stderr.write('usage: npm run shapes -- [--port N] [--data DIR]; numbers in the environment are whole\n');
  process.exit(2);
}
const say = (line: string): void => void process.stderr.write(`${line.trimEnd()}\n`);
const dir = resolve(values.data ?? join(homedir(), '.billmitra-shapes'));
const named = env('DATABASE_URL');
const embedded = named === null ? await startEmbeddedPostgres(dir, () => undefined) : null;
const connectionString = named ?? embedded?.url ?? '';
const pool = makePool(connectionString, whole('ELECTRIC_DB_POOL_SIZE', 20), say);
const suffix = env('ELECTRIC_REPLICATION_STREAM_ID') ?? 'default';
// Not Electric's own names: it may follow the same Postgres.
const publication = `billmitra_development_${suffix}`;
await ensurePublication(pool, publication);
const engine = await startShapeEngine({
  connectionString,
  pool,
  dir: join(dir, 'shapes'),
  slot: publication,
  publication,
  publishesItself: !isSet('ELECTRIC_MANUAL_TABLE_PUBLISHING'),
  nowMs: Date.now,
  chunkBytes,
  // Electric ends no shape because its log grew.
  logBytes: 1024 ** 3,
  say,
});
const app = Fastify({ forceCloseConnections: true });
serveShapes(app, {
  engine,
  secret: env('ELECTRIC_SECRET'),
  liveMs,
  responseBytes: chunkBytes,
  isPrivate: false,
  allowDelete: isSet('ELECTRIC_ENABLE_INTEGRATION_TESTING'),
  nowMs: Date.now,
  // About what Electric needs: some of its client's tests count on a write's answer being there before its echo.
  gatherMs: 5,
  maxAgeS,
  staleAgeS,
});
process.stdout.write(`Shapes: ${await app.listen({ host: '127.0.0.1', port })}\n  Postgres: ${named ?? dir}\n`);

let isStopping = false;
const stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  await engine.stop();
  await app.close();
  await pool.end();
  await embedded?.stop();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
