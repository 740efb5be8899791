/** Nightly: exports that a later version of their day replaced, after 90 days. Raw documents are never removed. */
import { applyLifecycle } from '../objects/lifecycle.ts';
import type { Task } from './task.ts';

export const tidyExports: Task = {
  name: 'tidyExports',
  cron: '45 21 * * *',
  run: async ({ store, clock }, tenantId) => {
    const prefix = `processed/bills/tenant=${tenantId}/`;
    return { removed: await applyLifecycle(store, { prefix, keepDays: 90, keepsNewestVersion: true }, clock.now()) };
  },
};
