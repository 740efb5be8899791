/** Schedules whose tills have real SQLite books; head office is the product's code over maps. */
import { product } from './protocol.ts';
import type { RunLater } from './run.ts';
import { runAwaited, runSteps } from './schedule.ts';
import { memoryServer } from './sim-server.ts';
import { simFeed } from './sim-feed.ts';
import { sqliteDisk } from './sqlite-disk.ts';

export const sqliteRunner =
  (seed: number): RunLater =>
  (n) => {
    const server = memoryServer(product);
    const feed = () => simFeed(product, server.isRevoked);
    return runAwaited(runSteps(seed, n, product, { disk: sqliteDisk, server, feed }));
  };
