/** Schedules whose tills have real SQLite books; head office is the product's code over maps. */
import { product } from './protocol.ts';
import type { RunOne } from './run.ts';
import { runAtOnce, runSteps } from './schedule.ts';
import { memoryServer } from './sim-server.ts';
import { simFeed } from './sim-feed.ts';
import { sqliteDisk } from './sqlite-disk.ts';

export const sqliteRunner =
  (seed: number): RunOne =>
  (n) => {
    const server = memoryServer(product);
    const feed = () => simFeed(product, server.isRevoked);
    return runAtOnce(runSteps(seed, n, product, { disk: sqliteDisk, server, feed }));
  };
