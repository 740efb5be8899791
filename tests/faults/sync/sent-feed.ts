/**
 * Small shapes as head office sends them to one store's tills, as a model: a log each, under a handle. Rule kept: it
 * answers as Electric does; what is written is the truth, whatever its log has lost; the log is mended by the server's own step.
 */
import type { SentShape } from '#contract/sent-shapes.ts';
import type { SentPlace, SentRow } from '#db/sent-rows.ts';
import type { MendOutcome } from '#sync-server/shapes/mending.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import type { Protocol } from './protocol.ts';
import { auditOf, changedRow } from './sent-rows.ts';
import { fetchFrom } from './shape-log.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { SentFeed } from './sent-rows.ts';

/** null: it was lost. */
type Sent = { readonly rows: Map<string, SentRow>; log: (RowChange | null)[]; snapshot: number; begun: number };
/** More than so many wrong, and the shape begins anew; few, as these shapes are. */
const mostAppended = 1;

export function simSentFeed(
  protocol: Pick<Protocol, 'mendingOf' | 'mendsInPlace' | 'mendKeepsHandle'>,
  handle: () => string,
  isTurnedAway: (till: SimTillIds) => boolean,
): SentFeed & { readonly restart: () => void } {
  const shapes = new Map<SentShape, Sent>();
  const of = (shape: SentShape): Sent => {
    const found = shapes.get(shape) ?? { rows: new Map(), log: [], snapshot: 0, begun: 0 };
    shapes.set(shape, found);
    return found;
  };
  const handleOf = ({ begun }: Sent): string => (begun === 0 ? handle() : `${handle()}.${begun}`);
  const beginAnew = (one: Sent): void => {
    one.log = [...one.rows.values()].map((row) => ({ kind: 'put', row }));
    one.snapshot = one.log.length;
  };
  const fetch = (one: Sent, place: SentPlace | null) => {
    const reply = fetchFrom({ entries: one.log, handle: handleOf(one) }, place);
    return { ...reply, changes: reply.changes.filter((change) => change !== null) };
  };
  function mend(one: Sent): MendOutcome['kind'] {
    const logged = new Map<string, SentRow>();
    for (const change of one.log) if (change !== null) changedRow(logged, change);
    const isSame = (a: SentRow, b: SentRow): boolean => a.content === b.content;
    const mending = protocol.mendingOf(logged, one.rows, new Set(), isSame, mostAppended);
    if (mending.kind === 'whole') return 'whole';
    if (mending.kind === 'beginAnew') {
      if (!protocol.mendKeepsHandle) one.begun += 1;
      beginAnew(one);
      return 'begunAnew';
    }
    const said = [
      ...mending.puts.flatMap((key): RowChange[] => {
        const row = one.rows.get(key);
        return row === undefined ? [] : [{ kind: 'put', row }];
      }),
      ...mending.drops.flatMap((key): RowChange[] => {
        const row = logged.get(key);
        return row === undefined ? [] : [{ kind: 'drop', row }];
      }),
    ];
    for (const change of said) {
      const at = one.log.indexOf(null);
      if (protocol.mendsInPlace && at >= 0) one.log[at] = change;
      else one.log.push(change);
    }
    return 'appended';
  }
  return {
    lose: (shape, n) => {
      const { log } = of(shape);
      if (log.length === 0) return false;
      log[n % log.length] = null;
      return true;
    },
    mend: (shape, till) => (isTurnedAway(till) ? 'notKnown' : mend(of(shape))),
    send: (shape, change, isTheirs) => {
      const { rows, log } = of(shape);
      if (isTheirs) changedRow(rows, change);
      log.push(change);
    },
    fetch: (shape, till, place) => (isTurnedAway(till) ? 'turnedAway' : fetch(of(shape), place)),
    audit: (shape, till) => (isTurnedAway(till) ? null : auditOf(of(shape).rows)),
    rows: (shape) => of(shape).rows,
    isWhole: (shape, place) => place.handle !== handleOf(of(shape)) || Number(place.offset) >= of(shape).snapshot,
    isAtEnd: (shape, place) => place.handle === handleOf(of(shape)) && Number(place.offset) >= of(shape).log.length,
    restart: () => {
      for (const one of shapes.values()) beginAnew(one);
    },
  };
}
