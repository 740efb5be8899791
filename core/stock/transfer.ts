/**
 * How a transfer stands, from the set of its facts. Rule kept: a pure function of the set: the same facts in any order,
 * twice or late give the same state, the same stock and the same goods on the way; what left a shelf is on a shelf, on
 * the way, or named as lost, never nowhere. Goods that went are a fact: a dispatch counts even where the transfer was
 * called off meanwhile, and that is shown as a conflict.
 */
import type { Uuid } from '../ids.ts';
import { addPaise, type Paise } from '../money.ts';
import { type Milli, milli } from '../quantity.ts';
import type { Instant } from '../time.ts';
import type {
  ArrivedLine,
  TransferDispatched,
  TransferEvent,
  TransferReceived,
  TransferRequested,
} from './transfer-events.ts';

/** `inTransit`: sent and not (all of it) received. `closed`: every challan of it was received. */
export type TransferState = 'requested' | 'declined' | 'cancelled' | 'inTransit' | 'closed';

export type TransferConflict =
  /** It was called off, but goods went all the same. */
  | { readonly kind: 'sentThoughOff'; readonly eventId: Uuid }
  /** The same challan was received at two tills: the later one does not count. */
  | { readonly kind: 'receivedTwice'; readonly eventId: Uuid }
  /** A receipt that says other goods or quantities than its challan: it does not count. */
  | { readonly kind: 'receiptDiffers'; readonly eventId: Uuid };

export type Consignment = {
  readonly dispatch: TransferDispatched;
  readonly receipt: TransferReceived | null;
};

/** Good + damaged − sent: below zero is short, above is too much. */
export const differenceOf = (line: Pick<ArrivedLine, 'sentMilli' | 'goodMilli' | 'damagedMilli'>): Milli =>
  milli(line.goodMilli + line.damagedMilli - line.sentMilli);

export const isVariance = (line: Pick<ArrivedLine, 'sentMilli' | 'goodMilli' | 'damagedMilli'>): boolean =>
  line.goodMilli !== line.sentMilli || line.damagedMilli !== 0;

export type Settled = {
  readonly state: TransferState;
  readonly request: TransferRequested | null;
  readonly consignments: readonly Consignment[];
  readonly conflicts: readonly TransferConflict[];
  readonly hasVariance: boolean;
  /** At cost, of what is on the way. */
  readonly inTransitPaise: Paise;
  /** When the last fact of it was made. */
  readonly changedAtMs: Instant;
};

const byTime = (a: TransferEvent, b: TransferEvent): number =>
  a.atMs - b.atMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Each fact once, in the order of their times. */
export function inOrder(events: readonly TransferEvent[]): readonly TransferEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()].toSorted(byTime);
}

const isOf = (receipt: TransferReceived, dispatch: TransferDispatched): boolean =>
  receipt.lines.length === dispatch.lines.length &&
  dispatch.lines.every(({ lineNo, itemId, qtyMilli }) =>
    receipt.lines.some((line) => line.lineNo === lineNo && line.itemId === itemId && line.sentMilli === qtyMilli),
  );

function settleConsignments(facts: readonly TransferEvent[], conflicts: TransferConflict[]): readonly Consignment[] {
  const receipts = facts.filter((fact) => fact.type === 'transferReceived');
  return facts
    .filter((fact) => fact.type === 'transferDispatched')
    .map((dispatch): Consignment => {
      const said = receipts.filter((receipt) => receipt.dispatchId === dispatch.id);
      const [receipt = null, ...more] = said.filter((one) => isOf(one, dispatch));
      for (const { id } of more) conflicts.push({ kind: 'receivedTwice', eventId: id });
      for (const one of said) {
        if (!isOf(one, dispatch)) conflicts.push({ kind: 'receiptDiffers', eventId: one.id });
      }
      return { dispatch, receipt };
    });
}

/** A receipt whose challan is not known yet waits: it counts when the challan comes. */
export function settleTransfer(events: readonly TransferEvent[]): Settled {
  const facts = inOrder(events);
  const conflicts: TransferConflict[] = [];
  const consignments = settleConsignments(facts, conflicts);
  const open = consignments.filter(({ receipt }) => receipt === null);
  const off = facts.find((fact) => fact.type === 'transferDeclined' || fact.type === 'transferCancelled');
  if (off !== undefined && consignments.length > 0) conflicts.push({ kind: 'sentThoughOff', eventId: off.id });
  const state: TransferState =
    open.length > 0
      ? 'inTransit'
      : consignments.length > 0
        ? 'closed'
        : off === undefined
          ? 'requested'
          : off.type === 'transferDeclined'
            ? 'declined'
            : 'cancelled';
  return {
    state,
    request: facts.find((fact) => fact.type === 'transferRequested') ?? null,
    consignments,
    conflicts,
    hasVariance: consignments.some(({ receipt }) => receipt?.lines.some(isVariance) === true),
    inTransitPaise: addPaise(...open.map(({ dispatch }) => dispatch.valuePaise)),
    changedAtMs: (facts.at(-1)?.atMs ?? 0) as Instant,
  };
}

/** `lost`: sent and neither on a shelf nor on the way; below zero where more arrived than was sent. */
export type Flow = {
  readonly kind: 'stock' | 'transit' | 'lost';
  /** Whose shelf; for goods on the way and lost ones, where they were to go. */
  readonly storeId: Uuid;
  readonly itemId: Uuid;
  readonly qtyMilli: Milli;
};

const flowKey = (flow: Flow): string => `${flow.kind} ${flow.storeId} ${flow.itemId}`;

/** By item and place what the facts moved; zero sums are left out. All flows of an item add up to zero. */
export function flowsOf(events: readonly TransferEvent[]): readonly Flow[] {
  const flows: Flow[] = [];
  for (const { dispatch, receipt } of settleTransfer(events).consignments) {
    const { fromStoreId, toStoreId } = dispatch;
    for (const { itemId, qtyMilli, lineNo } of dispatch.lines) {
      const arrived = receipt?.lines.find((line) => line.lineNo === lineNo);
      flows.push({ kind: 'stock', storeId: fromStoreId, itemId, qtyMilli: milli(-qtyMilli) });
      if (arrived === undefined) flows.push({ kind: 'transit', storeId: toStoreId, itemId, qtyMilli });
      else {
        const { goodMilli } = arrived;
        flows.push({ kind: 'stock', storeId: toStoreId, itemId, qtyMilli: goodMilli });
        flows.push({ kind: 'lost', storeId: toStoreId, itemId, qtyMilli: milli(qtyMilli - goodMilli) });
      }
    }
  }
  return summed(flows);
}

function summed(flows: readonly Flow[]): readonly Flow[] {
  const sums = new Map<string, Flow>();
  for (const flow of flows) {
    const before = sums.get(flowKey(flow))?.qtyMilli ?? 0;
    sums.set(flowKey(flow), { ...flow, qtyMilli: milli(before + flow.qtyMilli) });
  }
  return [...sums.values()].filter((flow) => flow.qtyMilli !== 0);
}

/** What has to be moved when facts become known: the flows after, less those before. In a fixed order. */
export function flowsBetween(before: readonly TransferEvent[], after: readonly TransferEvent[]): readonly Flow[] {
  const taken = flowsOf(before).map((flow): Flow => ({ ...flow, qtyMilli: milli(-flow.qtyMilli) }));
  return summed([...taken, ...flowsOf(after)]).toSorted((a, b) => (flowKey(a) < flowKey(b) ? -1 : 1));
}

/**
 * Goods between two places of one registered person in one State go with a delivery challan (CGST Rule 55(1)(c)). With
 * another GSTIN the places are distinct persons (CGST s. 25(4), Schedule I ¶2): that is a supply, and a tax invoice is due.
 */
export const needsInvoice = (
  from: { readonly stateCode: string; readonly gstin: string | null },
  to: { readonly stateCode: string; readonly gstin: string | null },
): boolean => from.stateCode !== to.stateCode || from.gstin !== to.gstin;

/** Rule 138(1): an e-way bill from a consignment of more than ₹50,000; some States ask for it later, none earlier. */
export const eWayFromPaise = 50_000_00 as Paise;
