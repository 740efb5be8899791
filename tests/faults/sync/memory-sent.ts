/**
 * Rows of small shapes on a till's disk as maps. Rule kept: what till/sync/apply-sent.ts does in one transaction happens
 * whole or not at all, unless a mutant's protocol takes it apart.
 */
import { readSentContent, type SentShape } from '#contract/sent-shapes.ts';
import type { SentPlace, SentRow } from '#db/sent-rows.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import type { Protocol } from './protocol.ts';
import { auditOf, changedRow, counting, rowKey } from './sent-rows.ts';
import type { SentDisk } from './sent-rows.ts';

type ShapeState = {
  place: SentPlace | null;
  rows: Map<string, SentRow>;
  /** Of the next generation. */
  next: Map<string, SentRow>;
  taken: Map<string, string>;
};
export type SentState = Map<SentShape, ShapeState>;

export const copyOfSent = (state: SentState): SentState =>
  new Map(
    [...state].map(([shape, s]) => [
      shape,
      { place: s.place, rows: new Map(s.rows), next: new Map(s.next), taken: new Map(s.taken) },
    ]),
  );

/** `gathering`: shapes whose next generation this program has begun; only its memory knows. */
export function memorySent(protocol: Protocol, state: () => SentState, gathering: () => Set<SentShape>): SentDisk {
  const of = (shape: SentShape): ShapeState => {
    const found = state().get(shape) ?? { place: null, rows: new Map(), next: new Map(), taken: new Map() };
    state().set(shape, found);
    return found;
  };
  const write = (rows: Map<string, SentRow>, shape: SentShape, change: RowChange): void => {
    const isLater = change.kind === 'put' && readSentContent(shape, change.row.content) === null;
    if (isLater && protocol.dropsUnreadable) return;
    changedRow(rows, change);
    if (change.kind === 'drop' && protocol.dropsBoth) rows.delete(rowKey({ ...change.row, isOwn: !change.row.isOwn }));
  };
  const counts = (rows: ReadonlyMap<string, SentRow>): Map<string, string> =>
    protocol.allBeatsOwn
      ? counting(new Map([...rows].map(([at, row]) => [at, { ...row, isOwn: !row.isOwn }])))
      : counting(rows);
  const tell = (shape: SentShape, keys: Iterable<string>): void => {
    const s = of(shape);
    const now = counts(s.rows);
    for (const key of keys) {
      const content = now.get(key);
      const isRead = content !== undefined && readSentContent(shape, content) !== null;
      if (isRead) s.taken.set(key, content);
      else if (content === undefined || !protocol.keepsUnreadable) s.taken.delete(key);
    }
  };
  const differing = (before: Map<string, SentRow>, after: Map<string, SentRow>): Set<string> => {
    const keys = new Set<string>();
    for (const [at, row] of after) if (before.get(at)?.content !== row.content) keys.add(row.key);
    if (!protocol.tellsOnlyNew) for (const [at, row] of before) if (!after.has(at)) keys.add(row.key);
    return keys;
  };
  return {
    place: (shape) => of(shape).place,
    forgetPlace: (shape) => {
      of(shape).place = null;
    },
    apply: (shape, changes, place, dies) => {
      const s = of(shape);
      if (!dies || protocol.takersApart) for (const change of changes) write(s.rows, shape, change);
      if (!dies || protocol.takersApart || protocol.sentPlaceFirst) s.place = place;
      if (!dies) {
        tell(
          shape,
          changes.map((change) => change.row.key),
        );
      }
    },
    begin: (shape) => void gathering().delete(shape),
    stage: (shape, changes, diesAt) => {
      const s = of(shape);
      let commits = 0;
      const dies = (): boolean => commits++ === diesAt;
      if (!gathering().has(shape)) {
        if (dies()) return;
        if (!protocol.keepsGathered) s.next.clear();
        gathering().add(shape);
      }
      if (changes.length === 0 || dies()) return;
      for (const change of changes) write(protocol.stagesInPlace ? s.rows : s.next, shape, change);
    },
    finish: (shape, place, diesAt) => {
      const s = of(shape);
      if (diesAt === 0) {
        if (protocol.switchesApart) s.place = place;
        return;
      }
      const before = s.rows;
      s.rows = protocol.stagesInPlace ? before : s.next;
      s.next = new Map();
      s.place = place;
      tell(shape, differing(before, s.rows));
      gathering().delete(shape);
    },
    read: (shape) => counts(of(shape).rows),
    taken: (shape) => of(shape).taken,
    audit: (shape) => auditOf(of(shape).rows),
  };
}
