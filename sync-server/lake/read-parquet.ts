/**
 * A Parquet object as rows. Rule kept: whole 64-bit numbers come as numbers where they are safe ones and throw where not,
 * days as `2026-11-20`; one object is in memory at a time.
 */
import { buffer } from 'node:stream/consumers';
import { parquetReadObjects } from 'hyparquet';
import type { ObjectStore } from '../objects/port.ts';

export type LakeRow = Readonly<Record<string, string | number | null>>;

function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  const whole = Number(value);
  if (typeof value !== 'bigint' || !Number.isSafeInteger(whole)) throw new Error('a cell that no export of ours holds');
  return whole;
}

/** `columns`: only these are read. Throws where the object is not there or no Parquet. */
export async function readParquet(
  store: ObjectStore,
  key: string,
  columns: readonly string[],
): Promise<readonly LakeRow[]> {
  const found = await store.get(key);
  if (found === null) throw new Error(`${key} is not there`);
  const bytes = await buffer(found.stream);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, columns: [...columns] });
  return rows.map((row) => Object.fromEntries(columns.map((name) => [name, cellOf(row[name])])));
}

export const textCell = (row: LakeRow, name: string): string => String(row[name] ?? '');
/** NaN for an empty cell. */
export const numberCell = (row: LakeRow, name: string): number => {
  const value = row[name];
  return value === null || value === undefined ? Number.NaN : Number(value);
};
