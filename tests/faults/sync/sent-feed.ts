/**
 * Small shapes as head office sends them to one store's tills, as a model: a log each, under a handle. Rule kept: it
 * answers as Electric does; what is written is the truth, whatever its log has lost.
 */
import type { SentShape } from '#contract/sent-shapes.ts';
import type { SentRow } from '#db/sent-rows.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import { auditOf, changedRow } from './sent-rows.ts';
import { fetchFrom } from './shape-log.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { SentFeed } from './sent-rows.ts';

type Sent = { readonly rows: Map<string, SentRow>; log: RowChange[]; snapshot: number };

export function simSentFeed(
  handle: () => string,
  isTurnedAway: (till: SimTillIds) => boolean,
): SentFeed & { readonly restart: () => void } {
  const shapes = new Map<SentShape, Sent>();
  const of = (shape: SentShape): Sent => {
    const found = shapes.get(shape) ?? { rows: new Map(), log: [], snapshot: 0 };
    shapes.set(shape, found);
    return found;
  };
  return {
    send: (shape, change, isTheirs) => {
      const { rows, log } = of(shape);
      if (isTheirs) changedRow(rows, change);
      log.push(change);
    },
    fetch: (shape, till, place) =>
      isTurnedAway(till) ? 'turnedAway' : fetchFrom({ entries: of(shape).log, handle: handle() }, place),
    audit: (shape, till) => (isTurnedAway(till) ? null : auditOf(of(shape).rows)),
    rows: (shape) => of(shape).rows,
    isWhole: (shape, place) => place.handle !== handle() || Number(place.offset) >= of(shape).snapshot,
    isAtEnd: (shape, place) => place.handle === handle() && Number(place.offset) >= of(shape).log.length,
    restart: () => {
      for (const one of shapes.values()) {
        one.log = [...one.rows.values()].map((row) => ({ kind: 'put', row }));
        one.snapshot = one.log.length;
      }
    },
  };
}
