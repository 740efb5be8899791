/**
 * The catalogue's shape as a model: what there was at the start, then a log, under a handle; a client has a place in
 * it. Rule kept: it answers as Electric does (a part of the log, up to date or not, fetch anew when the handle is gone)
 * and knows nothing of tills.
 */
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import type { ShelfChange } from './disk.ts';

export type ShapeReply = {
  readonly changes: readonly ShelfChange[];
  readonly place: ShapePlace;
  readonly isUpToDate: boolean;
  readonly mustRefetch: boolean;
};
export type SimShape = {
  readonly publish: (changes: readonly ShelfChange[]) => void;
  readonly fetch: (place: ShapePlace | null) => ShapeReply;
  /** Logs don't outlive the server: everybody fetches anew. */
  readonly restart: () => void;
  /** All that there was at some moment is in it. */
  readonly isWhole: (place: ShapePlace) => boolean;
  readonly rows: () => ReadonlyMap<string, number>;
};

const piece = 3;

export function simShape(handleOutlives: boolean): SimShape {
  const rows = new Map<string, number>();
  let log: ShelfChange[] = [];
  let restarts = 0;
  let snapshot = 0;
  const handle = (): string => `h${handleOutlives ? 0 : restarts}`;
  return {
    publish: (changes) => {
      for (const change of changes) {
        if (change.pricePaise === null) {
          if (!rows.delete(change.id)) continue;
        } else rows.set(change.id, change.pricePaise);
        log.push(change);
      }
    },
    fetch: (place) => {
      if (place !== null && place.handle !== handle()) {
        return { changes: [], place: { handle: handle(), offset: '0' }, isUpToDate: false, mustRefetch: true };
      }
      const from = Number(place?.offset ?? 0);
      const changes = log.slice(from, from + piece);
      const to = from + changes.length;
      return {
        changes,
        place: { handle: handle(), offset: String(to) },
        isUpToDate: to >= log.length,
        mustRefetch: false,
      };
    },
    restart: () => {
      restarts += 1;
      log = [...rows].map(([id, pricePaise]) => ({ id, pricePaise }));
      snapshot = log.length;
    },
    isWhole: ({ handle: of, offset }) => of !== handle() || Number(offset) >= snapshot,
    rows: () => rows,
  };
}
