/**
 * Tells head office what the shop's own goods are (category, unit, price), so that its forecasts know them as the till's own
 * do. Rule kept: piece by piece, never holding the till up; a piece is told again only when something in it has changed; what
 * is head office's own is not told.
 */
import { createHash } from 'node:crypto';
import type { OwnGoodsTold } from '#contract/sync.ts';
import type { NewId } from '#core/ids.ts';
import type { Clock } from '#core/time.ts';
import type { Tables } from '../tables.ts';

export type TellGoodsDeps = {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly newId: NewId;
  /** The store that is joined: another one is told anew. */
  readonly storeId: string;
  readonly later: (work: () => void, ms: number) => () => void;
  /** There is something to push. */
  readonly onTold: () => void;
  readonly onFault: (error: unknown) => void;
};

const toldKey = 'ownGoodsTold';
/** Between two pieces. */
const breathMs = 20;
/** The first look waits until the counter is open; then daily. */
const firstMs = 2_000;
const againMs = 86_400_000;

type Told = { readonly storeId: string; readonly hashes: readonly string[] };

/** Answers how to stop. */
export function tellOwnGoods(deps: TellGoodsDeps): () => void {
  const { tables } = deps;
  let forget = (): void => undefined;

  function readTold(): Told {
    const kept = tables.settings.get(toldKey);
    const told = kept === null ? null : (JSON.parse(kept) as Told);
    return told?.storeId === deps.storeId ? told : { storeId: deps.storeId, hashes: [] };
  }
  function tell(no: number): void {
    const goods = tables.ownGoods.piece(no);
    const content = JSON.stringify({ goods } satisfies OwnGoodsTold);
    const hash = createHash('sha256').update(content).digest('base64').slice(0, 16);
    const told = readTold();
    if (goods.length === 0 || told.hashes[no] === hash) return;
    const hashes = Array.from({ length: Math.max(told.hashes.length, no + 1) }, (_, i) => told.hashes[i] ?? '');
    hashes[no] = hash;
    tables.transact(() => {
      tables.journal.append('ownGoodsTold', deps.newId(), deps.clock.now(), content);
      tables.settings.set(toldKey, JSON.stringify({ storeId: deps.storeId, hashes } satisfies Told));
    });
    deps.onTold();
  }
  const from = (no: number): void => {
    try {
      if (no < tables.ownGoods.pieces()) {
        tell(no);
        forget = deps.later(() => from(no + 1), breathMs);
        return;
      }
    } catch (error) {
      deps.onFault(error);
    }
    forget = deps.later(() => from(0), againMs);
  };
  forget = deps.later(() => from(0), firstMs);
  return () => forget();
}
