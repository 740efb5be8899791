/**
 * `npm run -s forecast-jobs -- ingest|clean|features|train|predict|store|all --folder DIR [--tenant ID] [--database URL]
 * [--again]`: a step of head office's forecast alone, on a folder of objects (a server's DIR/objects; not while that server
 * runs). Thin: the steps are sync-server/forecast. Rule kept: what a step did is one JSON line on stdout; without a
 * database ingest takes the days that are in the folder, and store prints the rows that tills would get.
 */
import { parseArgs } from 'node:util';
import { businessDateOf, instant } from '#core/time.ts';
import { clean } from '#sync-server/forecast/clean.ts';
import { features } from '#sync-server/forecast/features.ts';
import { checkRaw, ingest } from '#sync-server/forecast/ingest.ts';
import { predict } from '#sync-server/forecast/predict.ts';
import {
  type StepName,
  stepNames,
  StepTooEarly,
  type StepReport,
  type StepWorld,
  usualSettings,
} from '#sync-server/forecast/step.ts';
import { forecastRows, storeForecasts } from '#sync-server/forecast/store.ts';
import { trainStep } from '#sync-server/forecast/train.ts';
import { exportDueDays } from '#sync-server/jobs/export-bills.ts';
import { openFolderStore } from '#sync-server/objects/folder-store.ts';
import { makePool } from '#sync-server/postgres/pool.ts';

const usage =
  'usage: npm run -s forecast-jobs -- ingest|clean|features|train|predict|store|all --folder DIR [--tenant ID]\n' +
  '       [--database URL] [--again]   (--again: train also within the week)\n';
const { values, positionals } = parseArgs({
  options: {
    folder: { type: 'string' },
    tenant: { type: 'string' },
    database: { type: 'string' },
    again: { type: 'boolean' },
  },
  allowPositionals: true,
});
const [asked = ''] = positionals;
const steps = asked === 'all' ? stepNames : stepNames.filter((name) => name === asked);
if (values.folder === undefined || steps.length === 0) {
  process.stderr.write(usage);
  process.exit(2);
}
const nowMs = Date.now();
const store = await openFolderStore(values.folder, () => nowMs);
const pool = values.database === undefined ? null : makePool(values.database, 4, () => undefined);

/** The only organisation of the folder, where none is named. */
async function findTenant(): Promise<string> {
  if (values.tenant !== undefined) return values.tenant;
  const found = new Set<string>();
  for await (const { key } of store.list('processed/')) {
    const id = /\/tenant=([0-9a-f-]{36})\//.exec(key)?.[1];
    if (id !== undefined) found.add(id);
  }
  const [only] = found;
  if (found.size === 1 && only !== undefined) return only;
  throw new StepTooEarly(`This folder has ${found.size} organisations in processed/. Name one (--tenant).`);
}

async function fromDatabase(world: StepWorld): Promise<StepReport> {
  if (pool === null) return checkRaw(world);
  const clock = { now: () => instant(nowMs) };
  await exportDueDays({ pool, store, clock }, world.tenantId, world.signal);
  return ingest(world, pool, businessDateOf(instant(nowMs)));
}

async function toStores(world: StepWorld): Promise<StepReport> {
  if (pool !== null) return storeForecasts(world, pool, nowMs);
  const { rows, version } = await forecastRows(world);
  for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  return { version, isNew: false, facts: { rows: rows.length } };
}

const work: Readonly<Record<StepName, (world: StepWorld) => Promise<StepReport>>> = {
  ingest: fromDatabase,
  clean,
  features,
  train: (world) => trainStep(world, values.again === true),
  predict,
  store: toStores,
};

try {
  const tenantId = await findTenant();
  for (const step of steps) {
    const started = performance.now();
    const report = await work[step]({
      store,
      tenantId,
      settings: usualSettings,
      signal: new AbortController().signal,
      tell: ({ done, of }) => void process.stderr.write(`${step}: ${done} of ${of}\n`),
    });
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    process.stdout.write(`${JSON.stringify({ step, ...report, seconds })}\n`);
  }
} catch (error) {
  if (!(error instanceof StepTooEarly)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
} finally {
  await pool?.end();
}
