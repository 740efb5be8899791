/**
 * `npm run bench -- sync`: bills into head office, head office's words out to tills. Rule kept: the server has half of
 * the cores and its load the other half; one thing is measured at a time, each part on a fresh server.
 */
import { type Figure, say } from '../till/figures.ts';
import { startBenchServer, stayOnLoadCores } from './bench-server.ts';
import { measureIngest } from './ingest.ts';
import { closeLoad } from './load.ts';

/** Parts that can be asked for alone. */
export const syncParts = ['ingest'] as const;
export type SyncPart = (typeof syncParts)[number];

/** Yields figures as they come. */
export async function* runSyncBench(isQuick: boolean, only: readonly SyncPart[] = syncParts): AsyncGenerator<Figure> {
  stayOnLoadCores();
  for (const part of syncParts) {
    if (!only.includes(part)) continue;
    say(`sync: ${part}`);
    if (part === 'ingest') {
      const server = await startBenchServer(4, 2);
      try {
        yield* await measureIngest(
          server,
          isQuick ? { rounds: 2, batchesOfTill: 5, replays: 200 } : { rounds: 5, batchesOfTill: 30, replays: 1_000 },
        );
      } finally {
        closeLoad();
        await server.stop();
      }
    }
  }
}
