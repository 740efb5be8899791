/** Whoever brings back an older copy of Postgres starts it once with --restored: the tills then send what it lacks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSyncServer } from '#sync-server/start.ts';

it('changes the epoch of every organisation before the first till is let in, and only then', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-restored-'));
  const epochs = async (isRestored: boolean): Promise<string[]> => {
    const server = await startSyncServer({ databaseUrl: null, dataDir: dir, port: 0, isRestored });
    await server.pool.query(
      "INSERT INTO tenant (tenant_id, name) VALUES ('01935000-0000-7000-8000-00000000aaaa', 'Sharma') ON CONFLICT DO NOTHING",
    );
    const found = await server.pool.query<{ sync_epoch: string }>('SELECT sync_epoch FROM tenant');
    await server.stop();
    return found.rows.map((row) => row.sync_epoch);
  };
  try {
    const before = await epochs(false);
    expect(await epochs(false)).toEqual(before);
    expect(await epochs(true)).not.toEqual(before);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);
