/**
 * What a step of the forecast is: it reads finished versions, writes the next one, and says what it did. Rule kept: a
 * step that is run again on the same inputs does nothing, on an empty folder it writes the same bytes; no clock and no
 * database stand in what it writes, so a version is told by its inputs' fingerprint and nothing else.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetsSettings } from '#ml/nn/demand-nets.ts';
import { netChoices } from '#ml/nn/net-settings.ts';
import { type Cell, type Column, openParquet } from '../lake/parquet-file.ts';
import type { ObjectStore } from '../objects/port.ts';
import { finishVersion, readManifest, versionPrefix, versionsOf } from '../objects/versions.ts';

/** In the order in which they are run. */
export const stepNames = ['ingest', 'clean', 'features', 'train', 'predict', 'store'] as const;
export type StepName = (typeof stepNames)[number];

export type ForecastSettings = {
  /** Days ahead. */
  readonly horizon: number;
  readonly seed: number;
  readonly threads: number;
  /** Rows that a model is trained on, over all stores. */
  readonly maxRows: number;
  readonly trees: number;
  /** Each a member of the model where the past is long enough to weigh it. */
  readonly nets: readonly NetsSettings[];
  /** Older days are not read. */
  readonly historyDays: number;
};
export const usualSettings: ForecastSettings = {
  horizon: 14,
  seed: 1,
  threads: 1,
  maxRows: 250_000,
  trees: 200,
  nets: netChoices['dense'] ?? [],
  historyDays: 800,
};

/** A model is made anew after so many days of bills. */
export const retrainDays = 7;
/** Fewer days of bills say nothing of weeks. */
export const leastDays = 28;

export type Progress = { readonly done: number; readonly of: number };
export type StepWorld = {
  readonly store: ObjectStore;
  readonly tenantId: string;
  readonly settings: ForecastSettings;
  readonly signal: AbortSignal;
  readonly tell: (progress: Progress) => void;
};
export type StepReport = {
  readonly version: number;
  /** False: there was nothing to do. */
  readonly isNew: boolean;
  readonly facts: Readonly<Record<string, number | string>>;
};

/** There is nothing yet that the step could read; the message says what is missing. */
export class StepTooEarly extends Error {}

const places = {
  shop: 'raw/shop',
  frames: 'processed/frames',
  features: 'processed/features',
  models: 'models/demand',
  bands: 'models/bands',
  predictions: 'predictions/demand',
} as const;
export type Place = keyof typeof places;
/** Where a place of an organisation lies, without version. */
export const placeOf = (place: Place, tenantId: string): string => `${places[place]}/tenant=${tenantId}`;

export type FileFacts = { readonly rows: number; readonly bytes: number; readonly sha256: string };
export type VersionFacts = {
  readonly version: number;
  readonly fingerprint: string;
  readonly files: Readonly<Record<string, FileFacts>>;
  /** What the step has to say of it; each step reads its own and the ones before. */
  readonly told: Readonly<Record<string, unknown>>;
};
export type Version = VersionFacts & { readonly prefix: string };

export const sha256Of = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** The newest finished version; null where there is none. */
export async function newestVersion(store: ObjectStore, prefix: string): Promise<Version | null> {
  const { finished } = await versionsOf(store, prefix);
  if (finished === 0) return null;
  const facts = (await readManifest(store, prefix, finished)) as VersionFacts;
  return { ...facts, prefix: versionPrefix(prefix, finished) };
}

export async function demandVersion(world: StepWorld, place: Place, stepBefore: StepName): Promise<Version> {
  const found = await newestVersion(world.store, placeOf(place, world.tenantId));
  if (found === null) throw new StepTooEarly(`There is nothing in ${places[place]} yet. Run ${stepBefore} first.`);
  return found;
}

export type VersionWriter = {
  readonly parquet: (name: string, columns: readonly Column[], rows: Iterable<Row>) => Promise<void>;
  readonly bytes: (name: string, content: Uint8Array, rows?: number) => Promise<FileFacts>;
};
type Row = Readonly<Record<string, Cell>>;
const groupRows = 50_000;

/**
 * Writes the next version unless the newest one is of the same inputs. `inputs`: all that the outcome depends on. What a
 * crash left half written is passed over.
 */
export async function makeVersion(
  world: StepWorld,
  place: Place,
  inputs: unknown,
  write: (to: VersionWriter) => Promise<Readonly<Record<string, unknown>>>,
  suffix = '',
): Promise<Version & { readonly isNew: boolean }> {
  const { store, tenantId } = world;
  const prefix = placeOf(place, tenantId) + suffix;
  const fingerprint = sha256Of(JSON.stringify(inputs));
  const newest = await newestVersion(store, prefix);
  if (newest?.fingerprint === fingerprint) return { ...newest, isNew: false };
  const version = (await versionsOf(store, prefix)).begun + 1;
  const files: Record<string, FileFacts> = {};
  const dir = await mkdtemp(join(tmpdir(), 'billmitra-step-'));
  const keyOf = (name: string): string => `${versionPrefix(prefix, version)}/${name}`;
  try {
    const told = await write({
      parquet: async (name, columns, rows) => {
        world.signal.throwIfAborted();
        const path = join(dir, name);
        const file = openParquet(path, columns);
        let group: Row[] = [];
        for (const row of rows) {
          group.push(row);
          if (group.length < groupRows) continue;
          await file.add(group);
          group = [];
        }
        await file.add(group);
        const facts = await file.finish();
        await store.put(keyOf(name), { stream: createReadStream(path), bytes: facts.bytes });
        files[name] = facts;
      },
      bytes: async (name, content, rows = 0) => {
        await store.put(keyOf(name), content);
        const facts = { rows, bytes: content.byteLength, sha256: sha256Of(content) };
        files[name] = facts;
        return facts;
      },
    });
    const facts: VersionFacts = { version, fingerprint, files, told };
    if (!(await finishVersion(store, prefix, version, facts)))
      throw new Error(`${prefix} v${version} was finished twice`);
    return { ...facts, prefix: versionPrefix(prefix, version), isNew: true };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
