/**
 * `npm run bench -- sync`: bills into head office, head office's words out to tills. Rule kept: the server has half of
 * the cores and its load the other half; one thing is measured at a time, each part on a fresh server.
 */
import { type Figure, say } from '../till/figures.ts';
import { measureBacklog } from './backlog.ts';
import { type BenchServer, startBenchServer, stayOnLoadCores } from './bench-server.ts';
import { measureFlatness } from './flatness.ts';
import { measureIngest } from './ingest.ts';
import { measureLive } from './live.ts';
import { closeLoad } from './load.ts';
import { measureNewTill } from './new-till.ts';
import { measurePrices } from './prices.ts';
import { measureShapes } from './shapes.ts';

/** Parts that can be asked for alone. `flatness` fills ten million lines first: some minutes. */
export const syncParts = ['ingest', 'backlog', 'live', 'shapes', 'newTill', 'prices', 'flatness'] as const;
export type SyncPart = (typeof syncParts)[number];

type Part = {
  readonly stores: number;
  readonly tillsPerStore: number;
  readonly measure: (server: BenchServer, isQuick: boolean) => Promise<readonly Figure[]>;
};

const parts: Readonly<Record<SyncPart, Part>> = {
  ingest: {
    stores: 4,
    tillsPerStore: 2,
    measure: (server, isQuick) =>
      measureIngest(
        server,
        isQuick ? { rounds: 2, batchesOfTill: 5, replays: 200 } : { rounds: 5, batchesOfTill: 30, replays: 1_000 },
      ),
  },
  backlog: {
    stores: 1,
    tillsPerStore: 1,
    measure: (server, isQuick) => measureBacklog(server, isQuick ? 6_000 : 60_000),
  },
  shapes: {
    stores: 1,
    tillsPerStore: 1,
    measure: (server, isQuick) => measureShapes(server, isQuick ? 10_000 : 100_000),
  },
  newTill: {
    stores: 1,
    tillsPerStore: 1,
    measure: (server, isQuick) => measureNewTill(server, isQuick ? 10_000 : 100_000, isQuick ? 1 : 5),
  },
  prices: { stores: 10, tillsPerStore: 5, measure: (server, isQuick) => measurePrices(server, isQuick ? 10 : 200) },
  live: { stores: 1, tillsPerStore: 1, measure: (server, isQuick) => measureLive(server, isQuick ? 30 : 1_000) },
  flatness: {
    stores: 4,
    tillsPerStore: 1,
    measure: (server, isQuick) => measureFlatness(server, isQuick ? 400_000 : 10_000_000, isQuick ? 40 : 200),
  },
};

/** Yields figures as they come. */
export async function* runSyncBench(isQuick: boolean, only: readonly SyncPart[] = syncParts): AsyncGenerator<Figure> {
  stayOnLoadCores();
  for (const name of syncParts.filter((part) => only.includes(part))) {
    say(`sync: ${name}`);
    const { stores, tillsPerStore, measure } = parts[name];
    const server = await startBenchServer(stores, tillsPerStore);
    try {
      yield* await measure(server, isQuick);
    } finally {
      await server.stop();
    }
  }
  closeLoad();
}
