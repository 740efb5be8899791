/**
 * Places in a shape's log, as clients keep them: `-1` before everything, `0_k` after chunk k of the snapshot, `0_inf`
 * after all of it, `LSN_n` after a change. Rule kept: they only rise; what can't be read is no offset.
 */
export type Offset = { readonly lsn: bigint; readonly op: number };

export const beforeAll: Offset = { lsn: -1n, op: 0 };
export const snapshotEnd: Offset = { lsn: 0n, op: Number.POSITIVE_INFINITY };

/** null: not an offset. `now` is not one either; the caller knows what is meant by it. */
export function parseOffset(text: string): Offset | null {
  if (text === '-1') return beforeAll;
  const found = /^(\d{1,20})_(\d{1,9}|inf)$/.exec(text);
  if (found === null) return null;
  const [, lsn = '0', op = '0'] = found;
  if (op === 'inf' && lsn !== '0') return null;
  return { lsn: BigInt(lsn), op: op === 'inf' ? Number.POSITIVE_INFINITY : Number(op) };
}

export const offsetText = (offset: Offset): string =>
  offset.lsn < 0n ? '-1' : `${offset.lsn}_${offset.op === Number.POSITIVE_INFINITY ? 'inf' : offset.op}`;

export const isAfter = (a: Offset, b: Offset): boolean => a.lsn > b.lsn || (a.lsn === b.lsn && a.op > b.op);
