/**
 * A transfer as people look at it, at a till and at head office alike: a line for each item with what was wanted, sent and
 * arrived, and its history. Rule kept: drawn from the settled facts only; no screen reckons a quantity itself.
 */
import type { Uuid } from '../ids.ts';
import { addPaise, type Paise } from '../money.ts';
import { type Milli, milli, type Unit } from '../quantity.ts';
import type { Instant } from '../time.ts';
import { differenceOf, inOrder, settleTransfer, type TransferConflict, type TransferState } from './transfer.ts';
import type { TransferEvent, TransferEventType, VarianceReason } from './transfer-events.ts';

export type TransferLine = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: Unit;
  /** Null: nobody asked for it. */
  readonly wantedMilli: Milli | null;
  /** Null: nothing was sent yet. */
  readonly sentMilli: Milli | null;
  /** Of what was sent, what has arrived so far; null: nothing has. */
  readonly goodMilli: Milli | null;
  readonly damagedMilli: Milli | null;
  /** Arrived less sent, of what was received; zero: all is right. */
  readonly differenceMilli: Milli;
  readonly reasons: readonly VarianceReason[];
};

export type TransferStep = {
  readonly eventId: Uuid;
  readonly type: TransferEventType;
  readonly atMs: Instant;
  readonly byName: string;
  /** Whose till wrote it; null: head office. */
  readonly storeId: Uuid | null;
  /** Of a delivery challan. */
  readonly number: string | null;
  readonly note: string;
  readonly conflict: TransferConflict['kind'] | null;
};

export type TransferDetail = {
  readonly transferId: Uuid;
  readonly fromStoreId: Uuid;
  readonly toStoreId: Uuid;
  readonly state: TransferState;
  readonly lines: readonly TransferLine[];
  readonly steps: readonly TransferStep[];
  readonly hasVariance: boolean;
  readonly conflicts: readonly TransferConflict[];
  /** At cost, of all that was sent. */
  readonly sentPaise: Paise;
  readonly inTransitPaise: Paise;
  readonly madeAtMs: Instant;
  readonly changedAtMs: Instant;
};

const nothing = { wantedMilli: null, sentMilli: null, goodMilli: null, damagedMilli: null, reasons: [] };
const plus = (sum: Milli | null, more: Milli): Milli => milli((sum ?? 0) + more);

function linesOf(events: readonly TransferEvent[]): readonly TransferLine[] {
  const { request, consignments } = settleTransfer(events);
  const lines = new Map<Uuid, TransferLine>();
  const lineOf = (of: Pick<TransferLine, 'itemId' | 'name' | 'nameHi' | 'unit'>): TransferLine =>
    lines.get(of.itemId) ?? {
      ...nothing,
      itemId: of.itemId,
      name: of.name,
      nameHi: of.nameHi,
      unit: of.unit,
      differenceMilli: milli(0),
    };
  for (const wanted of request?.lines ?? []) {
    lines.set(wanted.itemId, { ...lineOf(wanted), wantedMilli: wanted.qtyMilli });
  }
  for (const { dispatch, receipt } of consignments) {
    for (const sent of dispatch.lines) {
      const line = lineOf(sent);
      lines.set(sent.itemId, { ...line, sentMilli: plus(line.sentMilli, sent.qtyMilli) });
    }
    for (const arrived of receipt?.lines ?? []) {
      const line = lines.get(arrived.itemId);
      if (line === undefined) continue;
      lines.set(arrived.itemId, {
        ...line,
        goodMilli: plus(line.goodMilli, arrived.goodMilli),
        damagedMilli: plus(line.damagedMilli, arrived.damagedMilli),
        differenceMilli: plus(line.differenceMilli, differenceOf(arrived)),
        reasons: arrived.reason === null ? line.reasons : [...line.reasons, arrived.reason],
      });
    }
  }
  return [...lines.values()];
}

/** Null when there is no fact of it. */
export function detailOf(events: readonly TransferEvent[]): TransferDetail | null {
  const facts = inOrder(events);
  const [first] = facts;
  if (first === undefined) return null;
  const { state, consignments, conflicts, hasVariance, inTransitPaise, changedAtMs } = settleTransfer(facts);
  return {
    transferId: first.transferId,
    fromStoreId: first.fromStoreId,
    toStoreId: first.toStoreId,
    state,
    lines: linesOf(facts),
    steps: facts.map((fact) => ({
      eventId: fact.id,
      type: fact.type,
      atMs: fact.atMs,
      byName: fact.by.name,
      storeId: fact.by.kind === 'store' ? fact.by.storeId : null,
      number: fact.type === 'transferDispatched' ? fact.number : null,
      note: fact.note,
      conflict: conflicts.find(({ eventId }) => eventId === fact.id)?.kind ?? null,
    })),
    hasVariance,
    conflicts,
    sentPaise: addPaise(...consignments.map(({ dispatch }) => dispatch.valuePaise)),
    inTransitPaise,
    madeAtMs: first.atMs,
    changedAtMs,
  };
}
