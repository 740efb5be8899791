/**
 * The object store's promises, kept by a folder, by the S3 SDK against s3rver, and by any endpoint that the environment
 * names (S3_BUCKET, S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY; its objects lie below suite/). s3rver ignores
 * If-None-Match on a PUT, so there the documented fallback is what is tested;
 * nor does it check who reads or whether an upload came whole.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveObjects } from '#sync-server/http/object-routes.ts';
import { type FolderStore, openFolderStore } from '#sync-server/objects/folder-store.ts';
import { openS3Store, s3FromEnvironment, type S3Store } from '#sync-server/objects/s3-store.ts';
import { promisesOfAnObjectStore } from './object-store.ts';

/** It brings no types. */
type S3rver = { readonly run: () => Promise<{ readonly port: number }>; readonly close: () => Promise<void> };
const Stand = createRequire(import.meta.url)('s3rver') as new (options: object) => S3rver;

const dir = mkdtempSync(join(tmpdir(), 'billmitra-objects-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const fetchUrl = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
};

let nowMs = Date.UTC(2026, 10, 20);
let folder: FolderStore;
let app: FastifyInstance;
let base = '';
beforeAll(async () => {
  folder = await openFolderStore(join(dir, 'folder'), () => nowMs);
  app = Fastify();
  serveObjects(app, folder);
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());
promisesOfAnObjectStore('a folder', () => ({
  store: folder,
  fetchSigned: (url) => fetchUrl(new URL(url, base).href),
  isStandIn: false,
  passSeconds: (seconds) => {
    nowMs += seconds * 1_000;
  },
}));

describe('a folder', () => {
  it('removes what a crash left half written, and its URLs outlive a restart', async () => {
    await folder.put('kept/a', Buffer.from('1'));
    const url = await folder.presignGet('kept/a', 60);
    writeFileSync(join(dir, 'folder', '.part', 'left-over'), 'half');
    const again = await openFolderStore(join(dir, 'folder'), () => nowMs);
    expect(readdirSync(join(dir, 'folder', '.part'))).toEqual([]);
    const { searchParams } = new URL(url, base);
    const query = { expires: searchParams.get('expires') ?? '', signature: searchParams.get('signature') ?? '' };
    expect(again.readSigned('kept/a', query)).toBe('kept/a');
    expect(again.readSigned('kept/b', query)).toBeNull();
    expect(existsSync(join(dir, 'folder', 'kept', 'a'))).toBe(true);
  });
});

let s3: S3Store;
let s3rver: S3rver;
beforeAll(async () => {
  s3rver = new Stand({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(dir, 's3rver'),
    configureBuckets: [{ name: 'billmitra', configs: [] }],
  });
  const { port } = await s3rver.run();
  s3 = openS3Store({
    bucket: 'billmitra',
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
});
afterAll(async () => {
  s3.close();
  await s3rver.close();
});
promisesOfAnObjectStore('the S3 SDK against s3rver', () => ({
  store: s3,
  fetchSigned: fetchUrl,
  isStandIn: true,
  passSeconds: null,
}));
describe('the S3 SDK against s3rver', () => {
  it('finds out that s3rver keeps no condition', async () => {
    expect(await s3.isConditional()).toBe(false);
  });
});

const named = process.env['S3_ENDPOINT'] === undefined ? null : s3FromEnvironment(process.env);
if (named !== null) {
  const store = openS3Store(named);
  afterAll(() => store.close());
  promisesOfAnObjectStore(`${named.endpoint} (named by environment)`, () => ({
    store,
    fetchSigned: fetchUrl,
    isStandIn: false,
    passSeconds: null,
  }));
}
