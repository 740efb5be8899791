/**
 * What happens to goods on their way from one store to another, as closed, versioned facts: each is written once by one
 * party and never changed. Rule kept: a transfer is the set of its facts; how it stands is worked out from them
 * (transfer.ts), whatever order they come in. Golden files of every version shipped are replayed in tests.
 */
import type { Uuid } from '../ids.ts';
import type { Paise } from '../money.ts';
import type { Milli, Unit } from '../quantity.ts';
import type { BusinessDate, FinancialYear, Instant } from '../time.ts';

/** Who wrote it: a till of a store, or a person at head office. */
export type TransferParty =
  | {
      readonly kind: 'store';
      readonly storeId: Uuid;
      readonly tillId: Uuid;
      readonly staffId: Uuid;
      readonly name: string;
    }
  | { readonly kind: 'office'; readonly accountId: Uuid; readonly name: string };

/** A store as a challan names it (CGST Rule 55(1)(ii), (iii)). */
export type StoreFacts = {
  readonly storeId: Uuid;
  readonly name: string;
  readonly address: string;
  readonly stateCode: string;
  readonly gstin: string | null;
};

type Head = {
  readonly schemaVersion: 1;
  readonly id: Uuid;
  readonly transferId: Uuid;
  readonly fromStoreId: Uuid;
  readonly toStoreId: Uuid;
  readonly atMs: Instant;
  readonly by: TransferParty;
};

type Goods = {
  readonly lineNo: number;
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: Unit;
};

export type WantedLine = Goods & { readonly qtyMilli: Milli };

/** One line of a delivery challan; an item stands on one line only. */
export type SentLine = Goods & {
  readonly hsn: string | null;
  readonly qtyMilli: Milli;
  /** Per 1000 milli: the cost price, or where none is known the selling price. */
  readonly unitValuePaise: Paise;
  readonly valuedAt: 'cost' | 'sellingPrice';
  /** unitValue × quantity, half up. */
  readonly valuePaise: Paise;
};

export type VarianceReason = 'short' | 'damaged' | 'expired' | 'wrongItem' | 'excess' | 'other';

export type ArrivedLine = {
  /** Of the challan's line. */
  readonly lineNo: number;
  readonly itemId: Uuid;
  /** As the challan says. */
  readonly sentMilli: Milli;
  /** Put on the shelf. */
  readonly goodMilli: Milli;
  /** Arrived, but can't be sold; never part of the stock. */
  readonly damagedMilli: Milli;
  /** Said wherever what is good is not what was sent. */
  readonly reason: VarianceReason | null;
};

export type TransferRequested = Head & {
  readonly type: 'transferRequested';
  readonly lines: readonly WantedLine[];
  readonly note: string;
};
/** The sending store has none to give, or head office says no. */
export type TransferDeclined = Head & { readonly type: 'transferDeclined'; readonly note: string };
/** Whoever asked takes it back. */
export type TransferCancelled = Head & { readonly type: 'transferCancelled'; readonly note: string };

/** A delivery challan: goods left the sending store. One transfer may have several. */
export type TransferDispatched = Head & {
  readonly type: 'transferDispatched';
  readonly number: string;
  readonly series: string;
  readonly financialYear: FinancialYear;
  readonly sequence: number;
  readonly businessDate: BusinessDate;
  readonly from: StoreFacts;
  readonly to: StoreFacts;
  readonly lines: readonly SentLine[];
  readonly valuePaise: Paise;
  /** Who carries it, vehicle, packages: as typed. */
  readonly note: string;
};

/** What arrived of one challan: every line of it, so that nothing is left open. */
export type TransferReceived = Head & {
  readonly type: 'transferReceived';
  readonly dispatchId: Uuid;
  readonly businessDate: BusinessDate;
  readonly lines: readonly ArrivedLine[];
  readonly note: string;
};

export type TransferEvent =
  | TransferRequested
  | TransferDeclined
  | TransferCancelled
  | TransferDispatched
  | TransferReceived;
export type TransferEventType = TransferEvent['type'];

export const transferEventTypes: ReadonlySet<string> = new Set<TransferEventType>([
  'transferRequested',
  'transferDeclined',
  'transferCancelled',
  'transferDispatched',
  'transferReceived',
]);
