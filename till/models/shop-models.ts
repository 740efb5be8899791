/**
 * The desk of models of one shop's folder, with the system's own parts. Rule kept: nothing of the runtime is loaded here;
 * it is opened in threads of its own, at night or when a release is tried.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Clock } from '#core/time.ts';
import { coreFeatureNames } from '#ml/registry/core-features.ts';
import { logFault } from '../log.ts';
import type { SyncServer } from '../sync/till-access.ts';
import type { Tables } from '../tables.ts';
import { makeModelDesk, type ModelDesk } from './model-desk.ts';

/** null: it is not installed; the ladder's plain rungs forecast. */
function runtimeVersion(): string | null {
  try {
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { readonly version: string };
    return version;
  } catch {
    // Left out of this installation.
    return null;
  }
}

export const openShopModels = (deps: {
  readonly shopDir: string;
  readonly tables: Tables;
  readonly clock: Clock;
  readonly server: () => SyncServer | null;
  readonly program?: URL | undefined;
}): ModelDesk =>
  makeModelDesk({
    dir: join(deps.shopDir, 'models'),
    tables: deps.tables,
    now: deps.clock.now,
    features: coreFeatureNames(),
    program: deps.program,
    runtime: runtimeVersion,
    server: deps.server,
    later: (work, ms) => {
      const timer = setTimeout(work, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    onFault: (error) => logFault('models', 'desk', error),
  });
