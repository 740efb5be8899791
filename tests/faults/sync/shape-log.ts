/**
 * A shape's log as the simulator's models keep it. Rule kept: a part of it at a time, and fetch anew when the handle is
 * gone, as Electric answers.
 */
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';

export type Reply<T> = {
  readonly changes: readonly T[];
  readonly place: ShapePlace;
  readonly isUpToDate: boolean;
  readonly mustRefetch: boolean;
};
export type Log<T> = { readonly entries: readonly T[]; readonly handle: string };

const piece = 3;

export function fetchFrom<T>({ entries, handle }: Log<T>, place: ShapePlace | null): Reply<T> {
  if (place !== null && place.handle !== handle) {
    return { changes: [], place: { handle, offset: '0' }, isUpToDate: false, mustRefetch: true };
  }
  const from = Number(place?.offset ?? 0);
  const changes = entries.slice(from, from + piece);
  const to = from + changes.length;
  return { changes, place: { handle, offset: String(to) }, isUpToDate: to >= entries.length, mustRefetch: false };
}
