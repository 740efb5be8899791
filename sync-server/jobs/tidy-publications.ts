/** Nightly: publications that have been in effect for long are merged into few, so that a new till need not read each. */
import { mergePublications } from '../catalogue/merge-publications.ts';
import type { Task } from './task.ts';

export const tidyPublications: Task = {
  name: 'tidyPublications',
  cron: '15 21 * * *',
  run: async ({ pool, clock }, tenantId, signal) => ({
    removed: await mergePublications(pool, tenantId, clock, signal),
  }),
};
