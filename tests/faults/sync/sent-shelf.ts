/**
 * What a till must read of small shapes, from what its disk has taken, beside what it reads. Rule kept: it is looked at
 * after each step that could change it; shelf.ts does the same for what it sells.
 */
import { readSentContent, type SentShape } from '#contract/sent-shapes.ts';
import type { SentRow } from '#db/sent-rows.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import { changedRow, counting, type SentRows } from './sent-rows.ts';
import { blame, type SimTill, type World } from './world.ts';

export function changedRows(rows: SentRows | undefined, changes: readonly RowChange[]): SentRows {
  const after = new Map(rows);
  for (const change of changes) changedRow(after, change);
  return after;
}

export const hasSame = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, content]) => b.get(key) === content);

/** It reads what its disk has taken, whole; who keeps a table of its own has what of it can be read. */
export function lookAtSent(world: World, till: SimTill, shape: SentShape): void {
  const due = counting(till.read.get(shape) ?? new Map<string, SentRow>());
  if (!hasSame(till.disk.sent.read(shape), due))
    blame(world, 'smallShapesWhole', `till ${till.no} reads other ${shape}`);
  const readable = new Map([...due].filter(([, content]) => readSentContent(shape, content) !== null));
  if (!hasSame(till.disk.sent.taken(shape), readable)) {
    blame(world, 'smallShapesTold', `till ${till.no} goes by other ${shape} than it reads`);
  }
}
