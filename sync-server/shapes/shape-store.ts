/**
 * The folder of the shapes' files, bound to one replication slot. Rule kept: folder and slot are one unit: where the
 * slot is gone, is another database's, or was confirmed further than this folder knows, every shape in it may lack
 * rows and is thrown away; clients fetch anew. What is confirmed to Postgres was written here first.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ShapeDefinition } from './messages.ts';
import type { SlotState } from './replication.ts';
import { readShapeFile } from './shape-file.ts';
import { makeShapeLog, type ShapeLog } from './shape-log.ts';
import type { Visibility } from './snapshot.ts';
import type { TableInfo } from './table-info.ts';

/** Written before the slot hears of it. */
type Unit = { readonly database: string; readonly through: string };
export type KeptShape = { readonly key: string; readonly shape: ShapeLog };
export type ShapeStore = {
  /** What is in the folder and belongs to the slot. */
  readonly load: (slot: SlotState) => readonly KeptShape[];
  /** Everything through this place is in the files and synced. */
  readonly keepThrough: (lsn: bigint) => void;
  readonly pathOf: (handle: string) => string;
  /** When each handle was asked for last. */
  readonly lastUsed: () => ReadonlyMap<string, number>;
  readonly keepLastUsed: (used: ReadonlyMap<string, number>) => void;
};

const suffix = '.shape';
const unitOf = z.object({ database: z.string(), through: z.string().regex(/^\d+$/) });
const usedOf = z.record(z.string(), z.number());
/** Ours, with a checksum per line: only that it is JSON needs a look. */
type Meta = {
  readonly format: 1;
  readonly key: string;
  readonly handle: string;
  readonly definition: ShapeDefinition;
  readonly info: TableInfo;
  readonly visibility: { readonly xmin: string; readonly xmax: string; readonly running: readonly string[] };
};

export const metaText = (
  key: string,
  { handle, definition, info, visibility }: Pick<ShapeLog, 'handle' | 'definition' | 'info' | 'visibility'>,
): string => {
  const { xmin, xmax, running } = visibility;
  const meta: Meta = {
    format: 1,
    key,
    handle,
    definition,
    info,
    visibility: { xmin: String(xmin), xmax: String(xmax), running: [...running].map(String) },
  };
  return JSON.stringify(meta);
};

const visibilityOf = ({ xmin, xmax, running }: Meta['visibility']): Visibility => ({
  xmin: BigInt(xmin),
  xmax: BigInt(xmax),
  running: new Set(running.map(BigInt)),
});

/** Whole or not at all. */
function writeWhole(path: string, text: string): void {
  const fd = openSync(`${path}.part`, 'w');
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.part`, path);
}

function readJson<T>(path: string, form: z.ZodType<T>): T | null {
  try {
    return form.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there, or cut by a crash: as if there were none, which is always safe here.
    return null;
  }
}

export function openShapeStore(dir: string): ShapeStore {
  mkdirSync(dir, { recursive: true });
  const unitPath = join(dir, 'unit.json');
  const usedPath = join(dir, 'used.json');
  const pathOf = (handle: string): string => join(dir, `${handle}${suffix}`);
  let database = '';
  let through = 0n;
  const keepThrough = (lsn: bigint): void => {
    through = lsn;
    writeWhole(unitPath, JSON.stringify({ database, through: String(lsn) } satisfies Unit));
  };
  return {
    load: (slot) => {
      const unit = readJson(unitPath, unitOf);
      const isOurs =
        !slot.isNew && unit !== null && unit.database === slot.database && BigInt(unit.through) >= slot.confirmed;
      database = slot.database;
      const kept: KeptShape[] = [];
      for (const name of readdirSync(dir)) {
        if (name === 'unit.json' || name === 'used.json') continue;
        const path = join(dir, name);
        const file = isOurs && name.endsWith(suffix) ? readShapeFile(path, BigInt(unit.through)) : null;
        if (file === null) {
          rmSync(path, { force: true, recursive: true });
          continue;
        }
        const meta = JSON.parse(file.content.meta) as Meta;
        const { key, handle, definition, info } = meta;
        const shape = makeShapeLog({ handle, definition, info, visibility: visibilityOf(meta.visibility) }, file);
        kept.push({ key, shape });
      }
      if (!isOurs) keepThrough(slot.confirmed);
      else through = BigInt(unit.through);
      return kept;
    },
    keepThrough: (lsn) => {
      if (lsn > through) keepThrough(lsn);
    },
    pathOf,
    lastUsed: () => new Map(Object.entries(readJson(usedPath, usedOf) ?? {})),
    keepLastUsed: (used) => writeWhole(usedPath, JSON.stringify(Object.fromEntries(used))),
  };
}
