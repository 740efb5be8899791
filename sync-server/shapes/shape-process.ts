/** A shape server as a process of its own, for tests that kill it: `node shape-process.ts DATABASE_URL DIR`. */
import Fastify from 'fastify';
import { makePool } from '../postgres/pool.ts';
import { startShapeEngine } from './engine.ts';
import { serveShapes } from './shape-http.ts';

const [connectionString = '', dir = ''] = process.argv.slice(2);
const engine = await startShapeEngine({
  connectionString,
  pool: makePool(connectionString, 4, () => undefined),
  dir,
  slot: 'restarts',
  publication: 'restarts',
  nowMs: Date.now,
  chunkBytes: 4_000,
  say: () => undefined,
});
const app = Fastify({ forceCloseConnections: true });
serveShapes(app, {
  engine,
  secret: null,
  liveMs: 500,
  responseBytes: 4_000,
  isPrivate: false,
  allowDelete: false,
  nowMs: Date.now,
});
process.stdout.write(`${await app.listen({ port: 0 })}\n`);
