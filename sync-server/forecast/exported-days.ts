/**
 * The days of an organisation that lie in the object store: of each its newest finished version. Rule kept: read by names
 * alone, so that looking costs one listing however many years there are.
 */
import { versionPrefix } from '../objects/versions.ts';
import { placeOf, type StepWorld } from './step.ts';

export type LakeDay = { readonly day: string; readonly version: number; readonly prefix: string };

async function daysBelow({ store }: StepWorld, root: string): Promise<readonly LakeDay[]> {
  const newest = new Map<string, number>();
  for await (const { key } of store.list(`${root}/`)) {
    const found = /^day=(\d{4}-\d\d-\d\d)\/v(\d+)\/manifest\.json$/.exec(key.slice(root.length + 1));
    if (found === null) continue;
    const [, day = '', version = ''] = found;
    newest.set(day, Math.max(newest.get(day) ?? 0, Number(version)));
  }
  return [...newest]
    .map(([day, version]) => ({ day, version, prefix: versionPrefix(`${root}/day=${day}`, version) }))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

/** Of bills and their lines (lake/export-day.ts), oldest first. */
export const exportedDays = (world: StepWorld): Promise<readonly LakeDay[]> =>
  daysBelow(world, `processed/bills/tenant=${world.tenantId}`);
/** Of items and levels (ingest.ts), oldest first. */
export const shopDays = (world: StepWorld): Promise<readonly LakeDay[]> =>
  daysBelow(world, placeOf('shop', world.tenantId));
