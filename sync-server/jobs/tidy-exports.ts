/** Nightly: exports and forecasts that a later version replaced, after 90 and 30 days. Raw documents are never removed. */
import { placeOf } from '../forecast/step.ts';
import { applyLifecycle } from '../objects/lifecycle.ts';
import type { Task } from './task.ts';

/** Versions of these say again what others say, or what can be made again. Snapshots of stock and released models stay. */
const forecastPlaces = ['frames', 'features', 'models', 'bands', 'predictions'] as const;

export const tidyExports: Task = {
  name: 'tidyExports',
  cron: '45 21 * * *',
  run: async ({ store, clock }, tenantId) => {
    const rules = [
      { prefix: `processed/bills/tenant=${tenantId}/`, keepDays: 90 },
      ...forecastPlaces.map((place) => ({ prefix: `${placeOf(place, tenantId)}/`, keepDays: 30 })),
    ];
    let removed = 0;
    for (const rule of rules)
      removed += await applyLifecycle(store, { ...rule, keepsNewestVersion: true }, clock.now());
    return { removed };
  },
};
