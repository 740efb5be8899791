/**
 * `npm run -s model-keys -- list|rotate --tenant ID [--data DIR]`: the keys that sign an organisation's models. DATABASE_URL,
 * S3_* and BILLMITRA_KEY as for `npm run cloud`; without DATABASE_URL the Postgres of DIR is started (not while that server
 * runs). Thin: sync-server/forecast/rotate-key.ts. Rule kept: one JSON line; no private key is ever printed.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listKeys } from '#sync-server/forecast/model-keys.ts';
import { rotateKey } from '#sync-server/forecast/rotate-key.ts';
import { loadSealer } from '#sync-server/identity/seal.ts';
import { openFolderStore } from '#sync-server/objects/folder-store.ts';
import { openS3Store, s3FromEnvironment } from '#sync-server/objects/s3-store.ts';
import { startEmbeddedPostgres } from '#sync-server/postgres/embedded.ts';
import { makePool } from '#sync-server/postgres/pool.ts';

const { values, positionals } = parseArgs({
  options: { tenant: { type: 'string' }, data: { type: 'string' } },
  allowPositionals: true,
});
const [what = ''] = positionals;
const { tenant } = values;
if (tenant === undefined || !['list', 'rotate'].includes(what)) {
  process.stderr.write('usage: npm run -s model-keys -- list|rotate --tenant ID [--data DIR]\n');
  process.exit(2);
}
const nowMs = Date.now();
const dataDir = resolve(values.data ?? join(homedir(), '.billmitra-cloud'));
const given = process.env['DATABASE_URL'];
const embedded = given === undefined ? await startEmbeddedPostgres(dataDir, () => undefined) : null;
const pool = makePool(given ?? embedded?.url ?? '', 2, () => undefined);
try {
  if (what === 'list') process.stdout.write(`${JSON.stringify({ keys: await listKeys(pool, tenant) })}\n`);
  else {
    const s3 = s3FromEnvironment(process.env);
    const store =
      s3 === null ? await openFolderStore(join(dataDir, 'objects'), () => nowMs, '', false) : openS3Store(s3);
    const sealer = loadSealer(dataDir, process.env['BILLMITRA_KEY']);
    const done = await rotateKey({ pool, store, sealer }, tenant, nowMs);
    if (done === null) {
      process.stderr.write('This organisation has no model key yet: its first release makes one.\n');
      process.exitCode = 2;
    } else process.stdout.write(`${JSON.stringify(done)}\n`);
  }
} finally {
  await pool.end();
  await embedded?.stop();
}
