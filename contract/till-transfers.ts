/**
 * Goods between this store and its sisters, as a till shows and does them. Rule kept: what goods a till sent or received
 * it alone says; everything here works without a network on what the till knows, and is told to head office later.
 */
import { z } from 'zod';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli } from '#core/quantity.ts';
import type { SentLine } from '#core/stock/transfer-events.ts';
import type { TransferDetail, TransferLine } from '#core/stock/transfer-view.ts';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import type { ReceiptPreview } from './views.ts';

export type SisterStoreView = {
  readonly storeId: Uuid;
  readonly name: string;
  readonly address: string;
  /** Another GSTIN or State: goods to it need a tax invoice and can't go as a transfer. */
  readonly needsInvoice: boolean;
};

export type TransferRow = Omit<TransferDetail, 'lines' | 'steps'> & {
  /** `out`: from here. */
  readonly way: 'out' | 'in';
  readonly otherName: string;
  readonly items: number;
};
export type TransferList = {
  /** False: this shop has no head office, so no sister stores. */
  readonly isJoined: boolean;
  readonly stores: readonly SisterStoreView[];
  readonly transfers: readonly TransferRow[];
};

/** A challan on its way here, or from here. */
export type OpenChallan = {
  readonly dispatchId: Uuid;
  readonly number: string;
  readonly lines: readonly SentLine[];
  readonly valuePaise: Paise;
};
export type TillTransfer = {
  readonly row: TransferRow;
  readonly lines: readonly TransferLine[];
  readonly steps: TransferDetail['steps'];
  readonly open: readonly OpenChallan[];
  readonly canSend: boolean;
  readonly canReceive: boolean;
  readonly canDecline: boolean;
  readonly canCancel: boolean;
  /** By item, what this till's books have of it. */
  readonly onHand: Readonly<Record<string, Milli>>;
};
export type Dispatched = {
  readonly transfer: TillTransfer;
  readonly number: string;
  /** Of more than ₹50,000: an e-way bill may have to go along. */
  readonly mayNeedEWay: boolean;
};

const lines = z
  .array(z.object({ itemId: i.uuid, qtyMilli: i.qty }))
  .min(1)
  .max(500);
const about = z.object({ key: i.key, transferId: i.uuid, note: i.longText.default('') });

export const transferContract = {
  list: method.output(out<TransferList>()),
  get: method.input(z.object({ transferId: i.uuid })).output(out<TillTransfer>()),
  /** Something changed: ask again. */
  feed: method.output(feedOf<{ readonly changes: number }>()),
  request: method
    .input(z.object({ key: i.key, fromStoreId: i.uuid, lines, note: i.longText.default('') }))
    .output(out<TillTransfer>()),
  /** `transferId` null: goods that nobody asked for. Prints the challan where a printer is set. */
  dispatch: method
    .input(
      z.object({
        key: i.key,
        transferId: i.uuid.nullable(),
        toStoreId: i.uuid,
        lines,
        note: i.longText.default(''),
      }),
    )
    .output(out<Dispatched>()),
  /** All lines of the challan; refuses TransferReasonNeeded where a difference has no reason. */
  receive: method
    .input(
      z.object({
        key: i.key,
        transferId: i.uuid,
        dispatchId: i.uuid,
        lines: z
          .array(
            z.object({
              lineNo: z.int().min(1),
              goodMilli: i.qty,
              damagedMilli: i.qty,
              reason: z.enum(['short', 'damaged', 'expired', 'wrongItem', 'excess', 'other']).nullable(),
            }),
          )
          .min(1)
          .max(500),
        note: i.longText.default(''),
      }),
    )
    .output(out<TillTransfer>()),
  decline: method.input(about).output(out<TillTransfer>()),
  cancel: method.input(about).output(out<TillTransfer>()),
  challan: method.input(z.object({ dispatchId: i.uuid })).output(out<ReceiptPreview>()),
  printChallan: method.input(z.object({ key: i.key, dispatchId: i.uuid })).output(out<{ readonly number: string }>()),
} as const;
