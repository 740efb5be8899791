/** What states, reasons, steps and conflicts of a transfer are called at the till. Rule kept: one word for one state. */
import type { TransferState } from '#core/stock/transfer.ts';
import type { VarianceReason } from '#core/stock/transfer-events.ts';
import type { TransferStep } from '#core/stock/transfer-view.ts';
import type { Word } from '../words/words.ts';

export const stateWords: Readonly<Record<TransferState, Word>> = {
  requested: 'trStRequested',
  declined: 'trStDeclined',
  cancelled: 'trStCancelled',
  inTransit: 'trStInTransit',
  closed: 'trStClosed',
};

export const reasonWords: Readonly<Record<VarianceReason, Word>> = {
  short: 'trRShort',
  damaged: 'trRDamaged',
  expired: 'trRExpired',
  wrongItem: 'trRWrongItem',
  excess: 'trRExcess',
  other: 'trROther',
};

export const stepWords: Readonly<Record<TransferStep['type'], Word>> = {
  transferRequested: 'trEvRequested',
  transferDeclined: 'trEvDeclined',
  transferCancelled: 'trEvCancelled',
  transferDispatched: 'trEvDispatched',
  transferReceived: 'trEvReceived',
};

export const conflictWords: Readonly<Record<NonNullable<TransferStep['conflict']>, Word>> = {
  sentThoughOff: 'trCfSentThoughOff',
  receivedTwice: 'trCfReceivedTwice',
  receiptDiffers: 'trCfReceiptDiffers',
};
