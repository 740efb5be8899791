/**
 * The six steps as jobs of the queue, each after the one before. Rule kept: a job is a step and nothing else, so that it
 * can be run again at any moment and alone on a folder; an organisation of which too little is known yet has no failure.
 */
import { businessDateOf } from '#core/time.ts';
import type { JobDeps, Task } from '../jobs/task.ts';
import { type Compute, type ComputedStep, NothingYet } from './compute.ts';
import { ingest } from './ingest.ts';
import { releaseNewest } from './release.ts';
import { isTrainingAsked } from './verdicts.ts';
import { type Progress, type StepReport, StepTooEarly, type StepWorld, usualSettings } from './step.ts';
import { storeForecasts } from './store.ts';

type Work = (
  deps: JobDeps,
  tenantId: string,
  hooks: { readonly signal: AbortSignal; readonly tell: (progress: Progress) => void },
) => Promise<StepReport>;

const task = (name: string, cron: string | null, next: string | null, work: Work): Task => ({
  name,
  cron,
  ...(next === null ? {} : { next }),
  run: async (deps, tenantId, signal, tell) => {
    try {
      const { version, isNew, facts } = await work(deps, tenantId, { signal, tell });
      return { ...facts, version, isNew: Number(isNew) };
    } catch (error) {
      if (error instanceof NothingYet || error instanceof StepTooEarly) return { waits: error.message };
      throw error;
    }
  },
});

const worldOf = (deps: JobDeps, tenantId: string, hooks: Parameters<Work>[2]): StepWorld => ({
  store: deps.store,
  tenantId,
  settings: usualSettings,
  ...hooks,
});

export function forecastTasks(compute: Compute): readonly Task[] {
  const computed =
    (step: ComputedStep): Work =>
    (_deps, tenantId, hooks) =>
      compute({ step, tenantId, isAsked: false }, hooks);
  return [
    // 03:00 in India, half an hour after the days' bills went to the object store (jobs/export-bills.ts).
    task('forecastIngest', '30 21 * * *', 'forecastClean', (deps, tenantId, hooks) =>
      ingest(worldOf(deps, tenantId, hooks), deps.pool, businessDateOf(deps.clock.now())),
    ),
    task('forecastClean', null, 'forecastFeatures', computed('clean')),
    task('forecastFeatures', null, 'forecastTrain', computed('features')),
    task('forecastTrain', null, 'forecastPredict', async (deps, tenantId, hooks) => {
      const isAsked = await isTrainingAsked(deps.pool, tenantId);
      const report = await compute({ step: 'train', tenantId, isAsked }, hooks);
      const outcome = await releaseNewest(deps, tenantId, deps.clock.now());
      return { ...report, facts: { ...report.facts, outcome } };
    }),
    task('forecastPredict', null, 'forecastStore', computed('predict')),
    task('forecastStore', null, null, (deps, tenantId, hooks) =>
      storeForecasts(worldOf(deps, tenantId, hooks), deps.pool, deps.clock.now()),
    ),
  ];
}
