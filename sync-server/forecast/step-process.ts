/**
 * The process in which a step runs (compute.ts starts it). Rule kept: one order, one answer, then the end; above its limit
 * of memory it gives up by itself.
 */
import { openFolderStore } from '../objects/folder-store.ts';
import { openS3Store } from '../objects/s3-store.ts';
import { clean } from './clean.ts';
import type { StepOrder, StepWord } from './compute.ts';
import { features } from './features.ts';
import { predict } from './predict.ts';
import { StepTooEarly, type StepReport, type StepWorld } from './step.ts';
import { trainStep } from './train.ts';

const say = (word: StepWord): Promise<void> =>
  new Promise((done) => {
    if (process.send === undefined) done();
    else process.send(word, () => done());
  });

async function run({ step, tenantId, settings, isAsked, objectsAt }: StepOrder): Promise<StepReport> {
  // Another process owns the folder: its parts under way are left alone. Links are none of a step's business.
  const store =
    objectsAt.kind === 's3' ? openS3Store(objectsAt.options) : await openFolderStore(objectsAt.dir, () => 0, '', false);
  const { signal } = new AbortController();
  const world: StepWorld = { store, tenantId, settings, signal, tell: (progress) => void say({ progress }) };
  if (step === 'clean') return clean(world);
  if (step === 'features') return features(world);
  return step === 'train' ? trainStep(world, isAsked) : predict(world);
}

process.once('message', (order: StepOrder) => {
  const watch = setInterval(() => {
    const { rss } = process.memoryUsage();
    if (rss <= order.mostRssBytes) return;
    const failure = `the step needs more than ${Math.round(order.mostRssBytes / 2 ** 20)} MB`;
    void say({ failure, isTooEarly: false }).then(() => process.exit(1));
  }, 500);
  run(order)
    .then(
      (report): StepWord => ({ report }),
      (error: unknown): StepWord => ({
        failure: error instanceof Error ? error.message : String(error),
        isTooEarly: error instanceof StepTooEarly,
      }),
    )
    .then(say)
    .finally(() => {
      clearInterval(watch);
      process.disconnect();
      process.exit();
    });
});
// The server is gone: nobody waits for the answer.
process.once('disconnect', () => process.exit());
