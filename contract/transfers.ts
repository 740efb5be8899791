/**
 * What head office's screens ask about goods between stores. Rule kept: head office asks for a transfer and calls it off;
 * that goods went or came only a store's till can say. Called as contract/server.ts says.
 */
import { z } from 'zod';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { TransferState } from '#core/stock/transfer.ts';
import type { TransferDetail } from '#core/stock/transfer-view.ts';
import * as i from './inputs.ts';
import { officePost } from './server.ts';

export const wantedLines = z
  .array(z.object({ itemId: i.uuid, qtyMilli: i.qty }))
  .min(1)
  .max(500);

export type OfficeTransfer = {
  readonly transferId: Uuid;
  readonly fromStoreId: Uuid;
  readonly fromName: string;
  readonly toStoreId: Uuid;
  readonly toName: string;
  readonly state: TransferState;
  readonly madeAtMs: number;
  readonly changedAtMs: number;
  readonly inTransitPaise: Paise;
  readonly hasVariance: boolean;
  readonly hasConflict: boolean;
  readonly items: number;
};
/** `open` and what is on the way are of all that the person may see, `transfers` at most as many as asked. */
export type TransfersReply = {
  readonly transfers: readonly OfficeTransfer[];
  readonly open: number;
  readonly inTransitPaise: Paise;
};
export type OfficeTransferDetail = { readonly head: OfficeTransfer; readonly detail: TransferDetail };

export type RequestReply =
  | { readonly ok: true; readonly transfer: OfficeTransfer }
  | {
      readonly ok: false;
      /** `invoiceDue`: two GSTINs or two States; goods between them are a supply (docs/gst.md). */
      readonly reason: 'sameStore' | 'invoiceDue' | 'unknownItem' | 'quantity';
    };
export type CallOffReply =
  | { readonly ok: true; readonly transfer: OfficeTransfer }
  /** Goods have gone, or it is over. */
  | { readonly ok: false; readonly reason: 'tooLate' };

const everybody = ['chain', 'region', 'store'] as const;
const managers = ['chain', 'region'] as const;

export const transferApi = {
  /** What is open first, then what is over, newest first; at most `limit`. */
  transfers: officePost<TransfersReply>()(
    '/v1/office/transfers/list',
    everybody,
    z.object({ limit: z.int().min(1).max(500).default(200) }),
  ),
  transfer: officePost<OfficeTransferDetail | null>()(
    '/v1/office/transfers/one',
    everybody,
    z.object({ transferId: i.uuid }),
  ),
  /** `transferId` names the command: sent twice it is asked once. Both stores must be this person's. */
  request: officePost<RequestReply>()(
    '/v1/office/transfers/request',
    managers,
    z.object({
      transferId: i.uuid,
      fromStoreId: i.uuid,
      toStoreId: i.uuid,
      lines: wantedLines,
      note: i.longText.default(''),
    }),
  ),
  callOff: officePost<CallOffReply>()(
    '/v1/office/transfers/call-off',
    managers,
    z.object({ transferId: i.uuid, note: i.longText.default('') }),
  ),
} as const;
